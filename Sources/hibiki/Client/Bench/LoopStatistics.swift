// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Histogram
import NIOCore

/// What the connections of one event loop measured.
final class LoopStatistics {
    private(set) var latencies = LatencyReport.makeHistogram()
    /// Messages since the beginning, those of the warm-up too.
    private(set) var count = 0
    /// The first that went wrong.
    private(set) var failure: String?

    func record(since sent: NIODeadline) {
        self.count += 1
        let latency = (NIODeadline.now() - sent).nanoseconds
        self.latencies.record(UInt64(clamping: latency))
    }

    func forgetLatencies() {
        self.latencies.reset()
    }

    func fail(_ reason: String) {
        if self.failure == nil { self.failure = reason }
    }
}

@available(*, unavailable)
extension LoopStatistics: Sendable {}

/// The statistics of all event loops, each touched on its own loop only.
struct StatisticsBoard: Sendable {
    private let loops: [(loop: any EventLoop, statistics: NIOLoopBound<LoopStatistics>)]

    static func make(on group: any EventLoopGroup) async throws -> StatisticsBoard {
        var loops: [(any EventLoop, NIOLoopBound<LoopStatistics>)] = []
        for loop in group.makeIterator() {
            loops.append((loop, try await loop.submit { NIOLoopBound(LoopStatistics(), eventLoop: loop) }.get()))
        }
        return StatisticsBoard(loops: loops)
    }

    /// To be called on `loop`.
    func statistics(on loop: any EventLoop) -> LoopStatistics? {
        self.loops.first { $0.loop === loop }?.statistics.value
    }

    func forgetLatencies() async throws {
        for (loop, statistics) in self.loops { try await loop.submit { statistics.value.forgetLatencies() }.get() }
    }

    func count() async throws -> Int {
        var count = 0
        for (loop, statistics) in self.loops { count += try await loop.submit { statistics.value.count }.get() }
        return count
    }

    func failure() async throws -> String? {
        for (loop, statistics) in self.loops {
            if let failure = try await loop.submit({ statistics.value.failure }).get() { return failure }
        }
        return nil
    }

    func histograms() async throws -> [Histogram<UInt64>] {
        var histograms: [Histogram<UInt64>] = []
        for (loop, statistics) in self.loops {
            histograms.append(try await loop.submit { statistics.value.latencies }.get())
        }
        return histograms
    }
}
