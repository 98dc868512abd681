// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Testing

@testable import HibikiYjs

@Suite(.timeLimit(.minutes(1))) struct FormattingTests {
    @Test func `what is in force at a place is the same whether it is known or looked for from the start`() throws {
        var random = Seeded(11)
        let document = YDocument(clientID: 1)
        let other = YDocument(clientID: 2)
        let text = try document.text("t")
        for round in 0..<1500 {
            try Self.edit(text, &random)
            if round % 10 == 0 {
                try other.apply(document.encodeState(from: other.stateVector))
                try Self.edit(other.text("t"), &random)
                try document.apply(other.encodeState(from: document.stateVector))
            }
            guard round > 200 else { continue }
            let position = random.below(text.length + 1)
            // A search may cut a run: both begin with the same.
            var known = document.store
            var fresh = document.store
            fresh.branches[text.handle.branch.index].index = nil
            let (one, two) = (known.cursor(at: position, in: 0), fresh.cursor(at: position, in: 0))
            #expect(one.left == two.left)
            #expect(one.right == two.right)
            #expect(one.marks.pairs.map(\.key) == two.marks.pairs.map(\.key))
            #expect(one.marks.pairs.map(\.value) == two.marks.pairs.map(\.value))
        }
        #expect(document.structs.count > 500)
    }

    private static func edit(_ text: YText, _ random: inout Seeded) throws {
        let length = text.length
        let start = random.below(length + 1)
        let end = min(length, start + 1 + random.below(9))
        let values: [YValue] = [true, .null, "red", 7]
        switch random.below(6) {
        case 0 where start < end: try text.remove(start..<end)
        case 1, 2:
            guard start < end else { return }
            try text.format(
                start..<end, attributes: YObject([(["b", "i", "c"][random.below(3)], values[random.below(4)])]))
        default: try text.insert(["x", "yz", "abc"][random.below(3)], at: start)
        }
    }

    @Test func `each of many edits at the end of a long formatted text looks at what is near`() throws {
        let document = YDocument(clientID: 1)
        let text = try document.text("t")
        // Parts of three letters, each of another client, every other one bold.
        let count = 4000
        let base = (0..<count).map { index in
            Wire.part(1 + count - index, [Wire.text("abc")])
        }
        try document.apply(Wire.update(base))
        for index in stride(from: 0, to: count, by: 50) {
            try text.format((3 * index)..<(3 * index + 3), attributes: ["b": true])
        }
        for _ in 0..<3000 { try text.insert("x", at: text.length - 4) }
        #expect(text.length == 3 * count + 3000)
        #expect(text.string.hasSuffix("xxxcabc"))
    }
}
