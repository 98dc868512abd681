// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import Testing

@testable import HibikiMessaging

@Suite struct `A token bucket` {
    private let start = NIODeadline.uptimeNanoseconds(1)
    private let pace = TokenBucket.Pace(burst: 2, perSecond: 4)

    @Test func `gives tokens back at its rate, up to its size`() {
        var bucket = TokenBucket()
        #expect(bucket.take(1, self.pace, at: self.start) == nil)
        #expect(bucket.take(1, self.pace, at: self.start) == nil)
        #expect(bucket.take(1, self.pace, at: self.start) == .milliseconds(250))
        #expect(bucket.take(1, self.pace, at: self.start + .milliseconds(125)) == .milliseconds(125))
        #expect(bucket.take(1, self.pace, at: self.start + .milliseconds(250)) == nil)
        for _ in 0..<2 { #expect(bucket.take(1, self.pace, at: self.start + .seconds(100)) == nil) }
        #expect(bucket.take(1, self.pace, at: self.start + .seconds(100)) != nil)
    }

    @Test func `gives and takes nothing when its clock goes back`() {
        var bucket = TokenBucket()
        bucket.spend(1, self.pace, at: self.start + .seconds(1))
        #expect(bucket.take(1, self.pace, at: self.start) == .milliseconds(1_000))
        #expect(bucket.take(1, self.pace, at: self.start + .seconds(1)) == nil)
    }

    @Test func `lets one have more than there is, and the next one wait for it`() {
        var bucket = TokenBucket()
        #expect(bucket.take(10, self.pace, at: self.start) == nil)
        #expect(bucket.tokens(self.pace, at: self.start) == 0)
        #expect(bucket.wait(self.pace, at: self.start) == .milliseconds(2_250))
        #expect(bucket.wait(self.pace, at: self.start + .milliseconds(2_250)) == .zero)
    }

    @Test func `counts what there is`() {
        var bucket = TokenBucket()
        #expect(bucket.tokens(self.pace, at: self.start) == 2)
        bucket.spend(1, self.pace, at: self.start)
        #expect(bucket.tokens(self.pace, at: self.start) == 1)
        #expect(bucket.tokens(self.pace, at: self.start + .milliseconds(249)) == 1)
        #expect(bucket.tokens(self.pace, at: self.start + .milliseconds(250)) == 2)
        #expect(bucket.timeUntilFull(at: self.start) == .milliseconds(250))
        #expect(bucket.timeUntilFull(at: self.start + .seconds(9)) == .zero)
    }

    @Test func `takes another pace at once`() {
        var bucket = TokenBucket()
        for _ in 0..<2 { #expect(bucket.take(1, self.pace, at: self.start) == nil) }
        let wider = TokenBucket.Pace(burst: 4, perSecond: 4)
        for _ in 0..<2 { #expect(bucket.take(1, wider, at: self.start) == nil) }
        #expect(bucket.take(1, wider, at: self.start) != nil)
        #expect(bucket.take(1, .unlimited, at: self.start) == nil)
    }

    @Test(
        arguments: [
            (1, 1e-300), (1, 1), (.max, 1e300), (.max, 1e-9), (1_000_000_000_000, 1e9), (0, 0), (-1, -1), (7, .nan),
        ] as [(Int, Double)])
    func `never traps, whatever its size and its clock`(_ burst: Int, _ perSecond: Double) {
        let pace = TokenBucket.Pace(burst: burst, perSecond: perSecond)
        for time in [.distantPast, self.start, .distantFuture] as [NIODeadline] {
            for count in [.min, -1, 0, 1, 1_000_000, .max] as [Int] {
                var bucket = TokenBucket()
                bucket.spend(count, pace, at: time)
                bucket.spend(count, pace, at: .distantFuture)
                for later in [.distantPast, self.start, .distantFuture] as [NIODeadline] {
                    #expect(bucket.wait(pace, at: later) >= .zero)
                    #expect((0...max(1, burst)).contains(bucket.tokens(pace, at: later)))
                    #expect(bucket.timeUntilFull(at: later) >= .zero)
                }
            }
        }
        #expect(pace.timeToFill > .zero)
    }

    @Test func `lets nobody have more than its rate in the long run, nor less`() {
        var generator = SplitMix(seed: 11)
        let pace = Budget(37, burst: 5).pace
        var bucket = TokenBucket()
        var (now, granted) = (self.start, 0)
        let end = self.start + .seconds(60)
        while now < end {
            if bucket.take(1, pace, at: now) == nil { granted += 1 }
            now = now + .microseconds(Int64.random(in: 1...4_000, using: &generator))
        }
        #expect((37 * 60 - 5...37 * 60 + 5).contains(granted))
    }

    @Test func `grants exactly when it said that it would`() {
        var generator = SplitMix(seed: 12)
        for _ in 0..<2_000 {
            let pace = TokenBucket.Pace(
                burst: .random(in: 1...100, using: &generator), perSecond: .random(in: 0.01...1e6, using: &generator))
            var bucket = TokenBucket()
            bucket.spend(.random(in: 1...300, using: &generator), pace, at: self.start)
            let wait = bucket.wait(pace, at: self.start)
            let later = self.start + TimeAmount(wait)
            #expect(bucket.wait(pace, at: later) == .zero)
            if wait > .zero { #expect(bucket.wait(pace, at: later - .nanoseconds(1)) > .zero) }
        }
    }
}

/// Numbers that are the same in every run.
private struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        self.state = seed
    }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var z = self.state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite struct `A budget` {
    @Test(arguments: [
        ("50/s burst 100", Budget(50, burst: 100)), ("1/m burst 5", Budget(1, per: .minute, burst: 5)),
        ("2/h burst 1", Budget(2, per: .hour, burst: 1)), ("off", Budget.off), ("0", Budget.off),
    ])
    func `is read from its text, and written as the same`(_ text: String, _ budget: Budget) throws {
        #expect(try Budget(text) == budget)
        #expect(try Budget(budget.text) == budget)
    }

    @Test(arguments: [
        "", "50", "50/s", "50/s burst", "50/s burst -1", "0/s burst 1", "50/s burst 0", "-5/s burst 5", "50/d burst 5",
        "50 / s burst 5", "50/s BURST 5", "5e3/s burst 5", "50/s burst 100 more", "99999999999999999999/s burst 1",
        "1/s burst 1000000000001", "/s burst 1", "50/ burst 1", "on",
    ])
    func `is not read from anything else`(_ text: String) {
        #expect(throws: Budget.Problem.self) { try Budget(text) }
    }

    @Test func `has a pace of as many in a period as it says`() {
        #expect(Budget(50, burst: 100).pace == TokenBucket.Pace(burst: 100, perSecond: 50))
        #expect(Budget(60, per: .minute, burst: 1).pace == TokenBucket.Pace(burst: 1, perSecond: 1))
        #expect(Budget.off.pace == .unlimited)
        #expect(Budget(50, burst: 100).pace.timeToFill == .seconds(2))
    }

    @Test func `has a name of its own for every setting`() {
        var budgets = BudgetConfiguration.off
        for (number, name) in BudgetName.allCases.enumerated() { budgets[name] = Budget(number + 1, burst: 1) }
        for (number, name) in BudgetName.allCases.enumerated() { #expect(budgets[name].rate == number + 1) }
        #expect(BudgetName.allCases.allSatisfy { BudgetConfiguration.off[$0].isOff })
        #expect(BudgetName.allCases.allSatisfy { !BudgetConfiguration()[$0].isOff })
    }
}
