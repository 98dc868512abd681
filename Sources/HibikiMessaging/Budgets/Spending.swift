// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What something costs.
package struct Spending: Hashable, Sendable {
    package var messages: Int
    package var bytes: Int
    package var joins: Int
    /// Of the principal; those of an address are counted where connections are accepted.
    package var connects: Int

    package init(messages: Int = 0, bytes: Int = 0, joins: Int = 0, connects: Int = 0) {
        self.messages = messages
        self.bytes = bytes
        self.joins = joins
        self.connects = connects
    }
}

/// The budget that has the longest way to go, among those that were looked at.
struct LongestWait {
    private(set) var wait: Int64 = 0
    private(set) var name: BudgetName?

    mutating func look(_ count: Int, _ bucket: TokenBucket, _ budget: borrowing LiveBudget, at now: Int64) {
        guard count > 0 else { return }
        let wait = bucket.wait(budget.pace, at: now)
        guard wait > self.wait else { return }
        (self.wait, self.name) = (wait, budget.name)
    }
}

extension SharedBuckets {
    func look(_ spending: Spending, _ rates: borrowing LiveRates, _ longest: inout LongestWait, at now: Int64) {
        longest.look(spending.messages, self.messages.value, rates.messages, at: now)
        longest.look(spending.bytes, self.bytes.value, rates.bytes, at: now)
        longest.look(spending.joins, self.joins.value, rates.joins, at: now)
    }

    func spend(_ spending: Spending, _ rates: borrowing LiveRates, at now: Int64) {
        self.messages.spend(spending.messages, rates.messages.pace, at: now)
        self.bytes.spend(spending.bytes, rates.bytes.pace, at: now)
        self.joins.spend(spending.joins, rates.joins.pace, at: now)
    }
}
