// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import NIOCore

/// Who pays for what a client sends, beside its connection.
package struct Payers: Sendable {
    /// `nil` for a client that has shown no token.
    package var principal: SharedBuckets?
    /// `nil` where addresses do not count.
    package var address: SharedBuckets?

    package init(principal: SharedBuckets? = nil, address: SharedBuckets? = nil) {
        self.principal = principal
        self.address = address
    }

    func look(_ spending: Spending, _ budgets: Budgets, _ longest: inout LongestWait, at now: Int64) {
        if let principal = self.principal {
            principal.look(spending, budgets.principal, &longest, at: now)
            longest.look(spending.connects, principal.connects.value, budgets.connectsOfPrincipal, at: now)
        }
        self.address?.look(spending, budgets.address, &longest, at: now)
    }

    func spend(_ spending: Spending, _ budgets: Budgets, at now: Int64) {
        if let principal = self.principal {
            principal.spend(spending, budgets.principal, at: now)
            principal.connects.spend(spending.connects, budgets.connectsOfPrincipal.pace, at: now)
        }
        self.address?.spend(spending, budgets.address, at: now)
    }
}

/// What one connection may still send. A few words that live in its session.
package struct ConnectionBudget: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        case granted
        /// It is not done, and the client is told when to come back.
        case refused(BudgetRefusal)
        /// The same, and it has happened so often that the connection is to end.
        case exhausted(BudgetRefusal)

        package var refusal: BudgetRefusal? {
            switch self {
            case .granted: nil
            case .refused(let refusal), .exhausted(let refusal): refusal
            }
        }
    }

    private var messages = TokenBucket()
    private var bytes = TokenBucket()
    private var joins = TokenBucket()
    private var refusals = TokenBucket()

    package init() {}

    /// Spends of all who pay, or, if one of them cannot, of none.
    ///
    /// - Parameter now: asked for only if anything is limited.
    package mutating func spend(
        _ spending: Spending, with payers: Payers, _ budgets: Budgets, at now: @autoclosure () -> NIODeadline
    ) -> Verdict {
        guard budgets.isOn, payers.principal?.isUnlimited != true else { return .granted }
        let now = now().nanoseconds
        let longest = self.longestWait(spending, with: payers, budgets, at: now)
        guard let name = longest.name else {
            self.spend(spending, budgets, at: now)
            payers.spend(spending, budgets, at: now)
            return .granted
        }
        return self.refuse(budgets.refusal(name, wait: longest.wait), budgets, at: now)
    }

    /// Spends what cannot be refused, because it is a part of something: the whole is refused later.
    package mutating func owe(
        _ spending: Spending, with payers: Payers, _ budgets: Budgets, at now: @autoclosure () -> NIODeadline
    ) {
        guard budgets.isOn, payers.principal?.isUnlimited != true else { return }
        let now = now().nanoseconds
        self.spend(spending, budgets, at: now)
        payers.spend(spending, budgets, at: now)
    }

    /// Spends, and says how long a client is to be left waiting that is slowed down where others are refused: one of whose messages
    /// nothing may be lost.
    ///
    /// - Returns: zero if it may go on.
    package mutating func wait(
        _ spending: Spending, with payers: Payers, _ budgets: Budgets, at now: @autoclosure () -> NIODeadline
    ) -> Duration {
        guard budgets.isOn, payers.principal?.isUnlimited != true else { return .zero }
        let now = now().nanoseconds
        let longest = self.longestWait(spending, with: payers, budgets, at: now)
        self.spend(spending, budgets, at: now)
        payers.spend(spending, budgets, at: now)
        return .nanoseconds(longest.wait)
    }

    private func longestWait(
        _ spending: Spending, with payers: Payers, _ budgets: Budgets, at now: Int64
    ) -> LongestWait {
        var longest = LongestWait()
        longest.look(spending.messages, self.messages, budgets.connection.messages, at: now)
        longest.look(spending.bytes, self.bytes, budgets.connection.bytes, at: now)
        longest.look(spending.joins, self.joins, budgets.connection.joins, at: now)
        payers.look(spending, budgets, &longest, at: now)
        return longest
    }

    private mutating func spend(_ spending: Spending, _ budgets: Budgets, at now: Int64) {
        self.messages.spend(spending.messages, budgets.connection.messages.pace, at: now)
        self.bytes.spend(spending.bytes, budgets.connection.bytes.pace, at: now)
        self.joins.spend(spending.joins, budgets.connection.joins.pace, at: now)
    }

    /// Takes note of a refusal that something else has decided on.
    package mutating func refuse(_ refusal: BudgetRefusal, _ budgets: Budgets, at now: NIODeadline) -> Verdict {
        self.refuse(refusal, budgets, at: now.nanoseconds)
    }

    private mutating func refuse(_ refusal: BudgetRefusal, _ budgets: Budgets, at now: Int64) -> Verdict {
        let pace = budgets.refusals.pace
        guard self.refusals.wait(pace, at: now) == 0 else {
            budgets.countRefusal(of: .refusals)
            return .exhausted(refusal)
        }
        self.refusals.spend(1, pace, at: now)
        return .refused(refusal)
    }
}
