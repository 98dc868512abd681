// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import NIOCore

/// Who pays for a request over HTTP. May be asked from any thread, because a router answers it.
package struct RequestBudget: Sendable {
    /// Those of the connection; `nil` where it carries requests of many clients.
    private let connection: SharedBuckets?
    private let address: SharedBuckets?
    private let budgets: Budgets

    package init(connection: SharedBuckets?, address: SharedBuckets?, _ budgets: Budgets) {
        self.connection = connection
        self.address = address
        self.budgets = budgets
    }

    /// Spends of all who pay, or, if one of them cannot, of none.
    package func spend(
        _ spending: Spending, by principal: Principal, at now: @autoclosure () -> NIODeadline
    ) throws(BudgetRefusal) {
        guard self.budgets.isOn else { return }
        let deadline = now()
        let payers = Payers(principal: self.budgets.buckets(of: principal, at: deadline), address: self.address)
        guard payers.principal?.isUnlimited != true else { return }
        let now = deadline.nanoseconds
        var longest = LongestWait()
        self.connection?.look(spending, self.budgets.connection, &longest, at: now)
        payers.look(spending, self.budgets, &longest, at: now)
        if let name = longest.name {
            self.connection?.refusals.spend(1, self.budgets.refusals.pace, at: now)
            throw self.budgets.refusal(name, wait: longest.wait)
        }
        self.connection?.spend(spending, self.budgets.connection, at: now)
        payers.spend(spending, self.budgets, at: now)
    }

    /// Whether the connection was refused so much that it is to end.
    package func isExhausted(at now: @autoclosure () -> NIODeadline) -> Bool {
        guard self.budgets.isOn, let connection = self.connection else { return false }
        let pace = self.budgets.refusals.pace
        // What was refused has been counted: whoever had none left is in debt now.
        let isExhausted = pace.isLimit && connection.refusals.value.timeUntilFull(at: now()) > pace.timeToFill
        if isExhausted { self.budgets.countRefusal(of: .refusals) }
        return isExhausted
    }

    /// Throws if the address has shown too many tokens that are no good.
    package func checkTokens(at now: @autoclosure () -> NIODeadline) throws(BudgetRefusal) {
        if let refusal = self.budgets.refusesTokens(of: self.address, at: now()) { throw refusal }
    }

    package func tokenFailed(_ failure: AuthenticationFailure, at now: @autoclosure () -> NIODeadline) {
        self.budgets.tokenFailed(failure, of: self.address, at: now())
    }

    /// The one of its budgets of messages that is nearest to being spent; `nil` if none is limited.
    package func messagesLeft(of principal: Principal, at now: NIODeadline) -> BudgetLevel? {
        guard self.budgets.isOn else { return nil }
        let buckets = self.budgets.buckets(of: principal, at: now)
        guard buckets?.isUnlimited != true else { return nil }
        let levels = [
            buckets.map { BudgetLevel(.messagesOfPrincipal, $0.messages.value, self.budgets, at: now) },
            self.connection.map { BudgetLevel(.messagesOfConnection, $0.messages.value, self.budgets, at: now) },
            self.address.map { BudgetLevel(.messagesOfAddress, $0.messages.value, self.budgets, at: now) },
        ]
        return levels.compactMap { $0 }.filter(\.pace.isLimit).min { $0.left < $1.left }
    }
}

/// How much of a budget there is.
package struct BudgetLevel: Hashable, Sendable {
    package let name: BudgetName
    package let pace: TokenBucket.Pace
    package let left: Int
    package let timeUntilFull: Duration

    fileprivate init(_ name: BudgetName, _ bucket: TokenBucket, _ budgets: Budgets, at now: NIODeadline) {
        self.name = name
        self.pace = budgets.pace(of: name)
        self.left = bucket.tokens(self.pace, at: now)
        self.timeUntilFull = bucket.timeUntilFull(at: now)
    }
}
