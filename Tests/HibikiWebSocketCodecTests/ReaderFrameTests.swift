// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
import NIOCore
import Testing

@Suite struct `Reading frames` {
    @Test func `a masked text frame of RFC 6455 is read`() {
        #expect(serverReads(hex("8185 37fa213d 7f9f4d5158")).events == [.text(ByteBuffer(string: "Hello"))])
    }

    @Test func `an unmasked text frame of RFC 6455 is read by a client`() {
        var reader = WebSocketReader(role: .client)
        #expect(reader.readAll([hex("8105 48656c6c6f")]).events == [.text(ByteBuffer(string: "Hello"))])
    }

    @Test func `fragments become one message with control frames between them`() {
        let stream = joined(
            masked(.text, "Hel", fin: false), masked(.ping, "a"), masked(.continuation, "", fin: false),
            masked(.pong, "b"), masked(.continuation, "lo")
        )
        #expect(
            serverReads(stream).events == [
                .ping(ByteBuffer(string: "a")), .pong(ByteBuffer(string: "b")), .text(ByteBuffer(string: "Hello")),
            ]
        )
    }

    @Test(arguments: [0, 1, 125, 126, 127, 65_535, 65_536])
    func `a payload of this many bytes is read`(_ count: Int) {
        let payload = ByteBuffer(bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0) })
        #expect(serverReads(masked(.binary, payload)) == Reading(events: [.binary(payload)]))
    }

    @Test func `a length in more bytes than needed is read`() {
        #expect(serverReads(hex("82fe0001 00000000 61")).events == [.binary(ByteBuffer(string: "a"))])
    }

    @Test(arguments: [
        ("unmasked text", "810161", ProtocolViolation.missingMask),
        ("unmasked ping", "8900", .missingMask),
        ("RSV2", "a180 00000000", .reservedBits),
        ("RSV3", "9180 00000000", .reservedBits),
        ("RSV1 without the extension", "c180 00000000", .unexpectedCompression),
        ("RSV1 on a ping", "c980 00000000", .compressedControlFrame),
        ("opcode 3", "8380 00000000", .reservedOpcode),
        ("opcode 7", "8780 00000000", .reservedOpcode),
        ("opcode B", "8b80 00000000", .reservedOpcode),
        ("opcode F", "8f80 00000000", .reservedOpcode),
        ("ping without FIN", "0980 00000000", .fragmentedControlFrame),
        ("close without FIN", "0880 00000000", .fragmentedControlFrame),
        ("ping of 126 bytes", "89fe007e 00000000", .controlFrameTooLong),
        ("close of a 64-bit length", "88ff0000000000000001", .controlFrameTooLong),
        ("continuation without a start", "8080 00000000", .continuationWithoutMessage),
        ("text inside a message", "018000000000 8180", .messageInsideMessage),
        ("close of one byte", "8881 00000000 03", .truncatedCloseCode),
        ("close reason that is not UTF-8", "8884 00000000 03e8c328", .invalidUTF8),
        ("close reason that breaks off", "8884 00000000 03e8e282", .invalidUTF8),
    ])
    func `a frame that breaks the protocol is refused`(_ name: String, _ digits: String, _ violation: ProtocolViolation)
    {
        #expect(serverReads(hex(digits)) == Reading(violation: violation), "\(name)")
        var reader = WebSocketReader(role: .server)
        #expect(reader.readAll(hex(digits).singleBytes) == Reading(violation: violation), "\(name), byte by byte")
    }

    @Test func `a client refuses a mask`() {
        var reader = WebSocketReader(role: .client)
        #expect(reader.readAll([masked(.text, "a")]).violation == .unexpectedMask)
    }

    @Test func `a first byte is refused before the second has come`() {
        #expect(serverReads(hex("83")).violation == .reservedOpcode)
        #expect(serverReads(hex("8101")).violation == .missingMask)
    }

    @Test(arguments: [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2999, 5000, 65_535] as [UInt16])
    func `a close code that must not travel is refused`(_ code: UInt16) {
        let payload = ByteBuffer(integer: code)
        #expect(serverReads(masked(.close, payload)).violation == .invalidCloseCode)
    }

    @Test(arguments: [1000, 1001, 1002, 1003, 1007, 1011, 1012, 1014, 3000, 3999, 4000, 4999] as [UInt16])
    func `a close code that may travel is read`(_ code: UInt16) {
        var payload = ByteBuffer(integer: code)
        payload.writeString("bye ☂")
        let frame = WebSocketCloseFrame(code: WebSocketCloseCode(rawValue: code), reason: "bye ☂")
        #expect(serverReads(masked(.close, payload)).events == [.close(frame)])
    }

    @Test func `a close frame without a body has no code`() {
        #expect(serverReads(masked(.close)).events == [.close(WebSocketCloseFrame())])
    }

    @Test func `all bytes after a close frame are ignored`() {
        let stream = joined(masked(.close), masked(.text, "late"), hex("ffff"))
        #expect(serverReads(stream, hex("83")) == Reading(events: [.close(WebSocketCloseFrame())]))
    }

    @Test func `all bytes after a violation are ignored and the violation is thrown once`() throws {
        var reader = WebSocketReader(role: .server)
        var input = joined(hex("83"), masked(.text, "late"))
        #expect(throws: ProtocolViolation.reservedOpcode) { try reader.next(&input) }
        #expect(reader.isFinished)
        #expect(try reader.next(&input) == nil)
        #expect(input.readableBytes == 0)
    }

    @Test func `a reader is idle between messages only`() throws {
        var reader = WebSocketReader(role: .server)
        #expect(reader.isIdle)
        for (digits, idle) in [("81", false), ("81", false), ("00000000", false), ("61", true), ("0180", false)] {
            var input = hex(digits)
            _ = try reader.next(&input)
            #expect(reader.isIdle == idle, "after \(digits)")
        }
    }

    @Test func `a copy of a reader goes its own way`() throws {
        var reader = WebSocketReader(role: .server)
        #expect(reader.readAll([hex("8182 00000000 61")]).events.isEmpty)
        var copy = reader
        #expect(reader.readAll([hex("62")]).events == [.text(ByteBuffer(string: "ab"))])
        #expect(copy.readAll([hex("63")]).events == [.text(ByteBuffer(string: "ac"))])
    }

    @Test func `a message is a slice of the input, and a held one does not change`() throws {
        var input = ByteBufferAllocator().buffer(capacity: 256)
        input.writeImmutableBuffer(joined(masked(.text, "first"), masked(.text, "second"), masked(.text, "third")))
        let address = input.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }
        var reader = WebSocketReader(role: .server)
        guard case .text(let first)? = try reader.next(&input) else {
            Issue.record("no text")
            return
        }
        #expect(first.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) } == address + 6)
        #expect(try reader.next(&input) == .text(ByteBuffer(string: "second")))
        #expect(try reader.next(&input) == .text(ByteBuffer(string: "third")))
        #expect(first == ByteBuffer(string: "first"))
    }

    @Test func `a copy of the input that somebody else holds stays masked`() throws {
        var input = masked(.text, "Hello")
        let held = input
        var reader = WebSocketReader(role: .server)
        #expect(try reader.next(&input) == .text(ByteBuffer(string: "Hello")))
        #expect(held == masked(.text, "Hello"))
    }

    @Test func `an idle reader is small`() {
        #expect(MemoryLayout<WebSocketReader>.size <= 64)
    }
}
