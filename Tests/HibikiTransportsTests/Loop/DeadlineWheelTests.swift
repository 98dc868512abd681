// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTestSupport
import NIOCore
import Testing

@testable import HibikiTransports

@Suite struct `The wheel of deadlines` {
    private final class Holder: DeadlineHolder {
        var deadlineEntry: DeadlineEntry?
        func deadlinePassed(at now: NIODeadline) {}
    }

    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_007)
    private static let tick = DeadlineWheel<Holder>.tick

    @Test func `fires what is due once, never early and at most a tick late`() {
        var generator = SeededGenerator(seed: 21)
        var wheel = DeadlineWheel<Holder>(at: Self.start)
        let holders = (0..<200).map { _ in Holder() }
        var model: [ObjectIdentifier: NIODeadline] = [:]
        var now = Self.start
        for _ in 0..<20_000 {
            let holder = holders[Int.random(in: 0..<holders.count, using: &generator)]
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<5:
                // Up to four turns of the wheel, and sometimes the past.
                let deadline = now + .milliseconds(Int64.random(in: -1_000...400_000, using: &generator))
                wheel.set(deadline, for: holder)
                model[ObjectIdentifier(holder)] = max(deadline, now)
            case 5:
                wheel.remove(holder)
                model[ObjectIdentifier(holder)] = nil
            default:
                let longest: Int64 = Int.random(in: 0..<50, using: &generator) == 0 ? 300_000 : 2_000
                now = now + .milliseconds(Int64.random(in: 0...longest, using: &generator))
                let fired = wheel.advance(to: now).map(ObjectIdentifier.init)
                #expect(Set(fired).count == fired.count)
                for holder in fired {
                    #expect(model.removeValue(forKey: holder).map { $0 <= now } == true)
                }
                #expect(model.values.allSatisfy { $0 + Self.tick > now }, "something is more than a tick late")
            }
            #expect(wheel.count == model.count)
        }
        #expect(Set(wheel.holders.map(ObjectIdentifier.init)) == Set(model.keys))
    }

    @Test func `counts a deadline that was moved once`() {
        var wheel = DeadlineWheel<Holder>(at: Self.start)
        let holder = Holder()
        wheel.set(Self.start + .seconds(1), for: holder)
        wheel.set(Self.start + .seconds(5), for: holder)
        #expect(wheel.count == 1)
        #expect(wheel.advance(to: Self.start + .seconds(3)).isEmpty)
        #expect(wheel.advance(to: Self.start + .seconds(6)).count == 1)
        #expect(wheel.count == 0)
    }

    @Test func `keeps what is due in a later turn`() {
        var wheel = DeadlineWheel<Holder>(at: Self.start)
        let (soon, late) = (Holder(), Holder())
        let turn = TimeAmount.nanoseconds(Self.tick.nanoseconds * 2_048)
        wheel.set(Self.start + .seconds(1), for: soon)
        wheel.set(Self.start + .seconds(1) + turn, for: late)
        #expect(wheel.advance(to: Self.start + .seconds(2)).map(ObjectIdentifier.init) == [ObjectIdentifier(soon)])
        #expect(wheel.advance(to: Self.start + turn).isEmpty)
        #expect(
            wheel.advance(to: Self.start + .seconds(2) + turn).map(ObjectIdentifier.init) == [ObjectIdentifier(late)])
    }

    @Test func `does not mind a time that stands still or goes back`() {
        var wheel = DeadlineWheel<Holder>(at: Self.start)
        let holder = Holder()
        wheel.set(Self.start, for: holder)
        #expect(wheel.advance(to: Self.start - .seconds(100)).isEmpty)
        #expect(wheel.advance(to: Self.start + Self.tick).count == 1)
        wheel.remove(holder)
        #expect(wheel.count == 0)
    }
}
