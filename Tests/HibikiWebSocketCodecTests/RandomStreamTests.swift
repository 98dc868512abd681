// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTestSupport
import HibikiWebSocketCodec
import NIOCore
import Testing

/// Valid messages in random fragments, and the events that they are.
private struct Conversation {
    var random: SeededGenerator
    let role: WebSocketRole
    let contexts: DeflateContexts?
    var bytes = ByteBuffer()
    var events: [WebSocketEvent] = []

    private mutating func mask() -> UInt32? {
        self.role == .server ? UInt32.random(in: .min ... .max, using: &self.random) : nil
    }

    mutating func add() {
        let isText = Bool.random(using: &self.random)
        let message = isText ? self.text() : ByteBuffer(bytes: self.random.bytes(self.length()))
        let compressed = Bool.random(using: &self.random) ? self.contexts?.deflate(message) : nil
        var payload = compressed ?? message
        var opcode: WebSocketOpcode = isText ? .text : .binary
        var isFirst = true
        while true {
            let isLast = Int.random(in: 0..<3, using: &self.random) > 0
            let count = isLast ? payload.readableBytes : Int.random(in: 0...payload.readableBytes, using: &self.random)
            let part = payload.readSlice(length: count) ?? ByteBuffer()
            self.bytes.writeWebSocketFrame(
                opcode, fin: isLast, compressed: isFirst && compressed != nil, payload: part, mask: self.mask()
            )
            if isLast { break }
            opcode = .continuation
            isFirst = false
            if Bool.random(using: &self.random) { self.addControl() }
        }
        self.events.append(isText ? .text(message) : .binary(message))
    }

    private mutating func addControl() {
        let payload = ByteBuffer(bytes: self.random.bytes(Int.random(in: 0...125, using: &self.random)))
        let isPing = Bool.random(using: &self.random)
        self.bytes.writeWebSocketFrame(isPing ? .ping : .pong, payload: payload, mask: self.mask())
        self.events.append(isPing ? .ping(payload) : .pong(payload))
    }

    private mutating func length() -> Int {
        switch Int.random(in: 0..<10, using: &self.random) {
        case 0: Int.random(in: 0...70_000, using: &self.random)
        case 1...3: Int.random(in: 0...2_000, using: &self.random)
        default: Int.random(in: 0...130, using: &self.random)
        }
    }

    private mutating func text() -> ByteBuffer {
        let characters = ["a", "b", "é", "☂", "🎷", "\0", "\u{FFFF}", "the quick brown fox "]
        var text = ByteBuffer()
        for _ in 0..<(self.length() / 4) {
            text.writeString(characters[Int.random(in: 0..<characters.count, using: &self.random)])
        }
        return text
    }
}

@Suite struct `Random streams` {
    private static let agreement = PermessageDeflate.Agreement(
        serverNoContextTakeover: true, clientNoContextTakeover: true
    )

    @Test(arguments: [WebSocketRole.server, .client], [false, true])
    func `valid messages in random fragments and reads come out as they went in`(
        _ role: WebSocketRole, _ compresses: Bool
    ) {
        for seed in 0..<40 as Range<UInt64> {
            let contexts = compresses ? DeflateContexts() : nil
            var conversation = Conversation(random: SeededGenerator(seed: seed), role: role, contexts: contexts)
            for _ in 0..<12 { conversation.add() }
            var random = SeededGenerator(seed: ~seed)
            let count = conversation.bytes.readableBytes
            let ends = (0..<Int.random(in: 0...60, using: &random)).map { _ in Int.random(in: 0...count, using: &random)
            }
            var reader = WebSocketReader(
                role: role, limits: WebSocketLimits(messageBytes: 1_000_000),
                compression: compresses ? Self.agreement : nil
            )
            let reading = reader.readAll(conversation.bytes.pieces(endingAt: ends.sorted()), deflate: contexts)
            #expect(reading == Reading(events: conversation.events), "seed \(seed)")
            #expect(reader.isIdle)
        }
    }

    @Test(arguments: [WebSocketRole.server, .client])
    func `random bytes never trap, and no split changes what they mean`(_ role: WebSocketRole) {
        var random = SeededGenerator(seed: 0xF022)
        let contexts = DeflateContexts()
        for _ in 0..<4_000 {
            let stream = Self.nearlyFrames(&random)
            let count = stream.readableBytes
            let ends = (0..<3).map { _ in Int.random(in: 0...count, using: &random) }.sorted()
            let limits = WebSocketLimits(messageBytes: 300, fragments: 4)
            var whole = WebSocketReader(role: role, limits: limits, compression: Self.agreement)
            var split = whole
            let expected = whole.readAll([stream], deflate: contexts)
            #expect(split.readAll(stream.pieces(endingAt: ends), deflate: contexts) == expected)
        }
    }

    @Test func `a valid stream with one flipped bit never traps, and no split changes what it means`() {
        let contexts = DeflateContexts()
        for seed in 0..<300 as Range<UInt64> {
            var conversation = Conversation(random: SeededGenerator(seed: seed), role: .server, contexts: contexts)
            for _ in 0..<3 { conversation.add() }
            var stream = conversation.bytes
            var random = SeededGenerator(seed: seed &* 31)
            let index = Int.random(in: 0..<stream.readableBytes, using: &random)
            let byte = stream.getInteger(at: index, as: UInt8.self) ?? 0
            stream.setInteger(byte ^ 1 << UInt8.random(in: 0..<8, using: &random), at: index)
            var whole = WebSocketReader(role: .server, compression: Self.agreement)
            var split = whole
            let expected = whole.readAll([stream], deflate: contexts)
            let ends = [index, min(index + 3, stream.readableBytes)]
            #expect(split.readAll(stream.pieces(endingAt: ends), deflate: contexts) == expected, "seed \(seed)")
        }
    }

    /// Random bytes of which the headers are likelier to be allowed than chance would have it.
    private static func nearlyFrames(_ random: inout SeededGenerator) -> ByteBuffer {
        var stream = ByteBuffer()
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            let firsts: [UInt8] = [0x01, 0x81, 0x02, 0x82, 0x00, 0x80, 0x89, 0x8A, 0xC1, 0xC2, 0x41]
            let first = firsts[Int.random(in: 0..<firsts.count, using: &random)]
            let length = Int.random(in: 0...40, using: &random)
            let isMasked = Int.random(in: 0..<8, using: &random) > 0
            stream.writeInteger(Int.random(in: 0..<12, using: &random) == 0 ? random.bytes(1)[0] : first)
            stream.writeInteger(UInt8(length) | (isMasked ? 0x80 : 0))
            if isMasked { stream.writeBytes(random.bytes(4)) }
            stream.writeBytes(random.bytes(Bool.random(using: &random) ? length : length / 2))
        }
        return stream
    }
}
