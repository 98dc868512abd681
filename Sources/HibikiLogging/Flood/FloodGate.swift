// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Logging

/// Lets at most so many lines of one message through in a second, so that a flood of clients is no flood of lines.
///
/// The first line of a message opens its second. When that has passed, one line says how many were kept back. Only messages count,
/// not their metadata: a message is written by whoever wrote the program, and there are few of them.
struct FloodGate {
    /// How many lines of a message were kept back.
    struct Summary: Equatable {
        let label: String
        let level: Logger.Level
        let message: String
        let count: Int
    }

    private struct Window {
        let end: ContinuousClock.Instant
        let label: String
        let level: Logger.Level
        var lines = 1
        var suppressed = 0

        func summary(of message: String) -> Summary? {
            guard self.suppressed > 0 else { return nil }
            return Summary(label: self.label, level: self.level, message: message, count: self.suppressed)
        }
    }

    enum Verdict: Equatable {
        case write
        /// A second has ended in which lines were kept back, which has to be said first.
        case writeAfter(Summary)
        case suppress
    }

    static let second = Duration.seconds(1)
    /// Of a message's text, to tell it from others.
    private static let keyBytes = 200
    /// What messages are counted as that find no place.
    private static let others = "other messages"

    /// Lines in a second, at least 1; `nil` for all.
    let limit: Int?
    /// The most messages that are told apart.
    private let capacity: Int
    private var windows: [String: Window] = [:]

    init(limit: Int?, capacity: Int = 256) {
        self.limit = limit
        self.capacity = capacity
    }

    /// When ``close(at:)`` has something to say next.
    var deadline: ContinuousClock.Instant? {
        self.windows.values.lazy.filter { $0.suppressed > 0 }.map(\.end).min()
    }

    mutating func admit(
        _ message: String, level: Logger.Level, label: String, at now: ContinuousClock.Instant
    ) -> Verdict {
        guard let limit = self.limit else { return .write }
        let key = self.key(of: message, at: now)
        guard let window = self.windows[key], window.end > now else {
            let summary = self.windows[key].flatMap { $0.summary(of: key) }
            self.windows[key] = Window(end: now + Self.second, label: label, level: level)
            return summary.map(Verdict.writeAfter) ?? .write
        }
        guard window.lines < limit else {
            self.windows[key]?.suppressed += 1
            return .suppress
        }
        self.windows[key]?.lines += 1
        return .write
    }

    private mutating func key(of message: String, at now: ContinuousClock.Instant) -> String {
        let key = message.utf8.count > Self.keyBytes ? message.cut(toBytes: Self.keyBytes) : message
        guard self.windows[key] == nil, self.windows.count >= self.capacity else { return key }
        self.windows = self.windows.filter { $0.value.suppressed > 0 || $0.value.end > now }
        return self.windows.count >= self.capacity ? Self.others : key
    }

    /// Ends the seconds that have passed, and says what was kept back in them.
    mutating func close(at now: ContinuousClock.Instant) -> [Summary] {
        let ended = self.windows.filter { $0.value.end <= now }
        for key in ended.keys { self.windows[key] = nil }
        return Self.summaries(ended)
    }

    /// The same for all seconds, ended or not.
    mutating func closeAll() -> [Summary] {
        defer { self.windows = [:] }
        return Self.summaries(self.windows)
    }

    private static func summaries(_ windows: [String: Window]) -> [Summary] {
        windows.sorted { $0.key < $1.key }.compactMap { $0.value.summary(of: $0.key) }
    }
}
