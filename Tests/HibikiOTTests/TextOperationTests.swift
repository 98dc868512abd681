// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiOT
import Testing

@Suite struct TextOperationTests {
    private func operation(_ json: String) throws -> TextOperation { try TextOperation(json: Array(json.utf8)) }

    @Test(arguments: [
        (#"[-2,"q"]"#, #"["q",-2]"#), (#"[1,-1,"a",-1,"b"]"#, #"[1,"ab",-2]"#),
        (#"[1,2,"","x","y",3]"#, #"[3,"xy",3]"#),
        ("[]", "[]"), (#"["a\n\"\\é😀\u0001"]"#, #"["a\n\"\\é😀\u0001"]"#), (#"["\ud83d\ude00"]"#, #"["😀"]"#),
    ])
    func `every operation has one form`(_ json: String, _ canonical: String) throws {
        #expect(try self.operation(json).description == canonical)
    }

    @Test(arguments: [
        (#"["A",3]"#, #"["B",3]"#, #"["A",4]"#, #"[1,"B",3]"#),
        ("[-3]", #"[1,"X",2]"#, "[-1,1,-2]", #"["X"]"#),
        ("[1,-2]", "[-2,1]", "[-1]", "[-1]"),
        (#"["x",-3]"#, #"["y",-3]"#, #"["x",1]"#, #"[1,"y"]"#),
    ])
    func `two operations are transformed as in ot.js`(
        _ a: String, _ b: String, _ aPrime: String, _ bPrime: String
    ) throws {
        let result = try TextOperation.transform(try self.operation(a), try self.operation(b))
        #expect(result.0.description == aPrime)
        #expect(result.1.description == bPrime)
    }

    @Test func `what was inserted and deleted again is gone from the composition`() throws {
        let composed = try self.operation(#"[1,"AB",2]"#).composed(with: self.operation("[-2,3]"))
        #expect(composed.description == #"["B",-1,2]"#)
    }

    @Test func `an insertion pushes a cursor at its place to the right, or not if it is to stay`() throws {
        let operation = try self.operation(#"[2,"xx",1]"#)
        #expect(operation.transform(position: 2) == 4)
        #expect(operation.transform(position: 2, staysBefore: true) == 2)
        #expect(try self.operation("[1,-3,1]").transform(position: 3) == 1)
        #expect(operation.transform(position: -5) == 0)
        #expect(operation.transform(position: .max) > 1 << 24)
    }

    @Test func `an operation for another length is refused and changes nothing`() throws {
        var document = TextDocument("abc")
        expect(.wrongLength) { try document.apply(self.operation(#"[2,"x"]"#)) }
        expect(.wrongLength) { try self.operation("[2]").composed(with: self.operation("[3]")) }
        expect(.wrongLength) { try TextOperation.transform(self.operation("[2]"), self.operation("[3]")) }
        expect(.wrongLength) { try self.operation("[-4]").inverted(on: document) }
        #expect(document.string == "abc")
    }

    @Test(arguments: [#"[2,"x",2]"#, "[2,-1,1]", "[1,-1,2]", #"["y",2,-2]"#])
    func `an operation that cuts a surrogate pair is refused and changes nothing`(_ json: String) throws {
        var document = TextDocument("a😀b")
        expect(.splitsSurrogatePair) { try document.apply(self.operation(json)) }
        #expect(document.string == "a😀b")
        #expect(document.length == 4)
    }

    @Test func `an inverse or a composition that cuts a surrogate pair is refused`() throws {
        expect(.splitsSurrogatePair) {
            try self.operation("[2,-2]").inverted(on: TextDocument("a😀b"))
        }
        expect(.splitsSurrogatePair) {
            try self.operation(#"["😀"]"#).composed(with: self.operation("[1,-1]"))
        }
        expect(.splitsSurrogatePair) {
            try self.operation(#"["😀"]"#).composed(with: self.operation(#"[1,"x",1]"#))
        }
    }

    @Test func `a range is replaced, and one outside of the document is refused`() throws {
        let operation = try TextOperation(replacing: 1..<3, with: "xyz", length: 4)
        #expect(operation.description == #"[1,"xyz",-2,1]"#)
        expect(.invalidOperation) { try TextOperation(replacing: 1..<5, with: "", length: 4) }
        expect(.invalidOperation) { try TextOperation(replacing: -1..<2, with: "", length: 4) }
        expect(.invalidOperation) { try TextOperation(replacing: 0..<0, with: "", length: -1) }
    }

    @Test func `lengths that no document has are refused before they are added`() throws {
        let most = (1 << 53) - 1
        var operation = try TextOperation([.delete(most)])
        expect(.limitExceeded) { try operation.retain(1) }
        expect(.limitExceeded) { try operation.delete(.max) }
        expect(.invalidOperation) { try operation.retain(.min) }
        #expect(operation.baseLength == most)
        expect(.limitExceeded) { try self.operation("[9007199254740991,-9007199254740991]") }
    }

    @Test func `texts that look alike and differ in their units are two`() {
        #expect(UTF16Text("e\u{301}") != UTF16Text("é"))
        #expect(TextDocument("e\u{301}") != TextDocument("é"))
        #expect(UTF16Text(units: [0xd83d]) == nil)
        #expect(UTF16Text(units: [0xde00, 0xd83d]) == nil)
        #expect(UTF16Text(units: [0xd83d, 0xde00])?.string == "😀")
    }

    @Test func `operations of many components are composed and transformed in one walk`() throws {
        let count = 100_000
        var inserts = TextOperation()
        var deletes = TextOperation()
        for _ in 0..<count {
            try inserts.insert("x")
            try inserts.retain(1)
            try deletes.delete(1)
            try deletes.retain(1)
        }
        let both = try inserts.composed(with: deletes)
        #expect(both.isNoop)
        let (first, second) = try TextOperation.transform(deletes, try TextOperation([.retain(2 * count)]))
        #expect(first == deletes)
        #expect(second.baseLength == count)
        var document = TextDocument(UTF16Text(String(repeating: "y", count: count)))
        try document.apply(inserts)
        try document.apply(deletes)
        #expect(document.string == String(repeating: "y", count: count))
        var typed = TextOperation()
        for _ in 0..<count { try typed.append(.insert("x")) }
        #expect(typed.components.count == 1)
    }
}
