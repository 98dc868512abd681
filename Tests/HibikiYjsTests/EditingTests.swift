// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiYjs
import Testing

@Suite struct EditingTests {
    @Test func `random edits of a long list leave what the same edits of an array leave`() throws {
        var random = Seeded(5)
        let document = YDocument(clientID: 1)
        let text = try document.text("t")
        var units: [UInt16] = []
        for _ in 0..<6000 {
            if units.count > 40, random.below(3) == 0 {
                let start = random.below(units.count)
                let end = min(units.count, start + 1 + random.below(6))
                try text.remove(start..<end)
                units.removeSubrange(start..<end)
            } else {
                let position = random.below(units.count + 1)
                let word = ["a", "bcd", "efghij"][random.below(3)]
                try text.insert(word, at: position)
                units.insert(contentsOf: word.utf16, at: position)
            }
        }
        #expect(text.string == String(decoding: units, as: UTF16.self))
        #expect(text.length == units.count)
        let copy = YDocument()
        try copy.apply(document.encodeState(format: .v2), format: .v2)
        #expect(try copy.text("t").string == text.string)
    }

    @Test func `elements are found by position in a long array`() throws {
        let document = YDocument(clientID: 1)
        let array = try document.array("a")
        for index in 0..<500 { try array.insert([.value(.number(Double(index))), .array()], at: array.length) }
        for index in [0, 1, 250, 499] {
            guard case .value(let value)? = array.element(at: 2 * index) else {
                Issue.record("no value at \(2 * index)")
                continue
            }
            #expect(value == .number(Double(index)))
        }
        #expect(array.element(at: 1000).map { _ in true } == nil)
        #expect(array.element(at: -1).map { _ in true } == nil)
    }

    @Test func `a position beyond the end is refused and changes nothing`() throws {
        let document = YDocument(clientID: 1)
        let text = try document.text("t")
        try text.insert("ab", at: 0)
        #expect(throws: YError.indexOutOfRange) { try text.insert("x", at: 3) }
        #expect(throws: YError.indexOutOfRange) { try text.remove(1..<3) }
        #expect(throws: YError.indexOutOfRange) { try text.insert("x", at: -1) }
        #expect(text.string == "ab")
    }

    @Test func `a deleted type is no longer edited`() throws {
        let document = YDocument(clientID: 1)
        let map = try document.map("m")
        try map.set(.text([.insert(.text("x"))]), for: "t")
        guard case .text(let text)? = map["t"] else {
            Issue.record("no text")
            return
        }
        try map.removeValue(for: "t")
        #expect(text.isDeleted)
        #expect(throws: YError.unusableType) { try text.insert("y", at: 0) }
    }

    @Test func `keys that look alike are two`() throws {
        let map = try YDocument(clientID: 1).map("m")
        try map.set(1, for: "\u{e9}")
        try map.set(2, for: "e\u{301}")
        #expect(map.keys.count == 2)
    }

    @Test func `a root is of one kind`() throws {
        let document = YDocument()
        _ = try document.text("t")
        #expect(throws: YError.unusableType) { try document.map("t") }
    }

    @Test func `text that comes twice takes its memory once`() throws {
        let source = YDocument(clientID: 1)
        try source.text("t").insert(String(repeating: "x", count: 1000), at: 0)
        let update = source.encodeState()
        let document = YDocument()
        for _ in 0..<10 { try document.apply(update) }
        #expect(try document.text("t").length == 1000)
        #expect(document.encodeState() == update)
    }

    @Test func `undo takes back one's own and leaves what others did`() throws {
        let document = YDocument(clientID: 1)
        let other = YDocument(clientID: 2)
        let text = try document.text("t")
        let undo = YUndoManager([text], of: document)
        try text.insert("mine", at: 0)
        try other.apply(document.encodeState())
        try other.text("t").insert("theirs ", at: 0)
        try document.apply(other.encodeState())
        #expect(undo.undo())
        #expect(text.string == "theirs ")
        #expect(undo.redo())
        #expect(text.string == "theirs mine")
        #expect(!undo.redo())
    }

    @Test func `changes close together are undone together`() throws {
        let document = YDocument(clientID: 1)
        let text = try document.text("t")
        var now = ContinuousClock.now
        let undo = YUndoManager([text], of: document, now: { now })
        try text.insert("a", at: 0)
        now += .milliseconds(499)
        try text.insert("b", at: 1)
        now += .milliseconds(501)
        try text.insert("c", at: 2)
        #expect(undo.undoCount == 2)
        undo.undo()
        #expect(text.string == "ab")
        undo.undo()
        #expect(text.string == "")
    }

    @Test func `a deleted type comes back with what was in it`() throws {
        let document = YDocument(clientID: 1)
        let map = try document.map("m")
        try map.set(.array([1, .text([.insert(.text("deep"))])]), for: "a")
        let undo = YUndoManager([map], of: document)
        try map.removeValue(for: "a")
        #expect(undo.undo())
        guard case .array(let array)? = map["a"], case .text(let text)? = array.element(at: 1) else {
            Issue.record("the array did not come back")
            return
        }
        #expect(array.length == 2)
        #expect(text.string == "deep")
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
