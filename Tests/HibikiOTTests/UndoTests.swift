// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiOT
import HibikiTestSupport
import Testing

@Suite struct UndoTests {
    /// A document and its history, edited by one and changed by others.
    private struct Editor<Operation: RandomOperation> {
        var document: Operation.Document
        var history = OTUndoManager<Operation>()

        mutating func edit(_ operation: Operation) throws {
            try self.history.record(operation, on: self.document)
            try self.document.apply(operation)
        }

        mutating func hear(_ operation: Operation) throws {
            try self.document.apply(operation)
            try self.history.receive(operation)
        }

        @discardableResult
        mutating func undo() throws -> Bool {
            guard let operation = try self.history.undo(self.document) else { return false }
            try self.document.apply(operation)
            return true
        }

        @discardableResult
        mutating func redo() throws -> Bool {
            guard let operation = try self.history.redo(self.document) else { return false }
            try self.document.apply(operation)
            return true
        }
    }

    private func replace(_ range: Range<Int>, _ text: UTF16Text, in document: TextDocument) throws -> TextOperation {
        try TextOperation(replacing: range, with: text, length: document.length)
    }

    private func editor(_ string: String) -> Editor<TextOperation> { Editor(document: TextDocument(string)) }

    @Test func `typing is taken back in one piece, and done again`() throws {
        var editor = self.editor("<>")
        for (index, letter) in ["a", "b", "c"].enumerated() {
            try editor.edit(self.replace((index + 1)..<(index + 1), UTF16Text(letter), in: editor.document))
        }
        #expect(try editor.undo())
        #expect(editor.document.string == "<>")
        #expect(try !editor.undo())
        #expect(try editor.redo())
        #expect(editor.document.string == "<abc>")
        #expect(try !editor.redo())
    }

    @Test(arguments: [[3, 2, 1], [1, 1, 1]])
    func `deleting backwards or forwards is taken back in one piece`(_ positions: [Int]) throws {
        var editor = self.editor("<abc>")
        for position in positions { try editor.edit(self.replace(position..<(position + 1), "", in: editor.document)) }
        #expect(editor.document.string == "<>")
        #expect(try editor.undo())
        #expect(editor.document.string == "<abc>")
    }

    @Test func `edits at other places, of another kind or after the end of a group are taken back one by one`() throws {
        var editor = self.editor("0123456789")
        try editor.edit(self.replace(2..<2, "a", in: editor.document))
        try editor.edit(self.replace(7..<7, "b", in: editor.document))
        try editor.edit(self.replace(7..<8, "", in: editor.document))
        try editor.edit(self.replace(7..<7, "c", in: editor.document))
        editor.history.endGroup()
        try editor.edit(self.replace(8..<8, "d", in: editor.document))
        var seen: [String] = []
        while try editor.undo() { seen.append(editor.document.string) }
        #expect(seen == ["01a2345c6789", "01a23456789", "01a2345b6789", "01a23456789", "0123456789"])
    }

    @Test func `what others did meanwhile stays`() throws {
        var editor = self.editor("one two")
        try editor.edit(self.replace(4..<7, "2", in: editor.document))
        try editor.hear(self.replace(0..<3, "eins", in: editor.document))
        try editor.hear(self.replace(6..<6, "!", in: editor.document))
        #expect(editor.document.string == "eins 2!")
        #expect(try editor.undo())
        #expect(editor.document.string == "eins two!")
        try editor.hear(self.replace(0..<0, ">", in: editor.document))
        #expect(try editor.redo())
        #expect(editor.document.string == ">eins 2!")
    }

    @Test func `what others deleted is not there to be taken back`() throws {
        var editor = self.editor("")
        try editor.edit(self.replace(0..<0, "mine", in: editor.document))
        try editor.hear(self.replace(0..<4, "", in: editor.document))
        #expect(!editor.history.canUndo)
        #expect(try !editor.undo())
    }

    @Test func `a new edit forgets what was taken back`() throws {
        var editor = self.editor("")
        try editor.edit(self.replace(0..<0, "a", in: editor.document))
        try editor.undo()
        #expect(editor.history.canRedo)
        try editor.edit(self.replace(0..<0, "b", in: editor.document))
        #expect(!editor.history.canRedo)
    }

    @Test func `the history is as long as it may be`() throws {
        var editor = Editor<TextOperation>(document: TextDocument(), history: OTUndoManager(limit: 3))
        for _ in 0..<10 {
            try editor.edit(self.replace(0..<0, "ab", in: editor.document))
            editor.history.endGroup()
        }
        var count = 0
        while try editor.undo() { count += 1 }
        #expect(count == 3)
        #expect(editor.document.string == String(repeating: "ab", count: 7))
    }

    /// Everything is taken back and done again in the midst of what others do; what they did must be left alone.
    private func returns<Operation: RandomOperation>(_: Operation.Type, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            var editor = Editor<Operation>(document: try Operation.randomDocument(&random))
            let start = editor.document
            for _ in 0..<8 {
                try editor.edit(try Operation.typing(on: editor.document, &random))
                if random.chance(3) { editor.history.endGroup() }
            }
            let end = editor.document
            while try editor.undo() {}
            #expect(editor.document == start)
            while try editor.redo() {}
            #expect(editor.document == end)
            for _ in 0..<12 {
                switch random.below(4) {
                case 0: try editor.undo()
                case 1: try editor.redo()
                case 2: try editor.edit(try Operation.typing(on: editor.document, &random))
                default: try editor.hear(try Operation.random(on: editor.document, &random))
                }
            }
        }
    }

    @Test func `all edits of a text are taken back and done again`() throws {
        try self.returns(TextOperation.self, seed: 41)
    }
    @Test func `all edits of a rich text are taken back and done again`() throws {
        try self.returns(Delta.self, seed: 42)
    }
}
