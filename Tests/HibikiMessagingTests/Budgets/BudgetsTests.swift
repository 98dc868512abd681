// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import Testing

@testable import HibikiMessaging

@Suite struct `What a client sends` {
    private let start = NIODeadline.uptimeNanoseconds(1)
    private let alice = Principal(id: "alice", roles: ["staff"])

    private func budgets(_ change: (inout BudgetConfiguration) -> Void) -> Budgets {
        var configuration = BudgetConfiguration.off
        change(&configuration)
        return Budgets(configuration)
    }

    /// How many messages are granted at once.
    private func granted(
        _ connection: inout ConnectionBudget, _ payers: Payers, _ budgets: Budgets, of messages: Int
    ) -> Int {
        (0..<messages).count { _ in
            connection.spend(Spending(messages: 1), with: payers, budgets, at: self.start) == .granted
        }
    }

    @Test func `costs nothing, and no look at a clock, where nothing is limited`() {
        var connection = ConnectionBudget()
        let budgets = Budgets()
        func clock() -> NIODeadline {
            Issue.record("the clock was read")
            return self.start
        }
        #expect(connection.spend(Spending(messages: 1_000), with: Payers(), budgets, at: clock()) == .granted)
        #expect(connection == ConnectionBudget())
        #expect(budgets.buckets(of: self.alice, at: self.start) == nil)
    }

    @Test func `is paid by its connection, its principal and its address, and the emptiest decides`() {
        let budgets = self.budgets { budgets in
            budgets.connection.messages = Budget(1, burst: 5)
            budgets.principal.messages = Budget(2, burst: 3)
            budgets.address.messages = Budget(1, burst: 4)
        }
        var connection = ConnectionBudget()
        #expect(self.granted(&connection, Payers(), budgets, of: 9) == 5)
        connection = ConnectionBudget()
        let payers = Payers(principal: budgets.buckets(of: self.alice, at: self.start), address: SharedBuckets())
        #expect(self.granted(&connection, payers, budgets, of: 9) == 3)
        let verdict = connection.spend(Spending(messages: 1), with: payers, budgets, at: self.start)
        #expect(verdict.refusal?.name == .messagesOfPrincipal)
        #expect(verdict.refusal?.milliseconds == 500)
        #expect(budgets.refusals(of: .messagesOfPrincipal) == 7)
        #expect(budgets.refusals(of: .messagesOfConnection) == 4)
    }

    @Test func `costs nobody anything when it is refused`() {
        let budgets = self.budgets { budgets in
            budgets.connection.messages = Budget(1, burst: 5)
            budgets.address.messages = Budget(1, burst: 2)
        }
        var connection = ConnectionBudget()
        #expect(self.granted(&connection, Payers(address: SharedBuckets()), budgets, of: 9) == 2)
        #expect(self.granted(&connection, Payers(address: SharedBuckets()), budgets, of: 9) == 2)
        #expect(self.granted(&connection, Payers(), budgets, of: 9) == 1)
    }

    @Test func `is counted in messages, bytes and joins`() {
        let budgets = self.budgets { budgets in
            budgets.connection.bytes = Budget(1_000, burst: 1_000)
            budgets.connection.joins = Budget(1, burst: 1)
        }
        var connection = ConnectionBudget()
        let large = Spending(messages: 1, bytes: 3_000)
        #expect(connection.spend(large, with: Payers(), budgets, at: self.start) == .granted)
        let verdict = connection.spend(large, with: Payers(), budgets, at: self.start)
        #expect(verdict.refusal?.name == .bytesOfConnection)
        #expect(verdict.refusal?.milliseconds == 2_001)
        #expect(connection.spend(Spending(joins: 1), with: Payers(), budgets, at: self.start) == .granted)
        let second = connection.spend(Spending(joins: 1), with: Payers(), budgets, at: self.start)
        #expect(second.refusal?.name == .joinsOfConnection && second.refusal?.seconds == 1)
    }

    @Test func `is taken in parts, and refused with the whole`() {
        let budgets = self.budgets { $0.connection.bytes = Budget(1_000, burst: 1_000) }
        var connection = ConnectionBudget()
        for _ in 0..<3 { connection.owe(Spending(bytes: 1_000), with: Payers(), budgets, at: self.start) }
        let verdict = connection.spend(Spending(messages: 1, bytes: 1), with: Payers(), budgets, at: self.start)
        #expect(verdict.refusal?.name == .bytesOfConnection)
    }

    @Test func `is refused so often, and no more`() {
        let budgets = self.budgets { budgets in
            budgets.connection.messages = Budget(1, per: .hour, burst: 1)
            budgets.refusals = Budget(1, burst: 3)
        }
        var connection = ConnectionBudget()
        var outcomes: [String] = []
        // Whoever comes back now and then is told, and stays.
        for seconds in [0, 0, 0, 0, 0] + Array(1...10) {
            let now = self.start + .seconds(Int64(seconds))
            switch connection.spend(Spending(messages: 1), with: Payers(), budgets, at: now) {
            case .granted: outcomes.append("granted")
            case .refused: outcomes.append("refused")
            case .exhausted: outcomes.append("exhausted")
            }
        }
        let once = ["granted", "refused", "refused", "refused", "exhausted"]
        #expect(outcomes == once + Array(repeating: "refused", count: 10))
        #expect(budgets.refusals(of: .refusals) == 1)
    }

