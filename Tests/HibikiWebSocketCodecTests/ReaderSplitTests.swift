// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
import NIOCore
import Testing

@Suite struct `Splitting a stream` {
    private static let stream = joined(
        masked(.text, "Käse ☂ 🎷"), masked(.ping, "p"), masked(.binary, ByteBuffer(repeating: 7, count: 130)),
        masked(.text, "ab\u{E9}", fin: false), masked(.pong), masked(.continuation, "", fin: false),
        masked(.ping, "q"), masked(.continuation, "\u{1F3B7}c"), masked(.text, ""),
        masked(.close, hex("03e8 627965"))
    )

    private static let expected = Reading(events: [
        .text(ByteBuffer(string: "Käse ☂ 🎷")), .ping(ByteBuffer(string: "p")),
        .binary(ByteBuffer(repeating: 7, count: 130)), .pong(ByteBuffer()), .ping(ByteBuffer(string: "q")),
        .text(ByteBuffer(string: "ab\u{E9}\u{1F3B7}c")), .text(ByteBuffer()),
        .close(WebSocketCloseFrame(code: .normalClosure, reason: "bye")),
    ])

    @Test func `no split gives the events`() {
        #expect(serverReads(Self.stream) == Self.expected)
    }

    @Test func `every split into two reads gives the same events`() {
        for end in 0...Self.stream.readableBytes {
            var reader = WebSocketReader(role: .server)
            #expect(reader.readAll(Self.stream.pieces(endingAt: [end])) == Self.expected, "split at \(end)")
        }
    }

    @Test func `every split into three reads of the fragmented part gives the same events`() {
        let count = Self.stream.readableBytes
        for first in (count - 75)..<count {
            for second in first..<count {
                var reader = WebSocketReader(role: .server)
                guard reader.readAll(Self.stream.pieces(endingAt: [first, second])) == Self.expected else {
                    Issue.record("split at \(first) and \(second)")
                    return
                }
            }
        }
    }

    @Test func `single bytes give the same events`() {
        var reader = WebSocketReader(role: .server)
        #expect(reader.readAll(Self.stream.singleBytes) == Self.expected)
    }

    @Test(arguments: [65_535, 65_536]) func `a long frame may be split inside its header`(_ count: Int) {
        let payload = ByteBuffer(repeating: 0x61, count: count)
        let frame = masked(.text, payload)
        for end in 0..<16 {
            var reader = WebSocketReader(role: .server)
            #expect(reader.readAll(frame.pieces(endingAt: [end])).events == [.text(payload)])
        }
    }
}
