// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging

/// The fields `RateLimit-Policy` and `RateLimit`, as draft-ietf-httpapi-ratelimit-headers-10 has them: structured fields (RFC 9651),
/// each an item with the name of the budget, which is that of its setting.
///
/// A bucket has no window that ends. As `w` stands how long an empty one takes to be full, and as `t` how long this one does.
private struct RateLimitFields {
    /// An integer of a structured field has at most 15 digits (RFC 9651 §3.3.1).
    private static let largest = 999_999_999_999_999

    let name: BudgetName
    let pace: TokenBucket.Pace
    let left: Int
    let time: Int64

    var fields: [(name: String, value: String)] {
        let window = max(1, min(self.pace.timeToFill.wholeSeconds, Int64(Self.largest)))
        let unit = self.name.countsBytes ? ";qu=\"content-bytes\"" : ""
        let policy = "\"\(self.name.rawValue)\";q=\(min(self.pace.burst, Self.largest));w=\(window)\(unit)"
        let state =
            "\"\(self.name.rawValue)\";r=\(min(self.left, Self.largest));t=\(min(self.time, Int64(Self.largest)))"
        return [("RateLimit-Policy", policy), ("RateLimit", state)]
    }
}

extension BudgetRefusal {
    /// What an answer says that is refused: when to come back, and what was spent.
    package var responseFields: [(name: String, value: String)] {
        let fields = RateLimitFields(name: self.name, pace: self.pace, left: 0, time: self.seconds)
        return [(name: "Retry-After", value: "\(max(1, self.seconds))")] + fields.fields
    }
}

extension BudgetLevel {
    /// What an answer says that was not refused.
    package var responseFields: [(name: String, value: String)] {
        RateLimitFields(
            name: self.name, pace: self.pace, left: self.left, time: self.timeUntilFull.wholeSeconds
        ).fields
    }
}

extension BudgetName {
    fileprivate var countsBytes: Bool {
        switch self {
        case .bytesOfPrincipal, .bytesOfConnection, .bytesOfAddress: true
        case .messagesOfPrincipal, .messagesOfConnection, .messagesOfAddress, .joinsOfPrincipal, .joinsOfConnection,
            .joinsOfAddress, .connectsOfPrincipal, .connectsOfAddress, .connects, .failedTokens, .refusals:
            false
        }
    }
}

extension Duration {
    /// Rounded up.
    fileprivate var wholeSeconds: Int64 {
        let (seconds, attoseconds) = self.components
        return attoseconds > 0 && seconds < .max ? seconds + 1 : seconds
    }
}
