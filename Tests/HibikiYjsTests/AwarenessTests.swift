// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiYjs
import Testing

/// What others show is bounded, whatever they send.
@Suite struct AwarenessTests {
    private let start = ContinuousClock.now

    private static func update(_ entries: [(client: Int, clock: Int, text: String)]) -> [UInt8] {
        Wire.number(entries.count)
            + entries.flatMap { Wire.number($0.client) + Wire.number($0.clock) + Wire.string($0.text) }
    }

    @Test func `those who are gone make room for those who come`() throws {
        var awareness = YAwareness(clientID: 0)
        awareness.clientLimit = 100
        let gone = (1...100).map { (client: $0, clock: 1, text: "null") }
        _ = try awareness.apply(Self.update(gone), at: self.start)
        #expect(awareness.clock(of: 100) == 1)
        let change = try awareness.apply(Self.update([(client: 500, clock: 1, text: "{}")]), at: self.start)
        #expect(change.added == [500])
        #expect(awareness.clock(of: 100) == nil)
    }

    @Test func `when all that are kept are here, further ones are ignored`() throws {
        var awareness = YAwareness(clientID: 0)
        awareness.clientLimit = 100
        let here = (1...200).map { (client: $0, clock: 1, text: "{}") }
        #expect(try awareness.apply(Self.update(here), at: self.start).added.count == 100)
        awareness.remove([1], at: self.start)
        #expect(try awareness.apply(Self.update(here), at: self.start).added == [101])
    }

    @Test func `states take so many bytes and no more`() throws {
        var awareness = YAwareness(clientID: 0)
        awareness.byteLimit = 1000
        let long = "\"" + String(repeating: "x", count: 400) + "\""
        let three = (1...3).map { (client: $0, clock: 1, text: long) }
        #expect(try awareness.apply(Self.update(three), at: self.start).added == [1, 2])
        let shorter = [(client: 2, clock: 2, text: "1"), (client: 3, clock: 1, text: long)]
        let change = try awareness.apply(Self.update(shorter), at: self.start)
        #expect(change.updated == [2])
        #expect(change.added == [3])
        awareness.remove([1, 2, 3], at: self.start)
        #expect(try awareness.apply(Self.update([(client: 4, clock: 1, text: long)]), at: self.start).added == [4])
    }

    @Test func `nobody uses up the clock of another`() throws {
        var awareness = YAwareness(clientID: 1)
        awareness.setLocalState(["name": "me"], at: self.start)
        let highest = 9_007_199_254_740_991
        #expect(try awareness.apply(Self.update([(client: 1, clock: highest, text: "null")]), at: self.start).isEmpty)
        #expect(try awareness.apply(Self.update([(client: 2, clock: highest, text: "{}")]), at: self.start).isEmpty)
        awareness.setLocalState(["name": "still me"], at: self.start)
        #expect(awareness.clock(of: 1) == 1)
        // Taken away under a clock that is believable, it is shown again under a higher one.
        _ = try awareness.apply(Self.update([(client: 1, clock: 7, text: "null")]), at: self.start)
        #expect(awareness.clock(of: 1) == 8)
        #expect(awareness.states[1] == ["name": "still me"])
    }

    @Test func `those who are silent for thirty seconds are gone`() throws {
        let start = ContinuousClock.now
        var mine = YAwareness(clientID: 1)
        var theirs = YAwareness(clientID: 2)
        mine.setLocalState(["name": "me"], at: start)
        // A state at clock 0 is not taken from a stranger: it is said again under a clock of its own.
        theirs.setLocalState(["name": "they"], at: start)
        theirs.setLocalState(["name": "they"], at: start)
        #expect(try mine.apply(theirs.encodeAll(), at: start).added == [2])
        #expect(mine.expire(at: start + .seconds(29)).isEmpty)
        #expect(mine.expire(at: start + .seconds(30)).removed == [2])
        #expect(mine.states == [1: ["name": "me"]])
    }
}