    @Test func `is shared by all connections of a principal, and no other's`() {
        let budgets = self.budgets { $0.principal.messages = Budget(1, burst: 4) }
        var (one, other) = (ConnectionBudget(), ConnectionBudget())
        let first = Payers(principal: budgets.buckets(of: self.alice, at: self.start))
        let second = Payers(principal: budgets.buckets(of: Principal(id: "alice"), at: self.start))
        #expect(self.granted(&one, first, budgets, of: 3) == 3)
        #expect(self.granted(&other, second, budgets, of: 3) == 1)
        let bob = Payers(principal: budgets.buckets(of: Principal(id: "bob"), at: self.start))
        #expect(self.granted(&other, bob, budgets, of: 9) == 4)
    }

    @Test func `counts for a principal that has gone and come back`() {
        let budgets = self.budgets { $0.principal.messages = Budget(1, burst: 2) }
        for expected in [2, 0] {
            var connection = ConnectionBudget()
            let payers = Payers(principal: budgets.buckets(of: self.alice, at: self.start))
            #expect(self.granted(&connection, payers, budgets, of: 5) == expected)
        }
    }

    @Test func `is not limited for whom the settings trust`() {
        let budgets = self.budgets { budgets in
            budgets.connection.messages = Budget(1, burst: 1)
            budgets.address.messages = Budget(1, burst: 1)
            budgets.principal.messages = Budget(1, burst: 1)
            budgets.unlimited = [.role("backend"), .user("root")]
        }
        for (principal, expected) in [
            (Principal(id: "api", roles: ["backend"]), 50), (Principal(id: "root"), 50),
            (Principal(id: "backend", roles: ["root"]), 1),
        ] {
            var connection = ConnectionBudget()
            let payers = Payers(
                principal: budgets.buckets(of: principal, at: self.start), address: SharedBuckets())
            #expect(self.granted(&connection, payers, budgets, of: 50) == expected)
        }
    }

    @Test func `is limited anew while connections live`() {
        let budgets = self.budgets { $0.connection.messages = Budget(1, burst: 2) }
        var connection = ConnectionBudget()
        #expect(self.granted(&connection, Payers(), budgets, of: 9) == 2)
        var wider = BudgetConfiguration.off
        wider.connection.messages = Budget(1, burst: 5)
        budgets.set(wider)
        #expect(self.granted(&connection, Payers(), budgets, of: 9) == 3)
        budgets.set(.off)
        #expect(self.granted(&connection, Payers(), budgets, of: 9) == 9)
    }

    @Test func `is refused with words, a code and the time`() {
        let refusal = BudgetRefusal(
            name: .messagesOfPrincipal, pace: Budget(50, burst: 100).pace, wait: .nanoseconds(20_000_001))
        #expect(refusal.milliseconds == 21)
        #expect(refusal.seconds == 1)
        let words = "too many messages of one principal; come back in 21 ms"
        #expect(refusal.wireError == WireError(.rateLimited, words, retryAfter: 21))
        #expect(refusal.wireError.code.httpStatus == 429 && refusal.wireError.code.mayRetry)
    }
}

@Suite struct `Tokens that are no good` {
    private let start = NIODeadline.uptimeNanoseconds(1)

    @Test func `are counted for their address, until nobody looks at another one`() {
        var configuration = BudgetConfiguration.off
        configuration.failedTokens = Budget(1, burst: 3)
        let budgets = Budgets(configuration)
        let (one, other) = (SharedBuckets(), SharedBuckets())
        for _ in 0..<3 {
            #expect(budgets.refusesTokens(of: one, at: self.start) == nil)
            budgets.tokenFailed(.tooLong, of: one, at: self.start)
        }
        #expect(budgets.refusesTokens(of: one, at: self.start)?.milliseconds == 1_000)
        #expect(budgets.refusesTokens(of: one, at: self.start + .seconds(1)) == nil)
        #expect(budgets.refusesTokens(of: other, at: self.start) == nil)
        #expect(budgets.refusesTokens(of: nil, at: self.start) == nil)
        #expect(budgets.refusals(of: .failedTokens) == 1)
    }

    @Test func `are not those that were good once`() {
        var configuration = BudgetConfiguration.off
        configuration.failedTokens = Budget(1, burst: 1)
        let budgets = Budgets(configuration)
        let address = SharedBuckets()
        for failure in [AuthenticationFailure.expired, .required, .unavailable] {
            budgets.tokenFailed(failure, of: address, at: self.start)
        }
        #expect(budgets.refusesTokens(of: address, at: self.start) == nil)
    }
}

@Suite struct `A table of buckets` {
    private let start = NIODeadline.uptimeNanoseconds(1)
    private let pace = Budget(1, burst: 10).pace

    @Test func `keeps those that somebody holds, and those that are not full`() {
        var table = BucketTable<Int>()
        let held = table.buckets(of: 1, at: self.start)
        table.buckets(of: 2, at: self.start).messages.spend(5, self.pace, at: self.start.nanoseconds)
        _ = table.buckets(of: 3, at: self.start)
        table.sweep(at: self.start)
        #expect(table.count == 2)
        #expect(table.buckets(of: 1, at: self.start) === held)
        table.sweep(at: self.start + .seconds(5))
        #expect(table.count == 1)
    }

    @Test func `forgets most of those that come once`() {
        var table = BucketTable<Int>()
        for key in 0..<100_000 { _ = table.buckets(of: key, at: self.start) }
        #expect(table.count <= 2_048)
    }

    @Test func `counts right when several threads take from one`() async {
        let buckets = SharedBuckets()
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<8 {
                tasks.addTask {
                    for _ in 0..<1_000 { buckets.messages.spend(1, self.pace, at: self.start.nanoseconds) }
                }
            }
        }
        #expect(buckets.messages.value.timeUntilFull(at: self.start) == .seconds(8_000))
    }
}
