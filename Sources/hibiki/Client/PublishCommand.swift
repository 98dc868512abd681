// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import HibikiClient
import HibikiWire
import NIOCore

struct PublishCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Publish events to a topic.",
        discussion: """
            The payload is JSON. A text that is no JSON is sent as a JSON string: hello arrives as "hello". \
            The position of the event is printed; it is what `hibiki tail --since` and every other reader takes.

            EXAMPLES
              hibiki publish public/news '{"text":"hello"}'
              hibiki publish public/news hello --event headline
              hibiki publish public/orders '{"n":1}' --id order-1   # twice the same id is stored once
              jq -c '.[]' events.json | hibiki publish public/news --stdin
            """
    )

    @Argument(help: "The topic, such as public/news.")
    var topic: String

    @Argument(help: "The payload: JSON, or a text.")
    var payload: String?

    @Option(help: ArgumentHelp("The event's name.", valueName: "name"))
    var event = EventFields.defaultName

    @Option(help: ArgumentHelp("The idempotency key: the same one within 5 minutes is stored once.", valueName: "key"))
    var id: String?

    @Flag(help: "Publish each line of standard input. Empty lines are passed over.")
    var stdin = false

    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard self.stdin || self.payload != nil else {
            throw ValidationError("There is nothing to publish: give a payload, or --stdin to read one from each line.")
        }
        guard !self.stdin || (self.payload == nil && self.id == nil) else {
            throw ValidationError("--stdin takes its payloads from standard input, without PAYLOAD and --id.")
        }
    }

    func run() async throws {
        let url = try self.server.address()
        let publisher = Publisher(at: url, headers: self.server.headers)
        try await advised(url) {
            if let payload { return try await self.publish(payload, publisher) }
            while let line = readLine() {
                if !line.isEmpty { try await self.publish(line, publisher) }
            }
        }
    }

    private func publish(_ text: String, _ publisher: Publisher) async throws {
        let answer = try await self.patiently {
            try await publisher.publish(Self.json(text), to: self.topic, event: self.event, id: self.id)
        }
        do {
            try Terminal.result(answer.position)
        } catch {
            throw ExitCode.failure
        }
        if answer.duplicate { Terminal.note("This id was published before; nothing new was stored.") }
    }

    /// Waits as long as the server asks for if that was too much at once: nothing has been published then.
    private func patiently<Answer>(_ publish: () async throws -> Answer) async throws -> Answer {
        while true {
            do {
                return try await publish()
            } catch let error as HibikiClientError where error.serverCode == .rateLimited {
                guard let wait = error.retryAfter, wait <= Self.longestWait else { throw error }
                try await Task.sleep(for: wait)
            }
        }
    }

    /// How long a publication may have to wait.
    private static let longestWait = Duration.seconds(60)

    /// The text itself if it is JSON, and a JSON string that says it otherwise.
    static func json(_ text: String) -> ByteBuffer {
        let buffer = ByteBuffer(string: text)
        let isJSON = buffer.withJSONScanner { scanner in
            do throws(JSONSyntaxError) {
                try scanner.readValue()
                try scanner.finish()
                return true
            } catch {
                return false
            }
        }
        guard !isJSON else { return buffer }
        var string = ByteBuffer()
        string.writeJSONString(text)
        return string
    }
}
