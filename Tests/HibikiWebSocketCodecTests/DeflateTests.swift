// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import CZlib
import HibikiTestSupport
import HibikiWebSocketCodec
import NIOCore
import Testing

private let noTakeover = PermessageDeflate.Agreement(serverNoContextTakeover: true, clientNoContextTakeover: true)

private func sample(_ count: Int, seed: UInt64 = 1) -> ByteBuffer {
    var random = SeededGenerator(seed: seed)
    let words = ["topic", "event", "payload", "position", "{", "}", ":", ",", "0", "public/news", "é"]
    var buffer = ByteBuffer()
    while buffer.readableBytes < count {
        buffer.writeString(words[Int.random(in: 0..<words.count, using: &random)])
    }
    return buffer.getSlice(at: 0, length: count) ?? ByteBuffer()
}

@Suite struct `Deflate` {
    @Test func `the examples of RFC 7692 section 7.2.3 inflate`() throws {
        let contexts = DeflateContexts()
        let hello = ByteBuffer(string: "Hello")
        let examples = [
            "f248cdc9c90700", "000500faff48656c6c6f00", "f348cdc9c9070000",
            "f248050000 00ffff cac9c90700",
        ]
        for example in examples {
            #expect(try contexts.inflate(hex(example), limit: 5) == hello, "\(example)")
        }
    }

    @Test func `a shared window is used as in RFC 7692 section 7.2.3.2`() throws {
        let stream = try #require(InflateStream())
        #expect(try stream.inflate(hex("f248cdc9c90700"), limit: 5) == ByteBuffer(string: "Hello"))
        #expect(try stream.inflate(hex("f200110000"), limit: 5) == ByteBuffer(string: "Hello"))
        stream.reset()
        #expect(throws: ProtocolViolation.invalidCompressedData) { try stream.inflate(hex("f200110000"), limit: 5) }
    }

    @Test func `an empty message is one byte, and no byte means the same`() throws {
        let contexts = DeflateContexts()
        let stream = try #require(DeflateStream(windowBits: 15))
        #expect(contexts.deflate(ByteBuffer()) == hex("00"))
        #expect(stream.deflate(ByteBuffer()) == hex("00"))
        #expect(stream.deflate(ByteBuffer()) == hex("00"))
        #expect(try contexts.inflate(hex("00"), limit: 0) == ByteBuffer())
        #expect(try contexts.inflate(ByteBuffer(), limit: 0) == ByteBuffer())
    }

    @Test(arguments: [8, 9, 10, 12, 15], [1, 100, 1_026, 70_000, 300_000])
    func `what is deflated inflates to itself`(_ bits: Int, _ count: Int) throws {
        let contexts = DeflateContexts()
        let message = sample(count)
        let deflated = try #require(contexts.deflate(message, windowBits: bits))
        #expect(count < 1_000 || deflated.readableBytes < count)
        #expect(try contexts.inflate(deflated, limit: count) == message)
        #expect(throws: ProtocolViolation.messageTooBig) { try contexts.inflate(deflated, limit: count - 1) }
    }

    @Test func `random bytes that do not compress survive`() throws {
        var random = SeededGenerator(seed: 3)
        let contexts = DeflateContexts()
        for count in [1, 63, 64, 65, 16_383, 65_536, 200_001] {
            let message = ByteBuffer(bytes: random.bytes(count))
            let deflated = try #require(contexts.deflate(message))
            #expect(try contexts.inflate(deflated, limit: count) == message)
        }
    }

