// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Testing

@testable import HibikiTransports

@Suite struct DrainPlanTests {
    private static func plan(_ connections: Int, drain: Duration = .seconds(30), rate: Int = 1_000) -> DrainPlan {
        DrainPlan(connections: connections, within: drain, reconnectDelay: .seconds(5), reconnectsPerSecond: rate)
    }

    @Test func `a few connections leave at once`() {
        let plan = Self.plan(3)
        #expect(plan.batches == 1)
        #expect(plan.part(ofBatch: 0, of: 3) == 0..<3)
        #expect(plan.farewell(ofRank: 0, at: .zero).milliseconds == 5_003)
    }

    @Test(arguments: [1, 7, 999, 2_000, 31_007, 1_000_000])
    func `every connection is told once, in one of the batches`(_ connections: Int) {
        let plan = Self.plan(connections)
        for count in [0, 1, connections / 3, connections] {
            var next = 0
            for batch in 0..<plan.batches {
                let part = plan.part(ofBatch: batch, of: count)
                #expect(part.lowerBound == next)
                next = part.upperBound
            }
            #expect(next == count)
        }
    }

    @Test(arguments: [1, 2_000, 31_007, 1_000_000])
    func `the last batch leaves half of the drain time to finish`(_ connections: Int) {
        let plan = Self.plan(connections)
        #expect(plan.start(ofBatch: plan.batches - 1) <= .seconds(15))
        #expect(plan.spread <= .seconds(15))
    }

    @Test func `without time there is one batch`() {
        #expect(Self.plan(5_000, drain: .zero).batches == 1)
    }

    /// The clients of a plan, with the moments at which those of all event loops come back that do as they are told.
    private func returns(_ plan: DrainPlan, loops: [Int]) -> [Duration] {
        var moments: [Duration] = []
        for batch in 0..<plan.batches {
            let elapsed = plan.start(ofBatch: batch)
            for (loop, count) in loops.enumerated() {
                for index in plan.part(ofBatch: batch, of: count) {
                    let rank = plan.rank(of: index, among: count, onLoop: loop, of: loops.count)
                    moments.append(elapsed + plan.farewell(ofRank: rank, at: elapsed).reconnectDelay)
                }
            }
        }
        return moments.sorted()
    }

    @Test(arguments: [(1_000, [2_000]), (1_000, [700, 650, 650]), (50, [400, 1_200, 2_400]), (10_000, [100_000])])
    func `in no second do more come back than the rate`(_ rate: Int, _ loops: [Int]) {
        let total = loops.reduce(0, +)
        let moments = self.returns(Self.plan(total, rate: rate), loops: loops)
        #expect(moments.count == total)
        // Several loops share the ranks, and one more of each may stand at an edge.
        let most = rate + loops.count + 1
        for (index, moment) in moments.enumerated() where index >= most {
            #expect(moment - moments[index - most] > .seconds(1))
        }
    }

    @Test func `nobody comes back before the last has been told and the server had time to start`() {
        let plan = Self.plan(4_000)
        #expect(self.returns(plan, loops: [4_000]).allSatisfy { $0 >= plan.spread + .seconds(5) })
    }

    @Test func `who is told late stays away as long as a restart takes`() {
        #expect(Self.plan(10).farewell(ofRank: 0, at: .seconds(20)).reconnectDelay == .seconds(5))
    }

    @Test(arguments: [(0, "0"), (1, "1"), (1_000, "1"), (1_001, "2"), (-5, "0")])
    func `whole seconds are never earlier`(_ milliseconds: Int, _ value: String) {
        #expect(Farewell(reconnectDelay: .milliseconds(milliseconds)).retryAfter.value == value)
    }
}
