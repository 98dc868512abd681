// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import HibikiClient
import NIOCore
import NIOPosix

struct FanoutBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fanout",
        abstract: "One publisher, many subscribers, over WebSockets.",
        discussion: """
            With --in-flight the next publication leaves when an earlier one has reached all subscribers: how much a \
            server can do. With --rate so many leave in a second whatever happens: how long a \
            delivery takes under that load.

            EXAMPLES
              hibiki bench fanout --subscribers 1000 --in-flight 16
              hibiki bench fanout --subscribers 1000 --rate 100 --json
            """
    )

    @Option(help: "WebSockets that listen.")
    var subscribers = 1_000

    @Option(help: "Publications in a second.")
    var rate: Int?

    @Option(help: "Publications that are on the way at a time (default: 1).")
    var inFlight: Int?

    @Option(help: ArgumentHelp("Size of a payload, at least 48.", valueName: "bytes"))
    var size = 64

    @Option(help: "The topic, which should be nobody else's.")
    var topic = "public/bench"

    @OptionGroup var measurement: MeasurementOptions
    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (1...1_000_000).contains(self.subscribers) else {
            throw ValidationError("--subscribers must be from 1 to 1000000.")
        }
        guard self.rate == nil || self.inFlight == nil else {
            throw ValidationError("Give either --rate or --in-flight.")
        }
        guard (1...1_000_000).contains(self.rate ?? 1), (1...65_536).contains(self.inFlight ?? 1) else {
            throw ValidationError("--rate must be from 1 to 1000000, --in-flight from 1 to 65536.")
        }
        guard (48...60_000).contains(self.size) else { throw ValidationError("--size must be from 48 to 60000.") }
    }

    func run() async throws {
        let url = try self.server.address()
        let report = try await advised(url) {
            try await untilInterrupted { try await self.measurement.withLoops { try await self.measure(url, $0) } }
        }
        if let report { try self.measurement.print(report) }
    }

    private func measure(_ url: HibikiURL, _ group: MultiThreadedEventLoopGroup) async throws -> LatencyReport {
        let board = try await StatisticsBoard.make(on: group)
        let dialer = Dialer(url, group: group)
        let target = url.path + "/ws"
        let fanout = Fanout(topic: self.topic, subscribers: self.subscribers, size: self.size)
        let fleet = try await Fleet.open(self.subscribers, dialer, target: target, messageBytes: 1 << 20) {
            SubscriberSink(fanout, board)
        }
        defer { fleet.close() }
        try await fanout.allSubscribed(within: .seconds(30), board)
        let pace: PublisherSink.Pace = self.rate.map { .rate($0) } ?? .inFlight(self.inFlight ?? 1)
        let publisher = try await Fleet.open(1, dialer, target: target, messageBytes: 1 << 20) {
            PublisherSink(fanout, pace, board)
        }
        defer { publisher.close() }
        var conditions = [("subscribers", self.subscribers), ("bytes", self.size)]
        conditions.append(self.rate.map { ("rate", $0) } ?? ("inFlight", self.inFlight ?? 1))
        return try await self.measurement.measure(
            "fanout", board, conditions: conditions.map { (name: $0.0, value: $0.1) })
    }
}