    @Test func `a window of 8 is never exceeded`() throws {
        let message = sample(100_000)
        let deflated = try #require(DeflateContexts().deflate(message, windowBits: 8))
        var stream = z_stream()
        #expect(hibiki_inflateInit2(&stream, -8) == Z_OK)
        defer { inflateEnd(&stream) }
        var input = Array(deflated.readableBytesView)
        var output: [UInt8] = []
        input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            // With room for one byte at a time zlib has nothing but its window of 256 bytes to copy from.
            var byte: UInt8 = 0
            while output.count < message.readableBytes {
                stream.next_out = withUnsafeMutablePointer(to: &byte) { $0 }
                stream.avail_out = 1
                guard inflate(&stream, Z_SYNC_FLUSH) == Z_OK, stream.avail_out == 0 else { return }
                output.append(byte)
            }
        }
        #expect(ByteBuffer(bytes: output) == message)
    }

    @Test func `a context kept between messages makes the second one smaller`() throws {
        let deflater = try #require(DeflateStream(windowBits: 10))
        let inflater = try #require(InflateStream(windowBits: 10))
        let message = sample(200)
        let sizes = try (0..<20).map { _ in
            let deflated = try #require(deflater.deflate(message))
            #expect(try inflater.inflate(deflated, limit: 200) == message)
            return deflated.readableBytes
        }
        #expect(sizes[1] * 4 < sizes[0])
    }

    @Test func `a broadcast compressed once may stand between messages that share a context`() throws {
        let contexts = DeflateContexts()
        let deflater = try #require(DeflateStream(windowBits: 15))
        let inflater = try #require(InflateStream())
        for round in 0..<20 {
            let own = sample(500, seed: UInt64(round / 3))
            let deflated = try #require(deflater.deflate(own))
            #expect(try inflater.inflate(deflated, limit: 500) == own)
            let broadcast = sample(40_000, seed: 99)
            let shared = try #require(contexts.deflate(broadcast))
            #expect(try inflater.inflate(shared, limit: 40_000) == broadcast)
            deflater.reset()
        }
    }

    @Test func `a block with BFINAL set does not end the message`() throws {
        let contexts = DeflateContexts()
        let final = hex("f348cdc9c90700")
        #expect(try contexts.inflate(final, limit: 5) == ByteBuffer(string: "Hello"))
        #expect(
            try contexts.inflate(joined(final, hex("f248cdc9c90700")), limit: 10) == ByteBuffer(string: "HelloHello"))
        #expect(try contexts.inflate(joined(final, final, hex("00")), limit: 10) == ByteBuffer(string: "HelloHello"))
        #expect(throws: ProtocolViolation.messageTooBig) { try contexts.inflate(joined(final, final), limit: 9) }
        let stream = try #require(InflateStream())
        #expect(try stream.inflate(final, limit: 5) == ByteBuffer(string: "Hello"))
        #expect(try stream.inflate(hex("f200110000"), limit: 5) == ByteBuffer(string: "Hello"), "the window stays")
    }

    @Test(arguments: ["ff", "07", "f248cdc9", "000600f9ff48", "000500000048656c6c6f00", "f2000120 00", "0000"])
    func `data that do not inflate are refused and leave the pool usable`(_ digits: String) throws {
        let contexts = DeflateContexts()
        #expect(throws: ProtocolViolation.invalidCompressedData) { try contexts.inflate(hex(digits), limit: 1_000) }
        #expect(try contexts.inflate(hex("f248cdc9c90700"), limit: 5) == ByteBuffer(string: "Hello"))
    }

    @Test func `a bomb stops at the limit`() throws {
        let contexts = DeflateContexts()
        let bomb = try #require(contexts.deflate(ByteBuffer(repeating: 0, count: 10_000_000)))
        #expect(bomb.readableBytes < 65_536)
        #expect(throws: ProtocolViolation.messageTooBig) { try contexts.inflate(bomb, limit: 65_536) }
        let reading = serverReads(
            masked(.binary, bomb, compressed: true), compression: noTakeover, deflate: contexts
        )
        #expect(reading == Reading(violation: .messageTooBig))
    }

    @Test func `many small frames of one message share one limit after inflation`() throws {
        let contexts = DeflateContexts()
        let bomb = try #require(contexts.deflate(ByteBuffer(repeating: 0, count: 500_000)))
        var stream = ByteBuffer()
        let parts = bomb.pieces(endingAt: Array(stride(from: 10, to: bomb.readableBytes, by: 10)))
        for (index, part) in parts.enumerated() {
            stream.writeWebSocketFrame(
                index == 0 ? .text : .continuation, fin: index == parts.count - 1, compressed: index == 0,
                payload: part,
                mask: 1
            )
        }
        #expect(serverReads(stream, compression: noTakeover, deflate: contexts) == Reading(violation: .messageTooBig))
    }

    @Test func `random bytes never trap and never pass the limit`() {
        var random = SeededGenerator(seed: 0xDEF1A7E)
        let contexts = DeflateContexts()
        for _ in 0..<5_000 {
            let payload = ByteBuffer(bytes: random.bytes(Int.random(in: 0...60, using: &random)))
            if let message = try? contexts.inflate(payload, limit: 100) { #expect(message.readableBytes <= 100) }
        }
    }
}

