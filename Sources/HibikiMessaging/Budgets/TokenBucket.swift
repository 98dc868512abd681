// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// Tokens that come back at a steady rate, up to a number; who wants to do something takes some.
///
/// It is one number: when the bucket will be full again (the generic cell rate algorithm, ITU-T I.371, annex A). How fast tokens come
/// back stands in the ``Pace``, which is given with every call, so that limits can change while buckets live.
///
/// Whoever finds one token may take more than there are. The bucket is then in debt, and the next one waits until the debt is
/// paid: something that is larger than the whole bucket is possible, and dear.
public struct TokenBucket: Hashable, Sendable {
    /// Nanoseconds of the clock that the caller reads. A new bucket is full.
    private(set) var fullAt: Int64

    public init() {
        self.init(fullAt: .min)
    }

    init(fullAt: Int64) {
        self.fullAt = fullAt
    }

    /// How long there is no token; zero if there is one now.
    public func wait(_ pace: Pace, at now: NIODeadline) -> Duration {
        .nanoseconds(self.wait(pace, at: now.nanoseconds))
    }

    /// Takes tokens, whether they are there or not.
    public mutating func spend(_ count: Int = 1, _ pace: Pace, at now: NIODeadline) {
        self.spend(count, pace, at: now.nanoseconds)
    }

    /// Takes tokens if there is at least one.
    ///
    /// - Returns: `nil` if there was, or when there will be one.
    public mutating func take(_ count: Int = 1, _ pace: Pace, at now: NIODeadline) -> Duration? {
        let wait = self.wait(pace, at: now)
        guard wait == .zero else { return wait }
        self.spend(count, pace, at: now)
        return nil
    }

    /// How many tokens there are; none for a bucket in debt.
    public func tokens(_ pace: Pace, at now: NIODeadline) -> Int {
        guard pace.isLimit else { return .max }
        let missing = pace.tokens(in: self.missing(at: now.nanoseconds))
        return missing < pace.burst ? pace.burst - missing : 0
    }

    /// How long until the bucket is full.
    public func timeUntilFull(at now: NIODeadline) -> Duration {
        .nanoseconds(self.missing(at: now.nanoseconds))
    }

    // MARK: In nanoseconds

    func wait(_ pace: Pace, at now: Int64) -> Int64 {
        guard pace.isLimit else { return 0 }
        return max(0, self.missing(at: now) - pace.tolerance)
    }

    mutating func spend(_ count: Int, _ pace: Pace, at now: Int64) {
        guard pace.isLimit, count > 0 else { return }
        let start = max(self.fullAt, now)
        let (end, overflows) = start.addingReportingOverflow(pace.cost(of: count))
        self.fullAt = overflows ? .max : end
    }

    func isFull(at now: Int64) -> Bool { self.fullAt <= now }

    private func missing(at now: Int64) -> Int64 {
        let (missing, overflows) = self.fullAt.subtractingReportingOverflow(now)
        return overflows ? (self.fullAt < now ? 0 : .max) : max(0, missing)
    }
}

extension NIODeadline {
    var nanoseconds: Int64 { Int64(clamping: self.uptimeNanoseconds) }
}
