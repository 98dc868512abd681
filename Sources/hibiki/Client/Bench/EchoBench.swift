// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import HibikiClient
import NIOCore
import NIOPosix

struct EchoBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo",
        abstract: "Messages there and back over many WebSockets.",
        discussion: """
            The server must answer each message with the same one, as `hibiki echo` does.

            EXAMPLES
              hibiki echo --port 9001 &
              hibiki bench echo ws://127.0.0.1:9001 --connections 100 --size 64 --in-flight 1
            """
    )

    @Argument(help: ArgumentHelp("The echo server's address; --url says it too.", valueName: "address"))
    var address: String?

    @Option(help: "WebSockets that are open at a time.")
    var connections = 100

    @Option(help: ArgumentHelp("Size of a message.", valueName: "bytes"))
    var size = 64

    @Option(help: "Messages of each connection that are on the way at a time.")
    var inFlight = 1

    @Flag(help: "Send binary messages instead of text.")
    var binary = false

    @OptionGroup var measurement: MeasurementOptions
    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (1...1_000_000).contains(self.connections) else {
            throw ValidationError("--connections must be from 1 to 1000000.")
        }
        guard (0...(1 << 24)).contains(self.size) else { throw ValidationError("--size must be from 0 to 16777216.") }
        guard (1...65_536).contains(self.inFlight) else {
            throw ValidationError("--in-flight must be from 1 to 65536.")
        }
    }

    func run() async throws {
        var server = self.server
        if let address { server.url = address }
        let url = try server.address()
        let report = try await advised(url) {
            try await untilInterrupted { try await self.measurement.withLoops { try await self.measure(url, $0) } }
        }
        if let report { try self.measurement.print(report) }
    }

    private func measure(_ url: HibikiURL, _ group: MultiThreadedEventLoopGroup) async throws -> LatencyReport {
        let board = try await StatisticsBoard.make(on: group)
        let payload = ByteBuffer(repeating: UInt8(ascii: "x"), count: self.size)
        let message: WebSocketMessage = self.binary ? .binary(payload) : .text(payload)
        let inFlight = self.inFlight
        let fleet = try await Fleet.open(
            self.connections, Dialer(url, group: group), target: nil, messageBytes: self.size
        ) {
            EchoSink(message, inFlight: inFlight, board)
        }
        defer { fleet.close() }
        return try await self.measurement.measure(
            "echo", board,
            conditions: [("connections", self.connections), ("bytes", self.size), ("inFlight", self.inFlight)]
        )
    }
}

/// One connection that sends as soon as an answer has come.
final class EchoSink: WebSocketSink {
    private let message: WebSocketMessage
    private let inFlight: Int
    private let board: StatisticsBoard
    private var statistics: LoopStatistics?
    private var sent = CircularBuffer<NIODeadline>()

    init(_ message: WebSocketMessage, inFlight: Int, _ board: StatisticsBoard) {
        self.message = message
        self.inFlight = inFlight
        self.board = board
    }

    func opened(_ link: WebSocketHandler) {
        guard let loop = link.eventLoop else { return }
        self.statistics = self.board.statistics(on: loop)
        for _ in 0..<self.inFlight { self.send(link) }
    }

    func received(_ message: WebSocketMessage, on link: WebSocketHandler) {
        guard message == self.message, let sent = self.sent.popFirst() else {
            self.statistics?.fail("The server does not echo. Start one that does: hibiki echo --port 9001")
            return
        }
        self.statistics?.record(since: sent)
        self.send(link)
    }

    let wantsMore = true

    func closed(_ closure: WebSocketClosure) {
        self.statistics?.failUnlessNormal(closure)
    }

    private func send(_ link: WebSocketHandler) {
        self.sent.append(.now())
        link.send(self.message)
    }
}
