// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
package import HibikiMetrics
import NIOCore

/// What the front door knows about itself at one moment.
package struct TransportStatistics: Sendable {
    package private(set) var counters = TransportCounters()
    /// Bytes that channels were given and sockets have not taken.
    package private(set) var queuedBytes = 0
    package private(set) var latency = HistogramValue(bounds: MetricsRegistry.defaultBounds)
    package let refusedByTotal: Int
    package let refusedByAddress: Int

    init(
        counters: TransportCounters = TransportCounters(), queuedBytes: Int = 0,
        latency: HistogramValue = HistogramValue(bounds: MetricsRegistry.defaultBounds), refusedByTotal: Int = 0,
        refusedByAddress: Int = 0
    ) {
        self.counters = counters
        self.queuedBytes = queuedBytes
        self.latency = latency
        self.refusedByTotal = refusedByTotal
        self.refusedByAddress = refusedByAddress
    }

    mutating func add(_ other: TransportStatistics) {
        self.counters.add(other.counters)
        self.queuedBytes += other.queuedBytes
        self.latency.add(other.latency)
    }
}

extension NIOLoopBound where Value == TransportLoop {
    func statistics() async throws -> TransportStatistics {
        try await self.eventLoop.flatSubmit {
            let census = QueueCensus(self.value)
            census.step()
            return census.result
        }.get()
    }
}

/// Asks every connection of a loop for the length of its queue, a thousand in a turn, so that nobody waits for a scrape.
private final class QueueCensus {
    private static let portion = 1_000

    private let loop: TransportLoop
    private let promise: EventLoopPromise<TransportStatistics>
    private var rest: ArraySlice<Connection>
    private var bytes = 0

    init(_ loop: TransportLoop) {
        self.loop = loop
        self.promise = loop.eventLoop.makePromise()
        self.rest = loop.connections[...]
    }

    var result: EventLoopFuture<TransportStatistics> { self.promise.futureResult }

    func step() {
        self.bytes += self.rest.prefix(Self.portion).reduce(0) { $0 + $1.queuedBytes }
        self.rest = self.rest.dropFirst(Self.portion)
        guard self.rest.isEmpty else {
            self.loop.eventLoop.assumeIsolated().execute { self.step() }
            return
        }
        self.promise.succeed(
            TransportStatistics(
                counters: self.loop.counters, queuedBytes: self.bytes, latency: self.loop.members.latency
            ))
    }
}
