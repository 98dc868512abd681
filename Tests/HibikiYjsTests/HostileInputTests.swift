// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiYjs
import Testing

/// Bytes that nobody meant well.
@Suite struct HostileInputTests {
    @Test func `a run that promises a million structs in a few bytes is refused`() {
        // Version 2: info 0 for ever, lengths 1 two million times over.
        let update: [UInt8] = [
            0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0, 4, 0x41, 0x80, 0x80, 0x7f, 1, 0x80, 0x80, 0x7f, 0, 0,
        ]
        var limits = YLimits()
        limits.structs = 1000
        let document = YDocument(limits: limits)
        #expect(throws: YError.limitExceeded) { try document.apply(update, format: .v2) }
        #expect(document.stateVector.isEmpty)
    }

    @Test func `values nested without end are refused`() {
        var value: [UInt8] = []
        for _ in 0..<5000 { value += [117, 1] }
        value.append(126)
        let update: [UInt8] = [1, 1, 1, 0, 8, 1, 1, 0x61, 1] + value + [0]
        #expect(throws: YError.limitExceeded) { try YDocument().apply(update) }
    }

    @Test func `a struct that refers to itself is refused`() {
        #expect(throws: YError.malformedStruct) { try YDocument().apply([1, 1, 1, 0, 0x84, 1, 0, 1, 0x61, 0]) }
    }

    @Test func `types nested a hundred thousand deep are deleted without the stack`() throws {
        var update: [UInt8] = []
        func number(_ value: Int) -> [UInt8] {
            var rest = value
            var bytes: [UInt8] = []
            while rest > 127 {
                bytes.append(UInt8(rest & 127) | 128)
                rest >>= 7
            }
            return bytes + [UInt8(rest)]
        }
        let depth = 100_000
        update += [1] + number(depth) + [1, 0]
        update += [7, 1, 1, 0x61, 0]
        for clock in 1..<depth { update += [7, 0, 1] + number(clock - 1) + [0] }
        update += [0]
        let document = YDocument()
        try document.apply(update)
        let array = try document.array("a")
        #expect(array.length == 1)
        try array.remove(0..<1)
        #expect(array.length == 0)
        #expect(document.encodeState().count < 40)
    }

    @Test func `a client that burns its clock is found by its units nonetheless`() throws {
        // Client 1: a tombstone of 2^33 units, then "a", then "b" behind it.
        let update: [UInt8] = [
            1, 3, 1, 0, 0, 0x80, 0x80, 0x80, 0x80, 0x20, 4, 1, 1, 0x74, 2, 0x61, 0x62,
            0x84, 1, 0x80, 0x80, 0x80, 0x80, 0x20, 1, 0x63, 0,
        ]
        let document = YDocument(clientID: 2)
        try document.apply(update)
        let text = try document.text("t")
        #expect(text.string == "acb")
        try text.remove(1..<2)
        try text.insert("x", at: 1)
        let copy = YDocument()
        try copy.apply(document.encodeState(format: .v2), format: .v2)
        #expect(try copy.text("t").string == "axb")
    }
}
