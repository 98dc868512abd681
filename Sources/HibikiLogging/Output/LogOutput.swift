// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Dispatch
import Logging
import Synchronization

/// Where all lines of a process go.
///
/// Writing a line puts it into a bounded buffer, and one thread writes from there: whoever logs never waits for a disk or
/// for a pipe that nobody reads. What finds no room is counted, and the next line that does says how many were lost.
public final class LogOutput: Sendable {
    private struct State {
        var gate: FloodGate
        var lines: LineQueue
        /// The writer is at work, or will be.
        var isWriting = false
        /// It will look at the gate when a second ends.
        var isTimerSet = false
    }

    /// The label of what a log says about itself.
    private static let label = "hibiki.log"

    private let format: LogFormat
    private let destination: LogDestination
    private let clock: LogClock
    private let recent: RecentLog?
    private let state: Mutex<State>
    private let writer = DispatchQueue(label: "hibiki.log")

    /// - Parameters:
    ///   - rate: lines of one message in a second; `nil` for all. Default 100.
    ///   - buffer: bytes that may wait to be written. Default 1 MiB.
    ///   - recent: gets every line too. Default nobody.
    public convenience init(
        to destination: LogDestination, format: LogFormat = .text(isColoured: false), rate: Int? = 100,
        buffer: Int = 1 << 20, recent: RecentLog? = nil
    ) {
        self.init(to: destination, format: format, rate: rate, buffer: buffer, clock: .system, recent: recent)
    }

    init(
        to destination: LogDestination, format: LogFormat, rate: Int?, buffer: Int, clock: LogClock,
        recent: RecentLog? = nil
    ) {
        self.recent = recent
        self.destination = destination
        self.format = format
        self.clock = clock
        self.state = Mutex(State(gate: FloodGate(limit: rate), lines: LineQueue(limit: buffer)))
    }

    /// - Parameter metadata: is asked for only if the line is written.
    func write(_ level: Logger.Level, label: String, message: String, metadata: () -> Logger.Metadata) {
        let verdict = self.state.withLock { $0.gate.admit(message, level: level, label: label, at: self.clock.now()) }
        switch verdict {
        case .suppress:
            self.setTimer()
        case .writeAfter(let summary):
            self.enqueue(self.line(of: summary) + self.line(level, label, message, metadata()))
        case .write:
            self.enqueue(self.line(level, label, message, metadata()))
        }
    }

    /// Returns when all that was logged before is written, or after `patience`, for a destination that takes nothing.
    public func flush(within patience: Duration = .seconds(2)) {
        let summaries = self.state.withLock { $0.gate.closeAll() }
        for summary in summaries { self.enqueue(self.line(of: summary)) }
        let done = DispatchSemaphore(value: 0)
        self.writer.async {
            self.drain()
            done.signal()
        }
        _ = done.wait(timeout: .now() + .milliseconds(Int(patience / .milliseconds(1))))
    }

    // MARK: Lines

    private func line(
        _ level: Logger.Level, _ label: String, _ message: String, _ metadata: Logger.Metadata
    ) -> [UInt8] {
        let time = self.clock.wall()
        let record = LogRecord(time: time, level: level, label: label, message: message, metadata: metadata)
        self.recent?.append(record)
        return self.format.line(record, offset: self.offset(at: time))
    }

    /// Machines get UTC.
    private func offset(at time: Int64) -> Int64 {
        switch self.format {
        case .text: self.clock.offset(time)
        case .json: 0
        }
    }

    private func line(of summary: FloodGate.Summary) -> [UInt8] {
        self.line(
            summary.level, summary.label, "suppressed \(summary.count) more in a second",
            ["like": "\(summary.message)", "count": .stringConvertible(summary.count)])
    }

    // MARK: Writing

    private func enqueue(_ line: [UInt8]) {
        let starts = self.state.withLock { state in
            state.lines.append(line)
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if starts { self.writer.async { self.drain() } }
    }

    private func drain() {
        while let batch = self.nextBatch() {
            var bytes = batch.bytes
            if batch.dropped > 0 {
                bytes += self.line(
                    .warning, Self.label, "lines were lost, because they came faster than they could be written",
                    ["count": .stringConvertible(batch.dropped)])
            }
            guard self.destination.write(bytes) else {
                let lines = batch.bytes.count { $0 == UInt8(ascii: "\n") } + batch.dropped
                self.state.withLock { state in
                    state.lines.lost(lines)
                    state.isWriting = false
                }
                return
            }
        }
    }

    private func nextBatch() -> LineQueue.Batch? {
        self.state.withLock { state in
            let batch = state.lines.take()
            if batch.isEmpty { state.isWriting = false }
            return batch.isEmpty ? nil : batch
        }
    }

    // MARK: Floods

    private func setTimer() {
        let sets = self.state.withLock { state in
            defer { state.isTimerSet = true }
            return !state.isTimerSet
        }
        guard sets else { return }
        self.writer.asyncAfter(deadline: .now() + 1) { self.endSeconds() }
    }

    private func endSeconds() {
        let (summaries, isWaiting) = self.state.withLock { state in
            let summaries = state.gate.close(at: self.clock.now())
            state.isTimerSet = false
            return (summaries, state.gate.deadline != nil)
        }
        for summary in summaries { self.enqueue(self.line(of: summary)) }
        if isWaiting { self.setTimer() }
    }
}
