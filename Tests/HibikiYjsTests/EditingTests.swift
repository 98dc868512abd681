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

    @Test func `line breaks that would not fit are refused before a mark is set`() throws {
        let document = YDocument(clientID: 1)
        let text = try document.text("t")
        try text.insert("ab", at: 0)
        let before = document.encodeState()
        #expect(throws: YError.limitExceeded) { try text.format(1..<Int.max, attributes: ["b": true]) }
        #expect(throws: YError.limitExceeded) {
            try text.apply([.insert(.text("c")), .retain(Int.max, attributes: ["b": true])])
        }
        #expect(throws: YError.limitExceeded) { try text.apply([.retain(Int.max), .delete(Int.max)]) }
        #expect(document.encodeState() == before)
        try text.format(1..<4, attributes: ["b": true])
        #expect(text.string == "ab\n\n")
    }

    @Test func `a place relative to nothing is the beginning or the end`() throws {
        let document = YDocument(clientID: 1)
        let text = try document.text("t")
        try text.insert("abc", at: 0)
        for (position, resolved) in [(-5, 0), (0, 0), (2, 2), (3, 3), (9, 3), (Int.max, 3)] {
            let place = text.relativePosition(at: position)
            #expect(document.resolve(place)?.position == resolved)
            #expect(try YRelativePosition(encoded: place.encoded()) == place)
        }
        #expect(document.resolve(text.relativePosition(at: Int.min, association: -1))?.position == 0)
    }

    @Test func `a cursor of somebody else makes no root`() throws {
        let document = YDocument(clientID: 1)
        #expect(document.resolve(YRelativePosition(.root("nowhere"))).map { _ in true } == nil)
        #expect(document.rootNames.isEmpty)
    }

    @Test func `a place at a value under a key is its beginning`() throws {
        let document = YDocument(clientID: 1)
        let element = try document.xmlElement("e")
        try element.insert([.xmlText(), .xmlText()], at: 0)
        try element.setAttribute("k", to: 1)
        let place = YRelativePosition(.unit(YID(client: 1, clock: 2)))
        #expect(document.resolve(place)?.position == 0)
    }

    @Test func `half a pair before a pair in JSON stays half a pair`() throws {
        #expect(try JSONScanner.value(#""\ud800\ud83d\ude00""#, depth: 1) == "\u{fffd}\u{1f600}")
    }

    @Test func `in long texts with many marks places are found as in short ones`() throws {
        let document = YDocument(clientID: 1)
        let text = try document.text("t")
        for index in 0..<400 { try text.insert("\(index % 10)", at: 0, attributes: index % 3 == 0 ? ["b": true] : [:]) }
        for position in stride(from: 0, through: 400, by: 7) {
            #expect(document.resolve(text.relativePosition(at: position))?.position == position)
            #expect(document.resolve(text.relativePosition(at: position, association: -1))?.position == position)
        }
    }
}
