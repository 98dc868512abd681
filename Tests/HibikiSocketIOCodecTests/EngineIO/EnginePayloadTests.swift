// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

@Suite struct EnginePayloadTests {
    @Test func `revision 4 puts a separator between packets`() throws {
        let body = ByteBuffer(string: "4hello\u{1E}2\u{1E}bAQID\u{1E}4€")
        let packets: [EnginePacket] = [
            text("hello"), EnginePacket(.ping), .message(binary: ByteBuffer(bytes: [1, 2, 3])), text("€"),
        ]
        #expect(try read(body) == packets)
        #expect(payload(packets) == EnginePayload(body: body, isBinary: false))
    }

    @Test(arguments: ["", "\u{1E}", "4a\u{1E}", "\u{1E}4a", "4a\u{1E}\u{1E}4b", "4a\u{1E}7", "4a\u{1E}b=", "abc"])
    func `an empty or unknown packet is an error after the packets before it`(_ body: String) throws {
        var reader = EnginePayloadReader(ByteBuffer(string: body), version: .v4, isBinary: false, packetLimit: 9)
        var packets: [EnginePacket] = []
        #expect(throws: EngineViolation.self) { while let packet = try reader.next() { packets.append(packet) } }
        #expect(packets == (body.hasPrefix("4a") ? [text("a")] : []))
        #expect(try reader.next() == nil)
    }

    @Test func `the packet behind the limit is an error`() throws {
        var reader = EnginePayloadReader(
            ByteBuffer(string: "3\u{1E}3\u{1E}3"), version: .v4, isBinary: false, packetLimit: 2)
        #expect(try reader.next() == EnginePacket(.pong))
        #expect(try reader.next() == EnginePacket(.pong))
        let error = #expect(throws: EngineViolation.self) { try reader.next() }
        #expect(error?.message == "too many packets in one payload")
        #expect(try read(ByteBuffer(string: "3\u{1E}3"), limit: 2).count == 2)
        #expect(throws: EngineViolation.self) { try read(ByteBuffer(string: "3"), limit: 0) }
    }

    @Test func `revision 4 has no binary payloads`() {
        let error = #expect(throws: EngineViolation.self) { try read(ByteBuffer(string: "4a"), isBinary: true) }
        #expect(error?.message == "a binary payload in revision 4")
    }

