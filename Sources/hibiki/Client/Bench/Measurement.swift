// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import Histogram
import NIOCore
import NIOPosix

/// How long a benchmark runs, and how it reports.
struct MeasurementOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How long to measure.", valueName: "seconds"))
    var seconds = 10.0

    @Option(help: ArgumentHelp("How long to run before measuring.", valueName: "seconds"))
    var warmUp = 1.0

    @Option(help: ArgumentHelp("Threads that make the load.", valueName: "number"))
    var threads = 1

    @Flag(help: "Print the result as one JSON object.")
    var json = false

    func validate() throws {
        guard self.seconds > 0, self.seconds <= 86_400, self.warmUp >= 0, self.warmUp <= 86_400 else {
            throw ValidationError("--seconds must be above 0, and no time above 86400 seconds.")
        }
        guard (1...256).contains(self.threads) else { throw ValidationError("--threads must be from 1 to 256.") }
    }

    /// Runs `body` on threads of its own.
    func withLoops<Result>(_ body: (MultiThreadedEventLoopGroup) async throws -> Result) async throws -> Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: self.threads)
        do {
            let result = try await body(group)
            try await group.shutdownGracefully()
            return result
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
    }

    /// Waits through the warm-up and the measurement, and says every second how it goes.
    func measure(
        _ name: String, _ board: StatisticsBoard, conditions: [(name: String, value: Int)]
    ) async throws -> LatencyReport {
        try await self.wait(.seconds(self.warmUp), "\(name), warming up", board)
        try await board.forgetLatencies()
        let clock = ContinuousClock()
        let start = clock.now
        try await self.wait(.seconds(self.seconds), name, board)
        let histograms = try await board.histograms()
        let (seconds, attoseconds) = (clock.now - start).components
        Terminal.endProgress()
        var latencies = LatencyReport.makeHistogram()
        for histogram in histograms { latencies.add(histogram) }
        return LatencyReport(
            name: name, seconds: Double(seconds) + Double(attoseconds) / 1e18, latencies: latencies,
            conditions: conditions
        )
    }

    func print(_ report: LatencyReport) throws {
        try Terminal.result(self.json ? report.json : report.text)
    }

    private func wait(_ duration: Duration, _ what: String, _ board: StatisticsBoard) async throws {
        let clock = ContinuousClock()
        let end = clock.now + duration
        var before = (count: try await board.count(), time: clock.now)
        while clock.now < end {
            try await Task.sleep(for: min(.seconds(1), end - clock.now))
            if let failure = try await board.failure() {
                Terminal.endProgress()
                throw BenchFailure(failure)
            }
            let now = (count: try await board.count(), time: clock.now)
            let rate = LatencyReport.fixed(
                Double(now.count - before.count) / ((now.time - before.time) / .seconds(1)), 0)
            Terminal.progress("\(what): \(rate) messages/s, \(max(.zero, end - now.time).formattedSeconds) s left")
            before = now
        }
    }
}
