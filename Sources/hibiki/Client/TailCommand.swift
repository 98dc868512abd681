// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import HibikiClient
import HibikiWire
import NIOCore

struct TailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Follow the events of topics.",
        discussion: """
            One line of JSON for each event goes to standard output, and what happens to the connection to standard \
            error. After a cut it connects again and misses nothing; where the log no longer reaches back, it says so. \
            Ctrl-C ends it.

            EXAMPLES
              hibiki tail public/news
              hibiki tail public/news public/sport --via sse --since earliest
              hibiki tail public/news --since 5d41c0a2-17 --count 10 --payload-only
              hibiki tail public/news --payload-only | jq .text
            """
    )

    enum Form: String, EnumerableFlag {
        case envelope, payloadOnly

        static func help(for value: Form) -> ArgumentHelp? {
            switch value {
            case .envelope: "Print the whole event: topic, position, name, payload, sender and time."
            case .payloadOnly: "Print the payload alone."
            }
        }
    }

    @Argument(help: ArgumentHelp("The topics, such as public/news.", valueName: "topic"))
    var topics: [String]

    @Option(help: ArgumentHelp("The transport.", valueName: "transport"))
    var via = Transport.webSocket

    @Option(help: ArgumentHelp("Where to begin: earliest, latest, or a position that was printed.", valueName: "start"))
    var since = "latest"

    @Option(help: ArgumentHelp("End after this many events.", valueName: "number"))
    var count: Int?

    @Option(help: ArgumentHelp("Between two short polls.", valueName: "seconds"))
    var pollInterval = 5.0

    @Flag(exclusivity: .exclusive)
    var form = Form.envelope

    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard !self.topics.isEmpty else { throw ValidationError("Name a topic, such as public/news.") }
        guard self.count.map({ $0 > 0 }) ?? true else { throw ValidationError("--count must be at least 1.") }
        guard self.pollInterval > 0, self.pollInterval <= 86_400 else {
            throw ValidationError("--poll-interval must be above 0 and at most 86400 seconds.")
        }
    }

    func run() async throws {
        let url = try self.server.address()
        let events = HibikiClient.Hibiki.events(
            of: self.topics, since: StartingPoint(self.since), via: self.via, at: url,
            HibikiEvents.Configuration(
                headers: self.server.headers, pollInterval: .seconds(self.pollInterval))
        )
        _ = try await advised(url) { try await untilInterrupted { try await self.follow(events, url) } }
    }

    private func follow(_ events: HibikiEvents, _ url: HibikiURL) async throws {
        var left = self.count ?? .max
        var isFirstFailure = true
        for try await received in events {
            switch received {
            case .event(let event):
                do throws(Terminal.Gone) {
                    try Terminal.result(self.line(event))
                } catch {
                    return
                }
                left -= 1
                guard left > 0 else { return }
            case .connected(let clientID):
                isFirstFailure = true
                let name = clientID.map { " as \($0)" } ?? ""
                Terminal.note("connected to \(url) over \(self.via.rawValue)\(name)")
            case .gap(let topics):
                Terminal.note(
                    "gap: the log no longer reaches back; events of \(topics.joined(separator: ", ")) were missed")
            case .reconnecting(let delay, let error):
                let reason = isFirstFailure ? Advice(error, url).description : error.message
                isFirstFailure = false
                Terminal.note("\(reason)\nreconnecting in \(delay.formattedSeconds) s")
            }
        }
    }

    /// A payload may have been published with line ends between its tokens; they are left out, for one event is one
    /// line.
    private func line(_ event: EventFields) -> String {
        var line = ByteBuffer()
        switch self.form {
        case .envelope: line.writeEventMessage(event, type: false)
        case .payloadOnly: line.writeImmutableBuffer(event.payload)
        }
        return String(decoding: line.readableBytesView.filter { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
    }
}

extension Duration {
    /// With one digit after the point.
    var formattedSeconds: String {
        let tenths = (self.components.attoseconds / 50_000_000_000_000_000 + 1) / 2
        return "\(self.components.seconds + tenths / 10).\(tenths % 10)"
    }
}
