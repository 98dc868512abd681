// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiYjs
import Testing

/// Updates that ask for little and could cost much. That each test ends is what it says.
@Suite(.timeLimit(.minutes(1))) struct WorkTests {
    @Test func `sixty thousand values under one key, none of which knows of another, are taken in`() throws {
        let count = 60_000
        // An empty array each, in the root "m" under the key "k".
        let structs = Array(repeating: [0x27, 1, 1, 0x6d, 1, 0x6b, 0] as [UInt8], count: count)
        let document = YDocument()
        try document.apply(Wire.update([Wire.part(1, structs)]))
        #expect(document.stateVector[1] == count)
        // The first is the rightmost: each of the others went before all that were there.
        #expect(document.deletions.clients[1] == [1..<count])
    }

    @Test func `of a run of a hundred and fifty thousand values every other one is deleted`() throws {
        let count = 150_000
        let values: [UInt8] = [8, 1, 1, 0x61] + Wire.number(count) + Array(repeating: 120, count: count)
        let ranges = (0..<(count / 2)).map { (clock: 2 * $0, length: 1) }
        let document = YDocument()
        try document.apply(
            Wire.update([Wire.part(1, [values])], deletions: Wire.deletions(of: 1, ranges)))
        #expect(try document.array("a").length == count / 2)
        let copy = YDocument()
        try copy.apply(document.encodeState())
        #expect(copy.encodeState() == document.encodeState())
    }

    @Test func `a run in front of many others is cut at every other unit`() throws {
        let count = 20_000
        // Empty bytes, which do not join.
        let others = Array(repeating: [3, 1, 1, 0x62, 0] as [UInt8], count: count)
        let run = Wire.text(String(repeating: "x", count: count))
        let ranges = (0..<(count / 2)).map { (clock: 2 * $0, length: 1) }
        let document = YDocument()
        try document.apply(
            Wire.update([Wire.part(1, [run] + others)], deletions: Wire.deletions(of: 1, ranges)))
        #expect(try document.text("t").length == count / 2)
        #expect(try document.array("b").length == count)
    }
}
