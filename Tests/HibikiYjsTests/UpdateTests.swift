// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiYjs
import Testing

/// Functions on the bytes of updates, without a document.
@Suite(.timeLimit(.minutes(1))) struct UpdateTests {
    /// Client 1 twice: units 0 and 1, and unit 4.
    private static let parted = Wire.update([
        Wire.part(1, [Wire.text("ab")]), Wire.part(1, from: 4, [Wire.text("e", after: 1, 3)]),
    ])
    /// The same with a hole in between.
    private static let whole = Wire.update([Wire.part(1, [Wire.text("ab"), [10, 2], Wire.text("e", after: 1, 3)])])

    @Test func `a client in two parts keeps its clocks`() throws {
        #expect(try YUpdate.diff(Self.parted, from: YStateVector()) == Self.whole)
        let converted = try YUpdate.convert(Self.parted, from: .v1, to: .v2)
        #expect(try YUpdate.convert(converted, from: .v2, to: .v1) == Self.whole)
        #expect(try YUpdate.stateVector(of: Self.parted) == YStateVector([1: 2]))
        let range = try YUpdate.range(of: Self.parted)
        #expect(range.from == YStateVector([1: 0]))
        #expect(range.to == YStateVector([1: 5]))
        let swapped = Wire.update([
            Wire.part(1, from: 4, [Wire.text("e", after: 1, 3)]), Wire.part(1, [Wire.text("ab")]),
        ])
        #expect(try YUpdate.diff(swapped, from: YStateVector()) == Self.whole)
    }

    @Test func `a document takes a client in two parts`() throws {
        let document = YDocument()
        try document.apply(Self.parted)
        #expect(document.stateVector == YStateVector([1: 2]))
        try document.apply(Wire.update([Wire.part(1, from: 2, [Wire.text("cd", after: 1, 1)])]))
        #expect(try document.text("t").string == "abcde")
    }

    @Test func `fifty thousand updates with a deletion each are merged`() throws {
        let count = 50_000
        let updates = (0..<count).map {
            Wire.update([], deletions: Wire.deletions(of: 1, [(clock: 2 * $0, length: 1)]))
        }
        let all = Wire.deletions(of: 1, (0..<count).map { (clock: 2 * $0, length: 1) })
        #expect(try YUpdate.merge(updates) == Wire.update([], deletions: all))
    }
}