    @Test(
        arguments: [
            [0x34, 0xFF], [0x34, 0xC0, 0x80], [0x34, 0xED, 0xA0, 0x80], [0x34, 0xE2, 0x82],
            [0x34, 0xF4, 0x90, 0x80, 0x80],
            [0x34, 0xE2, 0x82, 0x1E, 0x34],
        ] as [[UInt8]])
    func `text that is not UTF-8 is an error`(_ body: [UInt8]) {
        #expect(throws: EngineViolation.self) { try read(ByteBuffer(bytes: body)) }
        let counted = ByteBuffer(string: "2:") + body
        #expect(throws: EngineViolation.self) { try read(counted, .v3) }
        #expect(throws: EngineViolation.self) {
            try read(ByteBuffer(bytes: [0, UInt8(body.count), 0xFF] + body), .v3, isBinary: true)
        }
    }

    @Test(arguments: [
        ("1:2", [EnginePacket(.ping)]), ("6:4hello", [text("hello")]), ("2:4é", [text("é")]), ("2:4€", [text("€")]),
        ("3:4😀", [text("😀")]), ("3:4😀1:2", [text("😀"), EnginePacket(.ping)]),
        ("3:4e\u{301}2:4a", [text("e\u{301}"), text("a")]), ("2:4:", [text(":")]),
        ("11:40123456789", [text("0123456789")]),
        ("6:b4AQID", [.message(binary: ByteBuffer(bytes: [1, 2, 3]))]),
    ])
    func `revision 3 puts the length in UTF-16 units before each packet`(
        _ body: String, _ packets: [EnginePacket]
    ) throws {
        let body = ByteBuffer(string: body)
        #expect(try read(body, .v3) == packets)
        #expect(payload(packets, .v3, base64: true) == EnginePayload(body: body, isBinary: false))
    }

    @Test(arguments: [
        "", "2", "2:", "2:4", ":", ":4a", "0:", "0:2:4a", "02:4a", "+2:4a", "-2:4a", " 2:4a", "2 :4a", "2.0:4a",
        "1e1:4a",
        "0x2:4a", "２:4a", "2;4a", "3:4a", "2:4😀", "4:4😀", "2:7a", "5:b0AQI", "999999999:4a", "9999999999:4a",
        "18446744073709551618:4a", "4a",
    ])
    func `a length that is wrong is an error`(_ body: String) {
        #expect(throws: EngineViolation.self) { try read(ByteBuffer(string: body), .v3) }
    }

    @Test func `the packets of revision 3 before a bad one are delivered`() throws {
        var reader = EnginePayloadReader(
            ByteBuffer(string: "2:4a2:4b9:4c"), version: .v3, isBinary: false, packetLimit: 9)
        #expect(try reader.next() == text("a"))
        #expect(try reader.next() == text("b"))
        #expect(throws: EngineViolation.self) { try reader.next() }
        #expect(try reader.next() == nil)
    }

    @Test func `the binary form of revision 3 counts bytes in digits of its own`() throws {
        let packets: [EnginePacket] = [
            text("é"), .message(binary: ByteBuffer(bytes: [1, 2, 3])),
            EnginePacket(.pong, payload: ByteBuffer(string: "probe")),
            .message(binary: ByteBuffer(repeating: 7, count: 122)),
        ]
        var body = ByteBuffer(bytes: [0, 3, 0xFF, 0x34, 0xC3, 0xA9])
        body.writeBytes([1, 4, 0xFF, 4, 1, 2, 3] as [UInt8])
        body.writeBytes([0, 6, 0xFF] + Array("3probe".utf8))
        body.writeBytes([1, 1, 2, 3, 0xFF, 4] as [UInt8])
        body.writeRepeatingByte(7, count: 122)
        #expect(payload(packets, .v3) == EnginePayload(body: body, isBinary: true))
        #expect(try read(body, .v3, isBinary: true) == packets)
    }

    @Test(
        arguments: [
            [], [0], [1], [2, 1, 0xFF, 0x34], [0, 0xFF], [0, 1], [0, 1, 0xFF], [0, 0, 0xFF], [0, 0, 1, 0xFF, 0x34],
            [0, 10, 0xFF, 0x34], [0, 0x31, 0xFF, 0x34], [0, 2, 0xFF, 0x34], [1, 1, 0xFF, 0x34], [1, 1, 0xFF, 3],
            [0, 1, 0xFF, 0x37], [0, 9, 9, 9, 9, 9, 9, 9, 9, 9, 0xFF, 0x34],
            [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0x34],
            [0x34, 0x61],
        ] as [[UInt8]])
    func `a binary payload that is wrong is an error`(_ body: [UInt8]) {
        #expect(throws: EngineViolation.self) { try read(ByteBuffer(bytes: body), .v3, isBinary: true) }
    }

    @Test func `a payload is bytes only for a client of revision 3 that takes them and only when some are sent`() {
        let binary = EnginePacket.message(binary: ByteBuffer(bytes: [1, 2, 3]))
        #expect(payload([binary], .v3).contentType == "application/octet-stream")
        #expect(payload([binary], .v3, base64: true).contentType == "text/plain; charset=UTF-8")
        #expect(payload([text("a")], .v3).contentType == "text/plain; charset=UTF-8")
        #expect(payload([binary], .v4).contentType == "text/plain; charset=UTF-8")
    }

    @Test func `a writer knows whether it holds anything`() {
        for version in [EngineVersion.v3, .v4] {
            var writer = EnginePayloadWriter(version: version, base64: false)
            #expect(writer.isEmpty)
            writer.appendMessage(text: ByteBuffer())
            #expect(!writer.isEmpty)
            writer.appendMessage(binary: ByteBuffer())
            #expect(writer.finish().body.readableBytes > 0)
        }
    }

    @Test func `packets share the bytes of their body`() throws {
        let body = ByteBuffer(string: "4hello\u{1E}4world")
        let start = body.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }
        let places = try read(body).map {
            $0.payload.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) - start }
        }
        #expect(places == [1, 8])
    }
}

private func text(_ text: String) -> EnginePacket {
    .message(text: ByteBuffer(string: text))
}

private func + (buffer: ByteBuffer, bytes: [UInt8]) -> ByteBuffer {
    var buffer = buffer
    buffer.writeBytes(bytes)
    return buffer
}

private func read(
    _ body: ByteBuffer, _ version: EngineVersion = .v4, isBinary: Bool = false, limit: Int = 100
) throws -> [EnginePacket] {
    var reader = EnginePayloadReader(body, version: version, isBinary: isBinary, packetLimit: limit)
    var packets: [EnginePacket] = []
    while let packet = try reader.next() { packets.append(packet) }
    return packets
}

private func payload(
    _ packets: [EnginePacket], _ version: EngineVersion = .v4, base64: Bool = false
) -> EnginePayload {
    var writer = EnginePayloadWriter(version: version, base64: base64)
    for packet in packets { writer.append(packet) }
    return writer.finish()
}
