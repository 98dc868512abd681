// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSQL
import Testing

@testable import HibikiPostgres

/// Connections are numbers here, and waiters write down what they are told.
@Suite struct PoolStateTests {
    private static let now = ContinuousClock.now

    private func waiter(_ id: UInt64, until seconds: Int = 5) -> PoolState<Int>.Waiter {
        PoolState<Int>.Waiter(id: id, deadline: Self.now + .seconds(seconds)) { _ in }
    }

    private func told(_ actions: PoolState<Int>.Actions) -> [UInt64: String] {
        Dictionary(
            uniqueKeysWithValues: actions.answers.map { waiter, answer in
                switch answer {
                case .success(let lease): (waiter.id, "\(lease.wasIdle ? "idle " : "")connection \(lease.connection)")
                case .failure(let error): (waiter.id, error.code.rawValue)
                }
            })
    }

    @Test func `connections are opened for those who wait, up to the limit`() {
        var state = PoolState<Int>(limit: 2, waitingLimit: 10)
        #expect(state.ask(self.waiter(1)).openings == 1)
        #expect(state.ask(self.waiter(2)).openings == 1)
        #expect(state.ask(self.waiter(3)).openings == 0)
        #expect(self.told(state.opened(10, at: Self.now)) == [1: "connection 10"])
        #expect(self.told(state.giveBack(10, isLost: false, at: Self.now)) == [2: "connection 10"])
        #expect(self.told(state.opened(11, at: Self.now)) == [3: "connection 11"])
        #expect(self.told(state.giveBack(11, isLost: false, at: Self.now)).isEmpty)
        #expect(state.leased == 1 && state.idle.count == 1 && state.opening == 0)
    }

    @Test func `a lost connection makes room for another`() {
        var state = PoolState<Int>(limit: 1, waitingLimit: 10)
        _ = state.ask(self.waiter(1))
        _ = state.opened(10, at: Self.now)
        #expect(state.ask(self.waiter(2)).openings == 0)
        #expect(state.giveBack(10, isLost: true, at: Self.now).openings == 1)
        #expect(self.told(state.opened(11, at: Self.now)) == [2: "connection 11"])
    }

    @Test func `a lost connection takes those with it that nobody uses`() {
        var state = PoolState<Int>(limit: 3, waitingLimit: 10)
        for id in UInt64(1)...3 { _ = state.ask(self.waiter(id)) }
        for connection in 10...12 { _ = state.opened(connection, at: Self.now) }
        for connection in 10...12 { _ = state.giveBack(connection, isLost: false, at: Self.now) }
        #expect(self.told(state.ask(self.waiter(4))) == [4: "idle connection 12"])
        #expect(state.giveBack(12, isLost: true, at: Self.now).dropped == [10, 11])
        #expect(state.ask(self.waiter(5)).openings == 1)
        #expect(self.told(state.opened(13, at: Self.now)) == [5: "connection 13"])
    }

    @Test func `while the server cannot be reached one tries, with growing pauses, for as long as somebody waits`() {
        let down = SQLError(.unavailable, "down")
        var state = PoolState<Int>(limit: 4, waitingLimit: 10)
        for id in UInt64(1)...3 { _ = state.ask(self.waiter(id)) }
        #expect(state.opening == 3)
        #expect(state.failed(down, isPermanent: false).goesOn == false)
        #expect(state.failed(down, isPermanent: false).goesOn == false)
        #expect(state.failed(down, isPermanent: false).goesOn == true)
        #expect(state.ask(self.waiter(4)).openings == 0)
        let first = state.pause
        #expect(state.failed(down, isPermanent: false).goesOn == true)
        #expect(state.pause > first)
        #expect(self.told(state.expire(at: Self.now + .seconds(5)).actions).values.allSatisfy { $0 == "unavailable" })
        #expect(state.failed(down, isPermanent: false).goesOn == false)
        #expect(state.opening == 0 && state.waiters.isEmpty)
        #expect(state.ask(self.waiter(5)).openings == 1)
        #expect(self.told(state.opened(10, at: Self.now)) == [5: "connection 10"])
        #expect(state.pause == .zero)
    }

    @Test func `when one of two cannot be opened, and the other can, those who still wait get another`() {
        var state = PoolState<Int>(limit: 2, waitingLimit: 10)
        for id in UInt64(1)...2 { _ = state.ask(self.waiter(id)) }
        #expect(state.failed(SQLError(.unavailable, "once"), isPermanent: false).goesOn == false)
        let actions = state.opened(10, at: Self.now)
        #expect(self.told(actions) == [1: "connection 10"])
        #expect(actions.openings == 1)
        #expect(self.told(state.opened(11, at: Self.now)) == [2: "connection 11"])
    }

    @Test func `what no time heals is told at once`() {
        var state = PoolState<Int>(limit: 4, waitingLimit: 10)
        _ = state.ask(self.waiter(1))
        let (actions, goesOn) = state.failed(SQLError(.statement, "unreadable"), isPermanent: true)
        #expect(self.told(actions) == [1: "statement"] && !goesOn)
    }

    @Test func `those who waited for too long go first, and the watch ends with the last`() {
        var state = PoolState<Int>(limit: 1, waitingLimit: 10)
        #expect(state.ask(self.waiter(1, until: 1)).watch)
        #expect(!state.ask(self.waiter(2, until: 2)).watch)
        _ = state.opened(10, at: Self.now)
        _ = state.ask(self.waiter(3, until: 3))
        let first = state.expire(at: Self.now + .seconds(2))
        #expect(self.told(first.actions) == [2: "overloaded"])
        #expect(first.next == Self.now + .seconds(3))
        #expect(self.told(state.cancel(3)) == [3: "busy"])
        #expect(state.expire(at: Self.now).next == nil)
        #expect(state.ask(self.waiter(4)).watch)
    }
}
