// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiOT
import Testing

@Suite struct DeltaTests {
    private func delta(_ json: String) throws -> Delta { try Delta(json: Array(json.utf8)) }
    private func document(_ json: String) throws -> RichTextDocument { try RichTextDocument(json: Array(json.utf8)) }

    @Test(arguments: [
        (#"[{"insert":"a"},{"insert":"b"},{"retain":3}]"#, #"{"ops":[{"insert":"ab"}]}"#),
        (#"[{"delete":1},{"insert":"a"},{"delete":2}]"#, #"{"ops":[{"insert":"a"},{"delete":3}]}"#),
        (#"{"ops":[{"insert":"a","attributes":{}}]}"#, #"{"ops":[{"insert":"a"}]}"#),
        (#"[{"insert":"a","attributes":{"b":null,"c":1}}]"#, #"{"ops":[{"attributes":{"c":1},"insert":"a"}]}"#),
        (
            #"[{"insert":{"image":"u"}},{"insert":{"image":"u"}}]"#,
            #"{"ops":[{"insert":{"image":"u"}},{"insert":{"image":"u"}}]}"#
        ),
        (#"[{"retain":1,"attributes":{"b":null}}]"#, #"{"ops":[{"attributes":{"b":null},"retain":1}]}"#),
    ])
    func `every delta has one form`(_ json: String, _ canonical: String) throws {
        #expect(try self.delta(json).description == canonical)
    }

    @Test func `a null takes an attribute away, and composed it is kept for what is yet to come`() throws {
        let plain = try self.delta(#"[{"retain":2,"attributes":{"bold":null}}]"#)
        #expect(
            try self.document(#"[{"insert":"ab","attributes":{"bold":true}}]"#).applying(plain).description
                == #"{"ops":[{"insert":"ab"}]}"#)
        let red = try self.delta(#"[{"retain":1,"attributes":{"color":"red"}}]"#)
        #expect(
            try red.composed(with: plain).description
                == #"{"ops":[{"attributes":{"bold":null,"color":"red"},"retain":1},{"attributes":{"bold":null},"retain":1}]}"#
        )
    }

    @Test func `of two who set one attribute the applied one wins, and its insertion stays left`() throws {
        let base = try self.document(#"[{"insert":"ab"}]"#)
        let applied = try self.delta(#"[{"insert":"1"},{"retain":2,"attributes":{"color":"red"}}]"#)
        let pending = try self.delta(#"[{"insert":"2"},{"retain":2,"attributes":{"color":"blue","bold":true}}]"#)
        let server = try base.applying(applied).applying(pending.rebased(over: applied))
        let client = try base.applying(pending).applying(applied.advanced(past: pending))
        #expect(server == client)
        #expect(
            server.description
                == #"{"ops":[{"insert":"12"},{"attributes":{"bold":true,"color":"red"},"insert":"ab"}]}"#)
    }

    @Test func `an attribute that is an object is one value`() throws {
        let base = try self.document(#"[{"insert":"ab","attributes":{"table":{"row":1}}}]"#)
        let change = try self.delta(#"[{"retain":1,"attributes":{"table":{"row":2}}}]"#)
        let changed = try base.applying(change)
        #expect(try changed.applying(change.inverted(on: base)) == base)
        #expect(changed.delta.components.count == 2)
    }

    @Test(arguments: [
        #"[{"insert":1}]"#, #"[{"insert":[]}]"#, #"[{"insert":null}]"#, "[{}]", "[[]]", #"{"ops":1}"#, "{}",
        #"[{"retain":0}]"#, #"[{"delete":-1}]"#, #"[{"delete":1.5}]"#, #"[{"retain":{"image":{}}}]"#,
        #"[{"insert":"a","delete":1}]"#, #"[{"insert":"a","attributes":1}]"#, #""text""#, #"[{"retain":1e300}]"#,
        #"[{"insert":"a","retain":null}]"#,
    ])
    func `what is no delta is refused`(_ json: String) {
        expect(.invalidOperation) { try self.delta(json) }
    }

    @Test func `a document that does more than insert is refused`() throws {
        expect(.invalidDocument) { try self.document(#"[{"insert":"a"},{"delete":1}]"#) }
        expect(.invalidDocument) { try self.document(#"[{"retain":1},{"insert":"a"}]"#) }
    }

    @Test func `a delta that reaches beyond the document is refused and changes nothing`() throws {
        var document = try self.document(#"[{"insert":"a😀"}]"#)
        let before = document
        expect(.wrongLength) { try document.apply(self.delta(#"[{"insert":"x"},{"delete":4}]"#)) }
        expect(.wrongLength) { try self.delta(#"[{"delete":4}]"#).inverted(on: document) }
        expect(.splitsSurrogatePair) { try document.apply(self.delta(#"[{"insert":"x"},{"retain":2},{"delete":1}]"#)) }
        expect(.splitsSurrogatePair) {
            try document.apply(self.delta(#"[{"retain":2,"attributes":{"bold":true}}]"#))
        }
        #expect(document == before)
    }

    @Test func `positions count an embed as one`() throws {
        let document = try self.document(#"[{"insert":"a"},{"insert":{"image":"u"}},{"insert":"b"}]"#)
        #expect(document.length == 3)
        #expect(document.text.string == "a\u{fffc}b")
        #expect(try self.delta(#"[{"retain":1},{"delete":1}]"#).transform(position: 3) == 2)
    }

    @Test func `a document of many runs is edited in its middle`() throws {
        var delta = Delta()
        for index in 0..<20_000 { try delta.insert("ab", index % 2 == 0 ? ["bold": true] : [:]) }
        var document = try RichTextDocument(delta)
        let edit = try Delta([.retain(20_001), .insert(.text("x"), ["bold": true]), .delete(1)])
        let inverse = try edit.inverted(on: document)
        try document.apply(edit)
        #expect(document.length == 40_000)
        #expect(document.delta == (try delta.composed(with: edit)))
        try document.apply(inverse)
        #expect(document.delta == delta)
    }

    @Test func `a short operation cannot make a giant of a document of many runs`() throws {
        var delta = Delta()
        for index in 0..<2000 { try delta.insert("a", index % 2 == 0 ? ["bold": true] : [:]) }
        var document = try RichTextDocument(delta)
        let format = try Delta([.retain(2000, ["link": OTValue(String(repeating: "z", count: 4000))])])
        let before = document
        expect(.limitExceeded) { try document.apply(format, weightLimit: 1 << 20) }
        #expect(document == before && document.weight == before.weight)
        try document.apply(format, weightLimit: 1 << 26)
        // One that is heavier than it may be can still be made lighter.
        try document.apply(Delta([.delete(1000)]), weightLimit: 1 << 20)
        expect(.limitExceeded) { try document.apply(Delta([.insert(.text("x"))]), weightLimit: 1 << 20) }
        expect(.limitExceeded) {
            try Delta(["ops": [["retain": 1, "attributes": ["a": OTValue(String(repeating: "z", count: 9000))]]]])
        }
    }
}
