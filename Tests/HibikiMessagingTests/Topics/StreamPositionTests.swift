// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiTestSupport
import Testing

@Suite struct `The text of a position` {
    @Test(
        arguments: [
            ("5d41c0a2-17", 0x5D41_C0A2, 17), ("00000000-0", 0, 0), ("ffffffff-1", 0xFFFF_FFFF, 1),
            ("0000000a-9223372036854775808", 10, 9_223_372_036_854_775_808),
            ("0000000a-18446744073709551615", 10, UInt64.max),
        ] as [(String, UInt32, UInt64)])
    func `goes both ways`(_ text: String, _ epoch: UInt32, _ offset: UInt64) {
        #expect(StreamPosition(text) == .test(offset, epoch: epoch))
        #expect(StreamPosition.test(offset, epoch: epoch).description == text)
    }

    @Test(arguments: [
        "", "-", "-1", "9e99", "17", "5d41c0a2", "5d41c0a2-", "5d41c0a2--1", "5d41c0a2-+1", "5d41c0a2-01",
        "5d41c0a2-00",
        "5d41c0a2-18446744073709551616", "5d41c0a2-99999999999999999999", "5d41c0a2-1 ", " 5d41c0a2-1", "5D41C0A2-1",
        "5d41c0a2-0x1", "5d41c0ag-1", "5d41c0a-11", "05d41c0a2-1", "5d41c0a2-1\u{0}", "\u{0}d41c0a2-1",
        "5d41c0a2\u{0}1",
        "5d41c0a2-１", "5d41c0a2−1", "5d41c0a2-1\u{301}", "5d41c0a2-9e99", "5d41c0a2-1.5", "earliest", "latest",
    ])
    func `is nothing else`(_ text: String) {
        #expect(StreamPosition(text) == nil)
    }

    @Test func `is not a megabyte long`() {
        #expect(StreamPosition("5d41c0a2-" + String(repeating: "1", count: 1 << 20)) == nil)
        #expect(StreamPosition(String(repeating: "a", count: 1 << 20)) == nil)
    }

    @Test func `is read back or refused, whatever is written`() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<20_000 {
            let text = generator.text("0123456789abcdef-", upTo: 32)
            if let position = StreamPosition(text) {
                #expect(position.description == text)
            }
        }
        for _ in 0..<1_000 {
            let position = StreamPosition(
                epoch: .random(using: &generator),
                offset: generator.next() >> UInt64.random(in: 0..<64, using: &generator))
            #expect(StreamPosition(position.description) == position)
        }
    }
}
