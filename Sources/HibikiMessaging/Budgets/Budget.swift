// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// How much somebody may do: so many at once, and so many that come back in a time.
///
/// Its text is `50/s burst 100`, with `s`, `m` or `h` for the period, or `off`.
public struct Budget: Hashable, Sendable {
    public enum Period: String, Hashable, Sendable, CaseIterable {
        case second = "s"
        case minute = "m"
        case hour = "h"

        var seconds: Int64 {
            switch self {
            case .second: 1
            case .minute: 60
            case .hour: 3_600
            }
        }
    }

    /// Words for whoever wrote a budget that cannot be understood.
    public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// How many may come at once, after a time without any.
    public let burst: Int
    /// How many come back in every ``period``; 0 for no limit.
    public let rate: Int
    public let period: Period

    /// No limit.
    public static let off = Budget(burst: 0, rate: 0, period: .second)

    private init(burst: Int, rate: Int, period: Period) {
        self.burst = burst
        self.rate = rate
        self.period = period
    }

    /// - Parameters:
    ///   - rate: how many come back in every `period`; 0 or less is ``off``.
    ///   - burst: at least 1.
    public init(_ rate: Int, per period: Period = .second, burst: Int) {
        let isOff = rate <= 0
        self.init(
            burst: isOff ? 0 : max(1, burst), rate: isOff ? 0 : rate, period: isOff ? .second : period)
    }

    public init(_ text: String) throws(Problem) {
        let words = text.split(separator: " ").map(String.init)
        guard text != "off", words != ["0"] else {
            self = .off
            return
        }
        guard words.count == 3, words[1] == "burst", let burst = Self.number(words[2]) else { throw Self.problem }
        let parts = words[0].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let rate = Self.number(parts[0]), let period = Period(rawValue: parts[1]) else {
            throw Self.problem
        }
        self.init(rate, per: period, burst: burst)
    }

    private static let numbers = 1...1_000_000_000_000

    private static func number(_ text: String) -> Int? {
        Int(text).flatMap { Self.numbers.contains($0) ? $0 : nil }
    }

    private static let problem = Problem(
        description: "a budget is RATE/s burst NUMBER, with s, m or h, as in: 50/s burst 100; or off")

    public var isOff: Bool { self.rate == 0 }

    public var text: String { self.isOff ? "off" : "\(self.rate)/\(self.period.rawValue) burst \(self.burst)" }

    public var pace: TokenBucket.Pace {
        self.isOff
            ? .unlimited : TokenBucket.Pace(burst: self.burst, count: self.rate, in: self.period.seconds)
    }
}
