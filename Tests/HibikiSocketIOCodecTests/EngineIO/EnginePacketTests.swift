// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

@Suite struct EnginePacketTests {
    @Test(arguments: [
        ("0{}", EnginePacket.Kind.open, "{}"), ("1", .close, ""), ("2", .ping, ""), ("2probe", .ping, "probe"),
        ("3", .pong, ""), ("4", .message, ""), ("4hello", .message, "hello"), ("4é😀", .message, "é😀"),
        ("5", .upgrade, ""), ("6", .noop, ""), ("44", .message, "4"),
    ])
    func `a text frame is a digit and its payload`(_ text: String, _ kind: EnginePacket.Kind, _ payload: String) throws
    {
        let packet = try EnginePacket(textFrame: ByteBuffer(string: text))
        #expect(packet == EnginePacket(kind, payload: ByteBuffer(string: payload)))
        #expect(!packet.isBinary)
        #expect(written(packet) == text)
    }

    @Test(arguments: ["", "7", "8", "9", "/", ":", "abc", " 4", "\u{0}", "\u{FF14}", "a", "B"])
    func `a text frame that begins with anything else is refused`(_ text: String) {
        #expect(throws: EngineViolation.self) { try EnginePacket(textFrame: ByteBuffer(string: text)) }
    }

    @Test func `a payload shares the bytes of its frame`() throws {
        var frame = ByteBuffer(string: "xx4hello")
        frame.moveReaderIndex(forwardBy: 2)
        let packet = try EnginePacket(textFrame: frame)
        let inFrame = frame.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }
        let inPacket = packet.payload.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }
        #expect(inPacket == inFrame + 1)
    }

    @Test(arguments: [
        ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmE=", "fooba"),
        ("Zm9vYmFy", "foobar"),
    ])
    func `base64 is read with and without padding and written with it`(_ text: String, _ bytes: String) throws {
        let message = EnginePacket.message(binary: ByteBuffer(string: bytes))
        let bare = String(text.prefix { $0 != "=" })
        #expect(try EnginePacket(textFrame: ByteBuffer(string: "b" + text)) == message)
        #expect(try EnginePacket(textFrame: ByteBuffer(string: "b" + bare)) == message)
        #expect(try EnginePacket(textFrame: ByteBuffer(string: "b4" + text), version: .v3) == message)
        #expect(written(message) == "b" + text)
        #expect(written(message, .v3) == "b4" + text)
    }

    @Test func `every byte survives base64`() throws {
        for length in 0...260 {
            let bytes = ByteBuffer(bytes: (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ length) })
            for version in [EngineVersion.v3, .v4] {
                var text = ByteBuffer()
                text.writeEngineText(.message(binary: bytes), version: version)
                #expect(try EnginePacket(textFrame: text, version: version) == .message(binary: bytes))
            }
        }
        #expect(written(.message(binary: ByteBuffer(bytes: [0xFB, 0xFF, 0xFE]))) == "b+//+")
    }

    @Test(arguments: [
        "b=", "b==", "b===", "b====", "bA", "bA=", "bA==", "bA===", "bAA=", "bAAA==", "bAAAAA", "bZg=", "bZg===",
        "bZg==Zg==",
        "bZh==", "bZm9=", "b-_-_", "bZm9v\n", "bZm 9v", "b Zm9v", "bé", "b\u{0}AAA", "bAAA\u{0}",
    ])
    func `what is not base64 is refused`(_ text: String) {
        #expect(throws: EngineViolation.self) { try EnginePacket(textFrame: ByteBuffer(string: text)) }
    }

    @Test(arguments: ["b", "b0AQID", "b5AQID", "b\u{4}AQID", "bAQID"])
    func `in revision 3 base64 stands behind the digit of a message`(_ text: String) {
        #expect(throws: EngineViolation.self) { try EnginePacket(textFrame: ByteBuffer(string: text), version: .v3) }
    }

    @Test func `a binary frame of revision 4 is the message`() throws {
        for bytes: [UInt8] in [[], [4], [1, 2, 3]] {
            let frame = ByteBuffer(bytes: bytes)
            #expect(try EnginePacket(binaryFrame: frame, version: .v4) == .message(binary: frame))
            var written = ByteBuffer()
            written.writeEngineBinary(frame, version: .v4)
            #expect(written == frame)
        }
    }

    @Test func `a binary frame of revision 3 begins with its type`() throws {
        let message = ByteBuffer(bytes: [1, 2, 3])
        var frame = ByteBuffer()
        frame.writeEngineBinary(message, version: .v3)
        #expect(frame == ByteBuffer(bytes: [4, 1, 2, 3]))
        #expect(try EnginePacket(binaryFrame: frame, version: .v3) == .message(binary: message))
        for bytes: [UInt8] in [[], [0], [3, 1], [5, 1], [0x34, 1], [0xFF]] {
            #expect(throws: EngineViolation.self) {
                try EnginePacket(binaryFrame: ByteBuffer(bytes: bytes), version: .v3)
            }
        }
    }
}

private func written(_ packet: EnginePacket, _ version: EngineVersion = .v4) -> String {
    var text = ByteBuffer()
    text.writeEngineText(packet, version: version)
    return String(buffer: text)
}
