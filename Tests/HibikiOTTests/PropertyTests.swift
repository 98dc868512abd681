// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiOT
import HibikiTestSupport
import Testing

/// What must hold of any two operations. `HIBIKI_OT_PAIRS` sets how many pairs are tried, 2,000 by default.
@Suite struct PropertyTests {
    private static let pairs = ProcessInfo.processInfo.environment["HIBIKI_OT_PAIRS"].flatMap(Int.init) ?? 2000

    /// Tries something often, and tells the seed of the first that fails.
    private func each(_ seed: UInt64, _ body: (inout SeededGenerator) throws -> Bool) throws {
        for index in 0..<UInt64(Self.pairs) {
            var random = SeededGenerator(seed: seed << 32 | index)
            guard try body(&random) else {
                Issue.record("seed \(seed), pair \(index)")
                return
            }
        }
    }

    @Test func `text converges in either order, and both ways are one operation`() throws {
        try self.each(1) { random in
            let document = try TextOperation.randomDocument(&random)
            let a = try TextOperation.random(on: document, &random)
            let b = try TextOperation.random(on: document, &random)
            let (aPrime, bPrime) = try TextOperation.transform(a, b)
            let one = try document.applying(a).applying(bPrime)
            let other = try document.applying(b).applying(aPrime)
            return try one == other && a.composed(with: bPrime) == b.composed(with: aPrime)
                && aPrime.baseLength == b.targetLength && bPrime.baseLength == a.targetLength
                && aPrime.targetLength == bPrime.targetLength && one.length == aPrime.targetLength
        }
    }

    @Test func `rich text converges in either order, and both ways are one operation`() throws {
        try self.each(2) { random in
            let document = try Delta.randomDocument(&random)
            let a = try Delta.random(on: document, &random)
            let b = try Delta.random(on: document, &random)
            let bPrime = try a.transform(b, priority: true)
            let aPrime = try b.transform(a, priority: false)
            let one = try document.applying(a).applying(bPrime)
            let other = try document.applying(b).applying(aPrime)
            return try one == other && one.length == document.length + a.lengthChange + bPrime.lengthChange
                && a.composed(with: bPrime) == b.composed(with: aPrime)
                && document.applying(a.composed(with: bPrime)) == one
        }
    }

    @Test func `what an inverse takes back is as it was, in text`() throws {
        try self.each(3) { try Self.invertsAndComposes(TextOperation.self, &$0) }
    }

    @Test func `what an inverse takes back is as it was, in rich text`() throws {
        try self.each(4) { try Self.invertsAndComposes(Delta.self, &$0) }
    }

    private static func invertsAndComposes<Operation: RandomOperation>(
        _: Operation.Type, _ random: inout SeededGenerator
    ) throws -> Bool {
        let document = try Operation.randomDocument(&random)
        let a = try Operation.random(on: document, &random)
        let middle = try document.applying(a)
        let b = try Operation.random(on: middle, &random)
        let end = try middle.applying(b)
        let c = try Operation.random(on: end, &random)
        let ab = try a.composed(with: b)
        let left = try ab.composed(with: c)
        let right = try a.composed(with: try b.composed(with: c))
        let last = try end.applying(c)
        return try middle.applying(a.inverted(on: document)) == document
            && end.applying(ab.inverted(on: document)) == document
            && document.applying(ab) == end && document.applying(left) == last && document.applying(right) == last
            && end.length == document.length + ab.lengthChange
            && Operation(json: ab.json) == ab && Operation.Document(json: end.json) == end
    }

    @Test func `positions keep their order and stay within the document`() throws {
        try self.each(5) { random in
            try Self.movesPositions(TextOperation.self, &random) && Self.movesPositions(Delta.self, &random)
        }
    }

    private static func movesPositions<Operation: RandomOperation>(
        _: Operation.Type, _ random: inout SeededGenerator
    ) throws -> Bool {
        let document = try Operation.randomDocument(&random)
        let operation = try Operation.random(on: document, &random)
        let end = try document.applying(operation).length
        for staysBefore in [true, false] {
            let moved = (0...document.length).map { operation.transform(position: $0, staysBefore: staysBefore) }
            guard zip(moved, moved.dropFirst()).allSatisfy({ $0 <= $1 }) else { return false }
            guard moved.allSatisfy({ (0...end).contains($0) }) else { return false }
        }
        return true
    }

    @Test func `a long document is edited as a short one is`() throws {
        var random = SeededGenerator(seed: 6)
        var document = TextDocument(random.word(20_000))
        var plain = document.string.utf16.map { $0 }
        for _ in 0..<150 {
            let position = random.position(plain)
            let end = position == plain.count ? position : position + random.step(plain, from: position, most: 3000)
            let text = random.chance(20) ? random.word(9000) : random.word(1500)
            let edit = try TextOperation(replacing: position..<end, with: text, length: plain.count)
            let inverse = try edit.inverted(on: document)
            let before = document
            try document.apply(edit)
            plain.replaceSubrange(position..<end, with: text.units)
            #expect(document.text.units == plain)
            #expect(try document.applying(inverse) == before)
        }
    }

    @Test func `a document of many runs is edited as its delta is`() throws {
        var random = SeededGenerator(seed: 7)
        var delta = Delta()
        for index in 0..<1500 { try delta.insert(random.word(), index % 2 == 0 ? ["bold": true] : [:]) }
        var document = try RichTextDocument(delta)
        for _ in 0..<80 {
            let units = document.text.units
            let position = random.position(units)
            let count = random.step(units, from: position, most: random.chance(4) ? 700 : 3)
            var edit = try Delta([
                .retain(position), random.chance(2) ? .delete(count) : .retain(count, ["color": "red"]),
            ])
            for index in 0..<random.below(random.chance(4) ? 200 : 2) {
                try edit.insert(random.word(), index % 2 == 0 ? [:] : ["bold": true])
            }
            let inverse = try edit.inverted(on: document)
            let before = document
            try document.apply(edit)
            delta = try delta.composed(with: edit)
            #expect(document.delta == delta)
            #expect(document.length == document.text.count)
            #expect(try document.applying(inverse) == before)
        }
    }
}
