// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTestSupport
import HibikiWebSocketCodec
import NIOCore
import Testing

/// Bytes that are not UTF-8, and the index of the first wrong one.
private let wrong: [(bytes: String, index: Int)] = [
    ("80", 0), ("bf", 0), ("c0 80", 0), ("c1 bf", 0), ("c2 20", 1), ("c2 c2", 1), ("df ff", 1),
    ("e0 80 80", 1), ("e0 9f bf", 1), ("e1 20 80", 1), ("e1 80 20", 2), ("e2 82 c2", 2),
    ("ed a0 80", 1), ("ed bf bf", 1), ("ed ad bf ed be 80", 1),
    ("f0 80 80 80", 1), ("f0 8f bf bf", 1), ("f0 90 80 20", 3), ("f1 80 20 80", 2),
    ("f4 90 80 80", 1), ("f5 80 80 80", 0), ("f8 88 80 80 80", 0), ("fe", 0), ("ff", 0),
    ("61 62 63 64 65 66 67 68 69 80", 9), ("ce ba e1 bd b9 cf 83 ce bc ce b5 f4 90 80 80 65", 12),
    ("6161616161616161 6161616161616161 c3a9 61616161616161 ff", 25),
]

private let right = [
    "", "00", "7f", "c2 80", "df bf", "e0 a0 80", "ec bf bf", "ed 80 80", "ed 9f bf", "ee 80 80", "ef bf bf",
    "ef bf be", "f0 90 80 80", "f3 bf bf bf", "f4 80 80 80", "f4 8f bf bf",
    "ce ba e1 bd b9 cf 83 ce bc ce b5", "6161616161616161 6161616161616161 61616161 c3a9 6161616161616161 61",
]

extension UTF8Validator {
    fileprivate mutating func accepts(_ buffer: ByteBuffer) -> Bool {
        buffer.withUnsafeReadableBytes { self.accepts($0) }
    }
}

@Suite struct `UTF-8` {
    @Test(arguments: wrong) func `fails at the first wrong byte and not before`(_ bytes: String, _ index: Int) {
        let bytes = hex(bytes)
        var validator = UTF8Validator()
        let good = validator.accepts(bytes.getSlice(at: 0, length: index) ?? ByteBuffer())
        let bad = validator.accepts(bytes.getSlice(at: index, length: 1) ?? ByteBuffer())
        #expect(good && !bad)
        #expect(!bytes.withUnsafeReadableBytes { UTF8Validator.isValid($0) })
    }

    @Test(arguments: right) func `passes whole and split at every byte`(_ digits: String) {
        let bytes = hex(digits)
        #expect(bytes.withUnsafeReadableBytes { UTF8Validator.isValid($0) })
        for end in 0...bytes.readableBytes {
            var validator = UTF8Validator()
            for piece in bytes.pieces(endingAt: [end]) {
                let isAccepted = validator.accepts(piece)
                #expect(isAccepted, "split at \(end)")
            }
            #expect(validator.isComplete)
        }
    }

    @Test(arguments: ["c2", "e0 a0", "ed 9f", "f0 90 80", "61 f4 8f bf"])
    func `a character that breaks off is incomplete, not wrong`(_ digits: String) {
        var validator = UTF8Validator()
        let isAccepted = validator.accepts(hex(digits))
        #expect(isAccepted && !validator.isComplete)
        #expect(serverReads(masked(.text, hex(digits))).violation == .invalidUTF8)
        let fragments = joined(masked(.text, hex(digits), fin: false), masked(.continuation, ""))
        #expect(serverReads(fragments).violation == .invalidUTF8)
    }

    @Test(arguments: wrong) func `a text message fails at the first wrong byte, even inside a frame`(
        _ digits: String, _ index: Int
    ) {
        let bytes = hex(digits)
        var payload = bytes
        payload.writeRepeatingByte(0x61, count: 90)
        let frame = masked(.text, payload)
        var reader = WebSocketReader(role: .server)
        let header = 6
        let good = frame.getSlice(at: 0, length: header + index) ?? ByteBuffer()
        let bad = frame.getSlice(at: header + index, length: 1) ?? ByteBuffer()
        #expect(reader.readAll([good]) == Reading())
        #expect(reader.readAll([bad]) == Reading(violation: .invalidUTF8))
    }

    @Test(arguments: wrong) func `a text message fails across its fragments`(_ digits: String, _ index: Int) {
        let bytes = hex(digits)
        for end in 0...bytes.readableBytes {
            let parts = bytes.pieces(endingAt: [end])
            let stream = joined(masked(.text, parts[0], fin: false), masked(.continuation, parts[1], fin: false))
            #expect(serverReads(stream) == Reading(violation: .invalidUTF8))
        }
    }

    @Test(arguments: wrong) func `binary messages may hold anything`(_ digits: String, _ index: Int) {
        #expect(serverReads(masked(.binary, hex(digits))) == Reading(events: [.binary(hex(digits))]))
    }

    @Test func `agrees with the standard library on random bytes`() {
        var random = SeededGenerator(seed: 0x5EED)
        let pieces: [[UInt8]] = [
            [0x61], [0xC3, 0xA9], [0xE2, 0x98, 0x82], [0xF0, 0x9F, 0x8E, 0xB7], [0xED, 0x9F, 0xBF], [0xF4, 0x8F],
            [0xE0], [0x80], [0xED, 0xA0, 0x80], [0xC0], Array(repeating: 0x62, count: 19),
        ]
        for _ in 0..<3_000 {
            let bytes = (0..<Int.random(in: 0...6, using: &random)).flatMap { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }
            let expected = String(validating: bytes, as: UTF8.self) != nil
            #expect(bytes.withUnsafeBytes { UTF8Validator.isValid($0) } == expected, "\(bytes)")
        }
    }
}
