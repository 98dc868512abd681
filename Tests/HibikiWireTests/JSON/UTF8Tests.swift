// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTestSupport
import HibikiWire
import NIOCore
import Testing

@Suite struct UTF8Tests {
    static let malformed: [[UInt8]] = [
        [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
        [0xE3, 0x81],
        [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98],
        [0xF4, 0x90, 0x80, 0x80],
        [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0xE3, 0x81, 0xC2], [0xF0, 0x9F, 0x98, 0x41],
    ]

    @Test(arguments: Self.malformed)
    func `malformed bytes are refused wherever they stand`(_ bytes: [UInt8]) {
        for before in 0..<17 {
            for after in [0, 1, 9] {
                let text =
                    Array(repeating: UInt8(ascii: "a"), count: before) + bytes
                    + Array(repeating: UInt8(ascii: "a"), count: after)
                #expect(!ByteBuffer(bytes: text).isValidUTF8)
            }
        }
    }

    @Test(arguments: [
        "", "a", "12345678", "é", "\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}\u{D7FF}\u{E000}", "aaaaaaa響き😀aaaaaaaaa",
    ])
    func `text is accepted`(_ text: String) {
        #expect(ByteBuffer(text: text).isValidUTF8)
    }

    @Test func `it agrees with the standard library on every two bytes and on random ones`() {
        var generator = SeededGenerator(seed: 7)
        let leads: [UInt8] = [
            0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF1, 0xF4,
        ]
        for first in UInt8.min...UInt8.max {
            for second in UInt8.min...UInt8.max { expectAgreement([first, second]) }
        }
        for _ in 0..<20_000 {
            expectAgreement(
                (0..<Int.random(in: 1...6, using: &generator)).map { _ in leads.randomElement(using: &generator) ?? 0 })
        }
    }

    private func expectAgreement(_ bytes: [UInt8]) {
        let expected = String(validating: bytes, as: UTF8.self) != nil
        guard ByteBuffer(bytes: bytes).isValidUTF8 != expected else { return }
        Issue.record("\(bytes) should be \(expected ? "accepted" : "refused")")
    }
}
