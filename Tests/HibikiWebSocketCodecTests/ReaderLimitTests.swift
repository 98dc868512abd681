// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
import NIOCore
import Testing

@Suite struct `Limits of a reader` {
    @Test(arguments: [
        "82fe ffff", "82ff 0000000000010000", "82ff 7fffffffffffffff", "82ff 8000000000000000", "82ff ffffffffffffffff",
    ])
    func `a message above the limit is refused at its header`(_ digits: String) {
        let limits = WebSocketLimits(messageBytes: 65_534)
        #expect(serverReads(hex(digits), limits: limits) == Reading(violation: .messageTooBig))
        var reader = WebSocketReader(role: .server, limits: limits)
        #expect(reader.readAll(hex(digits).singleBytes) == Reading(violation: .messageTooBig))
    }

    @Test func `a 64-bit length of two to the power of 63 does not trap`() {
        #expect(serverReads(hex("82ff8000000000000000 00000000")).violation == .messageTooBig)
        var client = WebSocketReader(role: .client)
        #expect(client.readAll([hex("827f8000000000000000")]).violation == .messageTooBig)
        let unlimited = WebSocketLimits(messageBytes: .max, fragments: .max)
        #expect(serverReads(hex("82ff8000000000000000 00000000"), limits: unlimited).violation == .messageTooBig)
        #expect(serverReads(hex("82ff7fffffffffffffff 00000000"), limits: unlimited).violation == .messageTooBig)
        #expect(serverReads(hex("82ff000000007fffffff 00000000 61"), limits: unlimited).violation == nil)
    }

    @Test func `the limit holds across all frames of a message`() {
        let limits = WebSocketLimits(messageBytes: 5)
        let start = masked(.binary, "abc", fin: false)
        #expect(
            serverReads(start, masked(.continuation, "de"), limits: limits).events == [
                .binary(ByteBuffer(string: "abcde"))
            ])
        #expect(serverReads(start, masked(.continuation, "def"), limits: limits).violation == .messageTooBig)
        #expect(serverReads(masked(.text, "abcdef"), limits: limits).violation == .messageTooBig)
    }

    @Test func `the limit begins anew with each message`() {
        let limits = WebSocketLimits(messageBytes: 3, fragments: 2)
        let message = joined(masked(.text, "ab", fin: false), masked(.continuation, "c"))
        #expect(serverReads(message, message, limits: limits).events.count == 2)
    }

    @Test func `a control frame inside a full message is not counted`() {
        let stream = joined(
            masked(.binary, "abc", fin: false), masked(.ping, "0123456789"), masked(.continuation, "")
        )
        #expect(serverReads(stream, limits: WebSocketLimits(messageBytes: 3, fragments: 2)).events.count == 2)
    }

    @Test(arguments: ["", "a"]) func `fragments are counted, empty ones too`(_ fragment: String) {
        let limits = WebSocketLimits(fragments: 1_024)
        var stream = masked(.text, fragment, fin: false)
        for _ in 1..<1_024 { stream.writeImmutableBuffer(masked(.continuation, fragment, fin: false)) }
        #expect(serverReads(stream, limits: limits) == Reading())
        #expect(serverReads(stream, hex("00"), limits: limits) == Reading(violation: .tooManyFragments))
    }

    @Test func `what is kept of a partial frame grows with what came`() throws {
        let limits = WebSocketLimits(messageBytes: Int(Int32.max))
        var readers = Array(repeating: WebSocketReader(role: .server, limits: limits), count: 10_000)
        for index in readers.indices {
            #expect(readers[index].readAll([hex("82ff 000000007fffffff 00000000 6162")]) == Reading())
            #expect(!readers[index].isIdle)
        }
    }
}
