// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiOT
import Testing

@Suite(.timeLimit(.minutes(1))) struct `What is selected in a document of operations` {
    @Test func `is told to all who are there, where it is in the document as it is then`() async throws {
        let rooms = Rooms()
        let (_, seat) = try rooms.greet("aki")
        let (other, otherSeat) = try rooms.greet("bo")
        seat.submit(["hello"], at: 0, 1)
        otherSeat.submit(["ab", 5], at: 1, 1)
        seat.select(3, at: 1)
        try await rooms.settle()
        let selection = try #require(other.all("selection").first)
        #expect(selection["client"] == "aki")
        #expect(selection["revision"] == 2)
        #expect(selection["selection"] == OTSelection(cursor: 5).value)
    }

    @Test func `is told to whoever comes later, moved by what was written since`() async throws {
        let rooms = Rooms()
        let (_, seat) = try rooms.greet("aki")
        let (_, otherSeat) = try rooms.greet("bo")
        seat.submit(["hello"], at: 0, 1)
        seat.select(3, at: 1)
        otherSeat.select(900, at: 1)
        otherSeat.submit(["ab", 5], at: 1, 1)
        let (late, lateSeat) = try rooms.greet("late")
        try await rooms.settle()
        let expected: OTValue = [
            ["client": "aki", "selection": OTSelection(cursor: 5).value],
            ["client": "bo", "selection": OTSelection(cursor: 7).value],
        ]
        #expect(late.all("document").first?["selections"] == expected)
        lateSeat.hello(since: 2, of: late.all("document").first?["incarnation"]?.string ?? "")
        try await rooms.settle()
        #expect(late.all("operations").first?["selections"] == expected)
    }

    @Test func `is taken away when its connection is gone, or when it says so`() async throws {
        let rooms = Rooms()
        let (_, seat) = try rooms.greet("aki")
        let (_, otherSeat) = try rooms.greet("bo", as: .text, "pad", .read)
        let (watcher, _) = try rooms.greet("cho")
        seat.select(0, at: 0)
        otherSeat.select(0, at: 0)
        try await rooms.settle()
        #expect(watcher.all("selection").map { $0["client"] } == ["aki", "bo"])
        _ = watcher.take()
        seat.leave()
        otherSeat.say(["type": "select", "revision": 0, "selection": .null])
        try await rooms.settle()
        #expect(watcher.all("selection").map { $0["client"] } == ["aki", "bo"])
        #expect(watcher.all("selection").allSatisfy { $0["selection"] == .null })
        let (late, _) = try rooms.greet("late")
        try await rooms.settle()
        #expect(late.all("document").first?["selections"] == [])
    }

    @Test func `is of so many ranges`() async throws {
        let rooms = Rooms { $0.selectionRanges = 2 }
        let (greedy, seat) = try rooms.greet("aki")
        let ranges = (0..<3).map { OTSelection.Range(anchor: $0, head: $0) }
        seat.say(["type": "select", "revision": 0, "selection": OTSelection(ranges).value])
        await greedy.waitForEnd()
        #expect(greedy.end == .malformed("a selection has at most 2 ranges"))
    }
}
