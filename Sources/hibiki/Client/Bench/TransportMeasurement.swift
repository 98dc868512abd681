// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiClient
import HibikiWire
import Histogram
import NIOCore

/// What one transport needed for its events.
struct TransportFigures: Sendable {
    var transport: Transport
    var latencies: Histogram<UInt64>
    var traffic: SocketTraffic.Totals

    func perEvent(_ total: Int) -> Double {
        Double(total) / Double(max(1, self.latencies.totalCount))
    }
}

/// Listens over one transport while events are published, and counts.
struct TransportMeasurement: Sendable {
    private let options: ComparisonOptions
    private let transport: Transport
    private let url: HibikiURL
    private let topic: String
    private let fanout: Fanout

    init(_ options: ComparisonOptions, _ transport: Transport, _ url: HibikiURL) {
        self.options = options
        self.transport = transport
        self.url = url
        // A run must not find the events of the run before.
        self.topic = "\(options.topic)/\(transport.rawValue)-\(String(UInt32.random(in: .min ... .max), radix: 16))"
        self.fanout = Fanout(topic: self.topic, subscribers: 1, size: options.size)
    }

    func run() async throws -> TransportFigures {
        let traffic = SocketTraffic()
        let configuration = HibikiEvents.Configuration(
            pollInterval: .seconds(self.options.pollInterval), reconnection: Reconnection(maximumTries: 0)
        )
        let events = HibikiEvents(
            topics: [self.topic], start: .latest, transport: self.transport, dialer: Dialer(self.url, traffic: traffic),
            configuration: configuration
        )
        var iterator = events.makeAsyncIterator()
        while let received = try await iterator.next() {
            if case .connected = received { break }
        }
        let before = traffic.totals
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.publish() }
            let latencies = try await self.receive(&iterator)
            let figures = TransportFigures(
                transport: self.transport, latencies: latencies, traffic: traffic.totals - before
            )
            try await group.waitForAll()
            return figures
        }
    }

    private func publish() async throws {
        let publisher = Publisher(at: self.url)
        let clock = ContinuousClock()
        let start = clock.now
        for number in 0..<self.options.events {
            try await clock.sleep(until: start + .seconds(Double(number) / self.options.rate))
            _ = try await publisher.publish(self.fanout.payload(sent: .now()), to: self.topic)
        }
        publisher.close()
    }

    private func receive(_ iterator: inout HibikiEvents.AsyncIterator) async throws -> Histogram<UInt64> {
        var latencies = LatencyReport.makeHistogram()
        var reported = NIODeadline.now()
        while latencies.totalCount < UInt64(self.options.events), let received = try await iterator.next() {
            guard case .event(let event) = received, let sent = Fanout.sent(in: event.payload) else { continue }
            latencies.record(UInt64(clamping: (NIODeadline.now() - sent).nanoseconds))
            guard Terminal.isInteractive || NIODeadline.now() - reported >= .seconds(1) else { continue }
            reported = .now()
            Terminal.progress("\(self.transport.rawValue): \(latencies.totalCount) of \(self.options.events) events")
        }
        return latencies
    }
}
