// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiOT
import HibikiTestSupport

/// An operation as somebody makes it who types.
protocol TypedOperation: OTOperation {
    static var kind: OTKind { get }
    static func typing(on document: Document, _ random: inout SeededGenerator) throws -> Self
}

extension SeededGenerator {
    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<max(bound, 1), using: &self) }
    mutating func chance(_ one: Int) -> Bool { self.below(one) == 0 }

    mutating func word() -> UTF16Text { UTF16Text(self.text("abcdefg é日\n", upTo: 5).filter { $0.utf16.count == 1 }) }

    /// A place in a document of so many units and how many of those behind it are changed.
    fileprivate mutating func place(_ length: Int) -> (position: Int, count: Int) {
        let position = self.below(length + 1)
        return (position, length > 60 || self.chance(3) ? min(self.below(8), length - position) : 0)
    }
}

extension TextOperation: TypedOperation {
    static var kind: OTKind { .text }

    static func typing(on document: TextDocument, _ random: inout SeededGenerator) throws -> TextOperation {
        let (position, count) = random.place(document.length)
        return try TextOperation(
            replacing: position..<(position + count), with: count > 0 ? "" : random.word(), length: document.length)
    }
}

extension Delta: TypedOperation {
    static var kind: OTKind { .rich }

    static func typing(on document: RichTextDocument, _ random: inout SeededGenerator) throws -> Delta {
        let (position, count) = random.place(document.length)
        let values: [OTValue] = [true, "red", .null]
        let attributes: OTObject = [random.chance(2) ? "bold" : "color": values[random.below(3)]]
        var delta = Delta()
        try delta.retain(position)
        switch random.below(4) {
        case 0: try delta.retain(count, attributes)
        case 1: try delta.insert(.embed(["image": "x"]), attributes)
        default: try count > 0 ? delta.delete(count) : delta.insert(random.word(), attributes)
        }
        delta.chop()
        return delta
    }
}
