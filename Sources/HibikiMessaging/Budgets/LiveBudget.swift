// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization

/// A budget that is in effect, and how often somebody has spent it. It may be set anew at any moment, and costs those who ask no lock.
struct LiveBudget: ~Copyable, Sendable {
    let name: BudgetName
    private let burst = Atomic(Int.max)
    private let interval = Atomic(Int64(0))
    private let tolerance = Atomic(Int64(0))
    private let refused = Atomic(0)

    init(_ name: BudgetName) {
        self.name = name
    }

    /// The parts of two settings may mix for the blink of an eye, in which a limit is neither the old nor the new one.
    var pace: TokenBucket.Pace {
        TokenBucket.Pace(
            burst: self.burst.load(ordering: .relaxed), interval: self.interval.load(ordering: .relaxed),
            tolerance: self.tolerance.load(ordering: .relaxed))
    }

    var refusals: Int { self.refused.load(ordering: .relaxed) }

    func set(_ budget: Budget) {
        let pace = budget.pace
        self.burst.store(pace.burst, ordering: .relaxed)
        self.interval.store(pace.interval, ordering: .relaxed)
        self.tolerance.store(pace.tolerance, ordering: .relaxed)
    }

    /// Counts that somebody was refused.
    func refuse(wait: Int64) -> BudgetRefusal {
        self.refused.wrappingAdd(1, ordering: .relaxed)
        return BudgetRefusal(name: self.name, pace: self.pace, wait: .nanoseconds(wait))
    }
}

/// The budgets of what a principal, a connection or an address sends.
struct LiveRates: ~Copyable, Sendable {
    let messages: LiveBudget
    let bytes: LiveBudget
    let joins: LiveBudget

    init(messages: BudgetName, bytes: BudgetName, joins: BudgetName) {
        self.messages = LiveBudget(messages)
        self.bytes = LiveBudget(bytes)
        self.joins = LiveBudget(joins)
    }
}
