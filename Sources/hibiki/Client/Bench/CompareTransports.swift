// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import HibikiClient
import Histogram

struct CompareTransports: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare-transports",
        abstract: "The four ways to listen side by side, as a Markdown table.",
        discussion: """
            One after the other, each transport listens to a topic while events are published to it at a steady rate. \
            Requests and bytes are counted on the listener's sockets, HTTP heads and WebSocket frame headers included.

            EXAMPLES
              hibiki bench compare-transports
              hibiki bench compare-transports --rate 2 --events 30 --poll-interval 5
            """
    )

    @OptionGroup var options: ComparisonOptions

    func run() async throws {
        try await self.options.run()
    }
}

struct ComparisonOptions: ParsableArguments {
    @Option(help: "Events that each transport gets.")
    var events = 60

    @Option(help: "Events published in a second.")
    var rate = 10.0

    @Option(help: ArgumentHelp("Between two short polls.", valueName: "seconds"))
    var pollInterval = 1.0

    @Option(help: ArgumentHelp("Size of a payload, at least 48.", valueName: "bytes"))
    var size = 64

    @Option(help: "The beginning of the topics' names, which should be nobody else's.")
    var topic = "public/bench/compare"

    @Flag(help: "Print the result as one JSON object.")
    var json = false

    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (1...1_000_000).contains(self.events) else {
            throw ValidationError("--events must be from 1 to 1000000.")
        }
        guard self.rate > 0, self.rate <= 10_000 else {
            throw ValidationError("--rate must be above 0 and at most 10000.")
        }
        guard self.pollInterval > 0, self.pollInterval <= 60 else {
            throw ValidationError("--poll-interval must be above 0 and at most 60 seconds.")
        }
        guard (48...60_000).contains(self.size) else { throw ValidationError("--size must be from 48 to 60000.") }
    }

    func run() async throws {
        let url = try self.server.address()
        let figures = try await advised(url) {
            try await untilInterrupted {
                var figures: [TransportFigures] = []
                for transport in [Transport.shortPolling, .longPolling, .serverSentEvents, .webSocket] {
                    figures.append(try await TransportMeasurement(self, transport, url).run())
                }
                return figures
            }
        }
        Terminal.endProgress()
        guard let figures else { return }
        let table = ComparisonTable(figures, self)
        try Terminal.result(self.json ? table.json : table.markdown)
    }
}
