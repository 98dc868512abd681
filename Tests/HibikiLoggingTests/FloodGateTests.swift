// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Logging
import Testing

@testable import HibikiLogging

@Suite struct `The flood gate` {
    private let start = ContinuousClock.now

    private func admit(
        _ gate: inout FloodGate, _ message: String = "m", after time: Duration = .zero
    ) -> FloodGate.Verdict {
        gate.admit(message, level: .info, label: "l", at: self.start + time)
    }

    private func summary(_ count: Int, of message: String = "m") -> FloodGate.Summary {
        FloodGate.Summary(label: "l", level: .info, message: message, count: count)
    }

    @Test func `lets so many lines of a message through in a second, and says then how many it kept back`() {
        var gate = FloodGate(limit: 2)
        #expect(
            (0..<5).map { self.admit(&gate, after: .milliseconds($0)) } == [.write, .write]
                + Array(repeating: .suppress, count: 3))
        #expect(gate.close(at: self.start + .milliseconds(999)).isEmpty)
        #expect(gate.deadline == self.start + .seconds(1))
        #expect(gate.close(at: self.start + .seconds(1)) == [self.summary(3)])
        #expect(gate.deadline == nil)
        #expect(self.admit(&gate, after: .seconds(1)) == .write)
    }

    @Test func `says it before the next line if nobody has asked for it`() {
        var gate = FloodGate(limit: 1)
        #expect(self.admit(&gate) == .write)
        #expect(self.admit(&gate) == .suppress)
        #expect(self.admit(&gate, after: .seconds(5)) == .writeAfter(self.summary(1)))
        #expect(self.admit(&gate, after: .seconds(5)) == .suppress)
        #expect(gate.closeAll() == [self.summary(1)])
    }

    @Test func `counts each message by itself`() {
        var gate = FloodGate(limit: 1)
        #expect(["a", "b", "a", "b"].map { self.admit(&gate, $0) } == [.write, .write, .suppress, .suppress])
        #expect(gate.closeAll() == [self.summary(1, of: "a"), self.summary(1, of: "b")])
    }

    @Test func `lets everything through without a limit`() {
        var gate = FloodGate(limit: nil)
        #expect((0..<1_000).allSatisfy { _ in self.admit(&gate) == .write })
    }

    @Test func `counts messages together that find no place, so that its memory is bounded`() {
        var gate = FloodGate(limit: 1, capacity: 3)
        #expect((0..<6).map { self.admit(&gate, "m\($0)") } == [.write, .write, .write, .write, .suppress, .suppress])
        #expect(gate.closeAll() == [self.summary(2, of: "other messages")])
    }

    @Test func `gives the places of messages that are over to others`() {
        var gate = FloodGate(limit: 1, capacity: 2)
        #expect(["a", "b"].map { self.admit(&gate, $0) } == [.write, .write])
        #expect(["c", "d"].map { self.admit(&gate, $0, after: .seconds(1)) } == [.write, .write])
    }

    @Test func `tells long messages apart by their beginning`() {
        var gate = FloodGate(limit: 1)
        let long = String(repeating: "x", count: 10_000)
        #expect([long + "a", long + "b"].map { self.admit(&gate, $0) } == [.write, .suppress])
    }
}
