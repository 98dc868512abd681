// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiWire

/// Somebody has spent a budget.
package struct BudgetRefusal: Error, Hashable, Sendable {
    package let name: BudgetName
    package let pace: TokenBucket.Pace
    /// When the same may be tried again.
    package let wait: Duration

    /// The same, rounded up: whoever comes a moment too early is refused again.
    package var milliseconds: Int64 { self.wait.roundedUp(to: 1_000_000_000_000_000) }

    /// The same as `Retry-After` has it (RFC 9110 §10.2.3).
    package var seconds: Int64 { self.wait.roundedUp(to: 1_000_000_000_000_000_000) }

    package var wireError: WireError {
        WireError(
            .rateLimited, "\(self.name.words); come back in \(self.milliseconds) ms",
            retryAfter: self.milliseconds)
    }
}

extension Duration {
    /// - Parameter unit: in attoseconds, at most a second.
    fileprivate func roundedUp(to unit: Int64) -> Int64 {
        let (seconds, attoseconds) = self.components
        let (whole, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000_000_000_000 / unit)
        let parts = attoseconds / unit + (attoseconds % unit > 0 ? 1 : 0)
        let (sum, overflowsToo) = whole.addingReportingOverflow(parts)
        return overflows || overflowsToo ? .max : sum
    }
}
