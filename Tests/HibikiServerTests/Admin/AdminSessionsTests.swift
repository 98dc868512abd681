// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Testing

@testable import HibikiServer

@Suite struct `Sessions of the dashboard` {
    private var generator = SystemRandomNumberGenerator()
    private let start = ContinuousClock.now

    @Test mutating func `count until their time is over`() {
        var sessions = AdminSessions()
        let id = sessions.begin(at: self.start, lifetime: .seconds(60), using: &self.generator)
        #expect(sessions.timeLeft(of: id, at: self.start) == .seconds(60))
        #expect(sessions.timeLeft(of: id, at: self.start + .seconds(59)) == .seconds(1))
        #expect(sessions.timeLeft(of: id, at: self.start + .seconds(60)) == nil)
    }

    @Test mutating func `end when somebody leaves, and others stay`() {
        var sessions = AdminSessions()
        let one = sessions.begin(at: self.start, lifetime: .seconds(60), using: &self.generator)
        let other = sessions.begin(at: self.start, lifetime: .seconds(60), using: &self.generator)
        sessions.end(one)
        #expect(sessions.timeLeft(of: one, at: self.start) == nil)
        #expect(sessions.timeLeft(of: other, at: self.start) != nil)
        sessions.endAll()
        #expect(sessions.timeLeft(of: other, at: self.start) == nil)
    }

    @Test mutating func `have ids of 256 bits that are not repeated`() {
        var sessions = AdminSessions()
        let ids = (0..<50).map { _ in
            sessions.begin(at: self.start, lifetime: .seconds(60), using: &self.generator)
        }
        #expect(Set(ids).count == 50)
        #expect(ids.allSatisfy { $0.utf8.count == 43 })
        #expect(sessions.timeLeft(of: "", at: self.start) == nil)
        #expect(sessions.timeLeft(of: String(ids[0].dropLast()), at: self.start) == nil)
    }

    @Test mutating func `are bounded: the oldest ends for a new one`() {
        var sessions = AdminSessions()
        let ids = (0...AdminSessions.limit).map { number in
            sessions.begin(at: self.start + .seconds(number), lifetime: .seconds(3_600), using: &self.generator)
        }
        let now = self.start + .seconds(100)
        #expect(sessions.count == AdminSessions.limit)
        #expect(sessions.timeLeft(of: ids[0], at: now) == nil)
        #expect(ids.dropFirst().allSatisfy { sessions.timeLeft(of: $0, at: now) != nil })
    }
}

@Suite struct `Wrong passwords` {
    private let start = ContinuousClock.now

    @Test func `are free five times, and then take ever longer`() {
        var throttle = LoginThrottle()
        for _ in 1..<LoginThrottle.freeTries {
            throttle.tries("192.0.2.1", at: self.start)
            #expect(throttle.wait(of: "192.0.2.1", at: self.start) == nil)
        }
        var waits: [Duration] = []
        for _ in 0..<12 {
            throttle.tries("192.0.2.1", at: self.start)
            waits.append(throttle.wait(of: "192.0.2.1", at: self.start) ?? .zero)
        }
        #expect(waits.prefix(4) == [.seconds(2), .seconds(4), .seconds(8), .seconds(16)])
        #expect(waits.last == LoginThrottle.longestWait)
        #expect(throttle.wait(of: "192.0.2.1", at: self.start + LoginThrottle.longestWait) == nil)
    }

    @Test func `of one address do not keep another out`() {
        var throttle = LoginThrottle()
        for _ in 0..<20 { throttle.tries("192.0.2.1", at: self.start) }
        #expect(throttle.wait(of: "192.0.2.2", at: self.start) == nil)
    }

    @Test func `are forgotten with the right one`() {
        var throttle = LoginThrottle()
        for _ in 0..<5 { throttle.tries("192.0.2.1", at: self.start) }
        throttle.succeeded("192.0.2.1")
        #expect(throttle.wait(of: "192.0.2.1", at: self.start) == nil)
    }

    @Test func `of more addresses than are remembered are counted together, until the old ones are forgotten`() {
        var throttle = LoginThrottle()
        for number in 0..<LoginThrottle.addresses { throttle.tries("a\(number)", at: self.start) }
        for number in 0..<5 { throttle.tries("b\(number)", at: self.start) }
        #expect(throttle.wait(of: "c", at: self.start) != nil)
        #expect(throttle.wait(of: "a1", at: self.start) == nil)
        let later = self.start + LoginThrottle.memory + .seconds(1)
        throttle.tries("d", at: later)
        #expect(throttle.wait(of: "c", at: later) == nil)
    }
}