@Suite struct `Reading compressed messages` {
    @Test func `an empty compressed message is accepted`() {
        let contexts = DeflateContexts()
        for payload in [hex(""), hex("00")] {
            let reading = serverReads(
                masked(.text, payload, compressed: true), compression: noTakeover, deflate: contexts)
            #expect(reading == Reading(events: [.text(ByteBuffer())]))
        }
    }

    @Test func `only the first frame of a message says that it is compressed`() {
        let contexts = DeflateContexts()
        let start = masked(.text, hex("f248"), fin: false, compressed: true)
        let good = joined(start, masked(.ping), masked(.continuation, hex("cdc9c90700")))
        let events: [WebSocketEvent] = [.ping(ByteBuffer()), .text(ByteBuffer(string: "Hello"))]
        #expect(serverReads(good, compression: noTakeover, deflate: contexts) == Reading(events: events))
        let bad = joined(start, masked(.continuation, hex("cdc9c90700"), compressed: true))
        #expect(serverReads(bad, compression: noTakeover, deflate: contexts).violation == .compressedContinuation)
        let ping = masked(.ping, compressed: true)
        #expect(serverReads(ping, compression: noTakeover, deflate: contexts).violation == .compressedControlFrame)
    }

    @Test func `messages without RSV1 are read as they are`() {
        let reading = serverReads(masked(.text, "plain"), compression: noTakeover, deflate: DeflateContexts())
        #expect(reading == Reading(events: [.text(ByteBuffer(string: "plain"))]))
    }

    @Test func `compressed text is checked for UTF-8`() throws {
        let contexts = DeflateContexts()
        let payload = try #require(contexts.deflate(hex("61 ff")))
        let text = masked(.text, payload, compressed: true)
        #expect(serverReads(text, compression: noTakeover, deflate: contexts).violation == .invalidUTF8)
        let binary = masked(.binary, payload, compressed: true)
        #expect(serverReads(binary, compression: noTakeover, deflate: contexts).events == [.binary(hex("61 ff"))])
    }

    @Test func `an incompressible message within the limit passes though its frame is longer`() throws {
        var random = SeededGenerator(seed: 4)
        let contexts = DeflateContexts()
        let message = ByteBuffer(bytes: random.bytes(65_536))
        let payload = try #require(contexts.deflate(message))
        #expect(payload.readableBytes > 65_536)
        let frame = masked(.binary, payload, compressed: true)
        #expect(serverReads(frame, compression: noTakeover, deflate: contexts) == Reading(events: [.binary(message)]))
    }

    @Test func `a compressed frame far above the limit is refused at its header`() {
        let reading = serverReads(
            hex("c2ff 0000000000020000"), compression: noTakeover, deflate: DeflateContexts()
        )
        #expect(reading == Reading(violation: .messageTooBig))
    }

    @Test func `both ends keep a context where they agreed to`() throws {
        let agreement = PermessageDeflate.Agreement()
        let deflater = try #require(DeflateStream(windowBits: 15))
        let inflater = try #require(InflateStream())
        var reader = WebSocketReader(role: .client, compression: agreement)
        for _ in 0..<3 {
            var input = ByteBuffer()
            let payload = try #require(deflater.deflate(ByteBuffer(string: "again and again and again")))
            input.writeWebSocketFrame(.text, compressed: true, payload: payload)
            #expect(
                try reader.next(&input, inflater: inflater) == .text(ByteBuffer(string: "again and again and again")))
        }
    }

    @Test func `a compressed message without an inflater is an internal error`() {
        let frame = masked(.text, hex("00"), compressed: true)
        #expect(
            serverReads(masked(.text, hex("00ff"), compressed: true), compression: noTakeover).violation?.code
                == .internalError)
        #expect(serverReads(frame, compression: PermessageDeflate.Agreement()).violation?.code == .internalError)
    }
}
