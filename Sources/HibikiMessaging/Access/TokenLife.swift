// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// How long a connection may go on with what it has shown of itself.
///
/// A client is asked for a new token ``AccessControl/timeToRefresh`` before the old one runs out, and the connection ends when
/// that has happened. A token that is younger than that when it is shown is asked for at once, and the client has its whole
/// time: a connection never outlives its token by more.
package struct TokenLife: Equatable, Sendable {
    package enum Step: Equatable, Sendable {
        /// Nothing is due yet.
        case wait
        /// The client is to show a new token within this time.
        case askForToken(within: Duration)
        /// The token has run out.
        case end
        /// No token was shown in time.
        case neverShown
    }

    private enum Phase: Equatable {
        case unknown
        case fresh(asked: Timestamp)
        case asked
    }

    private var phase: Phase
    private let last: Timestamp

    /// `nil` for a connection that may stay as long as it wants.
    ///
    /// - Parameter mayRefresh: whether the connection can take another token. If not, it ends when its token does, and is told before.
    package init?(of principal: Principal, from now: Timestamp, _ access: AccessControl, mayRefresh: Bool = true) {
        if let expiry = principal.expiry {
            let asked = max(now, expiry.advanced(by: .zero - access.timeToRefresh))
            self.last = mayRefresh ? max(expiry, asked.advanced(by: access.timeToRefresh)) : expiry
            self.phase = .fresh(asked: asked)
        } else {
            guard mayRefresh, principal.isAnonymous, access.requiresToken else { return nil }
            self.last = now.advanced(by: access.timeToAuthenticate)
            self.phase = .unknown
        }
    }

    /// When ``step(at:)`` is to be called next.
    package var due: Timestamp {
        if case .fresh(let asked) = self.phase { asked } else { self.last }
    }

    package mutating func step(at now: Timestamp) -> Step {
        guard now >= self.due else { return .wait }
        switch self.phase {
        case .unknown:
            return .neverShown
        case .fresh:
            self.phase = .asked
            return .askForToken(within: self.last.since(now))
        case .asked:
            return .end
        }
    }
}

extension Timestamp {
    /// The last moment that can be written is as good as never.
    package func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        let (whole, overflows) = seconds.multipliedReportingOverflow(by: 1_000)
        let (sum, overflowsToo) = self.milliseconds.addingReportingOverflow(whole)
        guard !overflows, !overflowsToo else { return Timestamp(milliseconds: seconds < 0 ? .min : .max) }
        let (end, overflowsAtLast) = sum.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        return Timestamp(milliseconds: overflowsAtLast ? sum : end)
    }
}
