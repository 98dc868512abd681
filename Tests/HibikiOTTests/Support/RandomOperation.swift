// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiOT
import HibikiTestSupport

/// An operation that can be made at random for a document, with edges that cut no surrogate pair.
protocol RandomOperation: OTOperation {
    static func randomDocument(_ random: inout SeededGenerator) throws -> Document
    static func random(on document: Document, _ random: inout SeededGenerator) throws -> Self
    /// A small edit, as one makes by typing.
    static func typing(on document: Document, _ random: inout SeededGenerator) throws -> Self
    static func units(of document: Document) -> [UInt16]
}

extension SeededGenerator {
    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<max(bound, 1), using: &self) }

    mutating func chance(_ one: Int) -> Bool { self.below(one) == 0 }

    private static let scalars: [Unicode.Scalar] = Array("abcdefgh é日\u{301}\n😀🎉".unicodeScalars)

    mutating func word(_ most: Int = 4) -> UTF16Text {
        var text = String.UnicodeScalarView()
        for _ in 0...self.below(most) { text.append(Self.scalars[self.below(Self.scalars.count)]) }
        return UTF16Text(String(text))
    }

    /// The length of a step from `position` on, which ends between two characters.
    mutating func step(_ units: [UInt16], from position: Int, most: Int) -> Int {
        let end = min(position + 1 + self.below(most), units.count)
        return end < units.count && UTF16.isTrailSurrogate(units[end]) ? end + 1 - position : end - position
    }

    mutating func position(_ units: [UInt16]) -> Int {
        let position = self.below(units.count + 1)
        return position < units.count && UTF16.isTrailSurrogate(units[position]) ? position - 1 : position
    }
}

extension TextOperation: RandomOperation {
    static func randomDocument(_ random: inout SeededGenerator) throws -> TextDocument {
        random.chance(8) ? TextDocument() : TextDocument(random.word(16))
    }

    static func units(of document: TextDocument) -> [UInt16] { document.text.units }

    static func random(on document: TextDocument, _ random: inout SeededGenerator) throws -> TextOperation {
        let units = document.text.units
        var operation = TextOperation()
        var position = 0
        while position < units.count {
            let count = random.step(units, from: position, most: 6)
            switch random.below(3) {
            case 0:
                try operation.retain(count)
                position += count
            case 1:
                try operation.delete(count)
                position += count
            default: try operation.insert(random.word())
            }
        }
        if random.chance(3) { try operation.insert(random.word()) }
        return operation
    }

    static func typing(on document: TextDocument, _ random: inout SeededGenerator) throws -> TextOperation {
        let units = document.text.units
        let position = random.position(units)
        guard units.count > 40 || random.chance(3), position < units.count else {
            return try TextOperation(replacing: position..<position, with: random.word(), length: units.count)
        }
        let end = position + random.step(units, from: position, most: 5)
        return try TextOperation(replacing: position..<end, with: "", length: units.count)
    }
}

extension Delta: RandomOperation {
    static func units(of document: RichTextDocument) -> [UInt16] { document.text.units }

    private static let values: [OTValue] = [true, "red", "blue", ["list": "ordered", "indent": 2]]

    private static func attributes(_ random: inout SeededGenerator, nulls: Bool) -> OTObject {
        guard random.chance(2) else { return OTObject() }
        return OTObject(
            (0...random.below(2)).map { _ in
                let key: UTF16Text = ["bold", "color", "link"][random.below(3)]
                return (key, nulls && random.chance(3) ? .null : Self.values[random.below(Self.values.count)])
            })
    }

    private static func content(_ random: inout SeededGenerator) -> Content {
        random.chance(5) ? .embed(["image": OTValue(random.below(3))]) : .text(random.word())
    }

    static func randomDocument(_ random: inout SeededGenerator) throws -> RichTextDocument {
        var delta = Delta()
        for _ in 0..<random.below(6) {
            try delta.insert(self.content(&random), self.attributes(&random, nulls: false))
        }
        return try RichTextDocument(delta)
    }

    static func random(on document: RichTextDocument, _ random: inout SeededGenerator) throws -> Delta {
        let units = document.text.units
        var delta = Delta()
        var position = 0
        while position < units.count, !random.chance(12) {
            let count = random.step(units, from: position, most: 6)
            switch random.below(4) {
            case 0: try delta.retain(count)
            case 1: try delta.retain(count, self.attributes(&random, nulls: true))
            case 2: try delta.delete(count)
            default:
                try delta.insert(self.content(&random), self.attributes(&random, nulls: false))
                continue
            }
            position += count
        }
        if random.chance(3) { try delta.insert(self.content(&random), self.attributes(&random, nulls: false)) }
        delta.chop()
        return delta
    }

    static func typing(on document: RichTextDocument, _ random: inout SeededGenerator) throws -> Delta {
        let units = document.text.units
        let position = random.position(units)
        var delta = Delta()
        try delta.retain(position)
        guard units.count > 40 || random.chance(3), position < units.count else {
            try delta.insert(self.content(&random), self.attributes(&random, nulls: false))
            return delta
        }
        let count = random.step(units, from: position, most: 5)
        try random.chance(2) ? delta.delete(count) : delta.retain(count, self.attributes(&random, nulls: true))
        delta.chop()
        return delta
    }
}
