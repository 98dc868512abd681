// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTestSupport
import NIOCore
import Testing

@testable import HibikiWebSocketCodec

@Suite struct `Writing frames` {
    @Test func `the frames of RFC 6455 section 5.7 are written`() {
        var buffer = ByteBuffer()
        #expect(buffer.writeWebSocketFrame(.text, payload: "Hello".utf8) == 7)
        #expect(buffer.writeWebSocketFrame(.text, payload: "Hello".utf8, mask: 0x37FA_213D) == 11)
        #expect(buffer.writeWebSocketFrame(.text, fin: false, payload: ByteBuffer(string: "Hel")) == 5)
        #expect(buffer.writeWebSocketFrame(.continuation, payload: ByteBuffer(string: "lo")) == 4)
        #expect(buffer == hex("810548656c6c6f 818537fa213d7f9f4d5158 010348656c 80026c6f"))
    }

    @Test(arguments: [
        (0, "8200"), (1, "8201"), (125, "827d"), (126, "827e007e"), (127, "827e007f"), (65_535, "827effff"),
        (65_536, "827f0000000000010000"),
    ])
    func `the length takes the shortest form`(_ count: Int, _ header: String) {
        var buffer = ByteBuffer()
        let written = buffer.writeWebSocketFrame(.binary, payload: ByteBuffer(repeating: 9, count: count))
        #expect(written == buffer.readableBytes)
        #expect(buffer == joined(hex(header), ByteBuffer(repeating: 9, count: count)))
        #expect(WebSocketFrameSize.ofHeader(count) == hex(header).readableBytes)
        #expect(WebSocketFrameSize.ofHeader(count, isMasked: true) == hex(header).readableBytes + 4)
    }

    @Test func `RSV1 marks a compressed message`() {
        var buffer = ByteBuffer()
        buffer.writeWebSocketFrame(.text, compressed: true, payload: [0x00])
        #expect(buffer == hex("c10100"))
    }

    @Test(arguments: [0, 1, 125, 126, 65_535, 65_536], [0, 126, 65_536])
    func `a frame written in place equals one written at once`(_ count: Int, _ expected: Int) {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        for mask in [nil, 0x0102_0304] as [UInt32?] {
            var whole = ByteBuffer(string: "before")
            whole.writeWebSocketFrame(.text, payload: payload, mask: mask)
            whole.writeString("after")
            var inPlace = ByteBuffer(string: "before")
            let written = inPlace.writeWebSocketFrame(.text, expecting: expected, mask: mask) { buffer in
                for byte in payload { buffer.writeInteger(byte) }
            }
            inPlace.writeString("after")
            #expect(inPlace == whole)
            #expect(written == whole.readableBytes - 11)
        }
    }

    @Test func `a frame in place stands right behind bytes that were read already`() {
        var buffer = ByteBuffer(string: "before")
        buffer.moveReaderIndex(forwardBy: 6)
        let frame = buffer.beginWebSocketFrame(mask: 0x37FA_213D)
        buffer.writeString("Hello")
        buffer.endWebSocketFrame(frame, .text)
        #expect(buffer == hex("818537fa213d7f9f4d5158"))
    }

    @Test func `a frame whose body fails leaves nothing behind`() {
        struct Broken: Error {}
        var buffer = ByteBuffer(string: "before")
        #expect(throws: Broken.self) {
            try buffer.writeWebSocketFrame(.text) { (buffer: inout ByteBuffer) throws(Broken) in
                buffer.writeString("half")
                throw Broken()
            }
        }
        #expect(buffer == ByteBuffer(string: "before"))
    }

    @Test func `a close frame carries its code and reason`() {
        var buffer = ByteBuffer()
        buffer.writeWebSocketClose(code: .goingAway, reason: "bye")
        buffer.writeWebSocketClose(WebSocketCloseFrame())
        buffer.writeWebSocketClose(code: .abnormalClosure, reason: "never sent")
        #expect(buffer == hex("880503e9627965 8800 8800"))
    }

    @Test(arguments: ["a", "é", "☂", "🎷"]) func `a long reason is cut before a character that does not fit`(
        _ character: String
    ) throws {
        for prefix in 0..<4 {
            let reason = String(repeating: "x", count: prefix) + String(repeating: character, count: 130)
            var buffer = ByteBuffer()
            buffer.writeWebSocketClose(code: .normalClosure, reason: reason, mask: 0xA1B2_C3D4)
            var reader = WebSocketReader(role: .server)
            guard case .close(let frame)? = try reader.next(&buffer) else {
                Issue.record("no close frame")
                return
            }
            let size = character.utf8.count
            #expect(reason.hasPrefix(frame.reason))
            #expect(frame.reason.utf8.count == prefix + (123 - prefix) / size * size)
        }
    }

    @Test func `a reason of 123 bytes is kept whole`() {
        var buffer = ByteBuffer()
        #expect(buffer.writeWebSocketClose(code: .normalClosure, reason: String(repeating: "a", count: 123)) == 127)
    }

    @Test func `masking works at every length, offset and phase`() {
        var random = SeededGenerator(seed: 7)
        for count in 0..<100 {
            let bytes = random.bytes(count + 3)
            let key = random.bytes(4)
            let word = key.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
            for start in 0..<4 {
                var masked = Array(bytes[start..<(start + count)])
                masked.withUnsafeMutableBytes { Masking.apply(Masking.rotated(word, by: start), to: $0) }
                let expected = (0..<count).map { bytes[start + $0] ^ key[(start + $0) % 4] }
                #expect(masked == expected)
            }
        }
    }
}
