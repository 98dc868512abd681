// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension TokenBucket {
    /// How large a bucket is, and how fast it fills.
    public struct Pace: Hashable, Sendable {
        /// A thousand million tokens in a second, in picoseconds: what a limit beyond that would stop is not a server's work.
        private static let shortestInterval: Int64 = 1_000
        /// The longest that a bucket may take to fill: 73 years, in nanoseconds.
        private static let longestFilling = Int64.max / 4

        /// Tokens of a full bucket.
        public let burst: Int
        /// Between two tokens, in picoseconds; 0 if there is no limit.
        let interval: Int64
        /// How long a bucket that has one token takes to be full, in nanoseconds.
        let tolerance: Int64

        /// No limit: there always is a token.
        public static let unlimited = Pace(burst: .max, interval: 0, tolerance: 0)

        init(burst: Int, interval: Int64, tolerance: Int64) {
            self.burst = burst
            self.interval = interval
            self.tolerance = tolerance
        }

        private init(burst: Int, interval: Int64) {
            let burst = max(1, burst)
            let interval = max(Self.shortestInterval, interval)
            let tolerance = Self.nanoseconds(Int64(clamping: burst - 1), interval)
            self.init(burst: burst, interval: interval, tolerance: min(Self.longestFilling, tolerance))
        }

        /// - Parameters:
        ///   - burst: at least 1.
        ///   - count: tokens that come back in every period, at least 1.
        ///   - seconds: the period.
        init(burst: Int, count: Int, in seconds: Int64) {
            let (period, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000_000)
            self.init(burst: burst, interval: (overflows ? .max : period) / Int64(clamping: max(1, count)))
        }

        /// - Parameter perSecond: how many come back in a second; fractions are fine.
        public init(burst: Int, perSecond: Double) {
            let picoseconds = perSecond > 0 ? (1e12 / perSecond).rounded() : .infinity
            self.init(burst: burst, interval: Int64(exactly: picoseconds) ?? .max)
        }

        public var isLimit: Bool { self.interval > 0 }

        /// How long an empty bucket takes to be full.
        public var timeToFill: Duration {
            .nanoseconds(self.tolerance) + .nanoseconds(Self.nanoseconds(1, self.interval))
        }

        /// How long tokens take to come back, in nanoseconds.
        func cost(of count: Int) -> Int64 { Self.nanoseconds(Int64(clamping: count), self.interval) }

        /// How many tokens come back in a time, begun ones too.
        func tokens(in nanoseconds: Int64) -> Int {
            let (high, low) = nanoseconds.multipliedFullWidth(by: 1_000)
            guard high < self.interval / 2 else { return .max }
            let (quotient, remainder) = self.interval.dividingFullWidth((high, low))
            return Int(clamping: quotient) + (remainder > 0 && quotient < .max ? 1 : 0)
        }

        private static func nanoseconds(_ count: Int64, _ interval: Int64) -> Int64 {
            let (high, low) = count.multipliedFullWidth(by: interval)
            // Half of the divisor, because the quotient has a sign.
            guard high < 500 else { return .max }
            return Int64(1_000).dividingFullWidth((high, low)).quotient
        }
    }
}
