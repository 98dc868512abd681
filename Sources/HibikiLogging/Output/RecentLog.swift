// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import Logging
import Synchronization

/// The last lines of a log, for whoever wants to look at them while the process runs.
///
/// They are cut and free of credentials as those that are written. Bounded in lines and in bytes; keeping one costs a copy and no
/// system call.
public final class RecentLog: Sendable {
    public struct Line: Sendable, Equatable {
        /// Counts from 1 since the process began, and names the line.
        public let number: UInt64
        public let level: Logger.Level
        /// One JSON object, as a line in the JSON format, without the line's end.
        public let json: [UInt8]
    }

    private struct State {
        var lines: [Line] = []
        var bytes = 0
        var last: UInt64 = 0
    }

    private let limit: Int
    private let mostBytes: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: lines. Default 500.
    ///   - bytes: of all lines together. Default 1 MiB.
    public init(limit: Int = 500, bytes: Int = 1 << 20) {
        self.limit = max(1, limit)
        self.mostBytes = max(1, bytes)
    }

    func append(_ record: LogRecord) {
        let json = JSONLine.bytes(of: record).dropLast()
        self.state.withLock { state in
            state.last += 1
            state.lines.append(Line(number: state.last, level: record.level, json: Array(json)))
            state.bytes += json.count
            while state.lines.count > self.limit || state.bytes > self.mostBytes, state.lines.count > 1 {
                state.bytes -= state.lines.removeFirst().json.count
            }
        }
    }

    /// The lines that are there, oldest first.
    ///
    /// - Parameter number: leaves out this one and those before it; 0 for all.
    public func lines(after number: UInt64 = 0) -> [Line] {
        self.state.withLock { state in
            guard let first = state.lines.first, number >= first.number else { return state.lines }
            return Array(state.lines.dropFirst(Int(clamping: number - first.number + 1)))
        }
    }

    /// The number of the newest line; 0 before the first.
    public var last: UInt64 { self.state.withLock { $0.last } }
}
