// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTestSupport
import HibikiWire
import NIOCore
import Testing

/// Nothing that the network sends may trap: these pass when they come to their end.
@Suite struct NativeFuzzTests {
    static let seeds: [String] =
        ClientMessageTests.messages.map(\.0) + ServerMessageTests.messages.map(\.text) + [
            #"{"events":[\#(ServerMessageTests.bareEvent)],"lastEventId":"e-17","gap":true}"#,
            #"[{"topic":"a","payload":{"\ud83d\ude00":[1e5,-0.5]},"id":"k"},{"topic":"b","payload":"\u0000"}]"#,
            #"{"error":{"code":"overloaded","message":"m","retry":true}}"#,
        ]

    @Test(arguments: UInt64(1)...8)
    func `mutated messages are read or refused`(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<3_000 {
            var bytes = Array((Self.seeds.randomElement(using: &generator) ?? "").utf8)
            for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&bytes, &generator) }
            readAsEverything(ByteBuffer(bytes: bytes))
        }
    }

    @Test func `every prefix of every message is refused`() {
        for seed in Self.seeds {
            for length in 0..<seed.utf8.count {
                let prefix = ByteBuffer(bytes: Array(seed.utf8.prefix(length)))
                #expect(throws: WireError.self) { try ClientMessage(parsing: prefix) }
                #expect(throws: WireError.self) { try ServerMessage(parsing: prefix) }
                #expect(throws: WireError.self) { try PublishRequest.parse(prefix) }
            }
        }
    }

    @Test func `what was read once reads the same after it was written`() throws {
        var generator = SeededGenerator(seed: 42)
        var readable = 0
        for _ in 0..<20_000 {
            var bytes = Array((ClientMessageTests.messages.randomElement(using: &generator)?.0 ?? "").utf8)
            mutate(&bytes, &generator)
            let buffer = ByteBuffer(bytes: bytes)
            guard buffer.isValidUTF8, let message = try? ClientMessage(parsing: buffer) else { continue }
            readable += 1
            var written = ByteBuffer()
            written.writeClientMessage(message)
            #expect(try ClientMessage(parsing: written) == message)
        }
        #expect(readable > 1_000)
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        let alphabet = Array(#"{}[]",:\u0123456789eE+-.tfn "#.utf8) + [0x00, 0x1F, 0x7F, 0x80, 0xC0, 0xED, 0xFF]
        let index = Int.random(in: 0...bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes.insert(alphabet.randomElement(using: &generator) ?? 0, at: index)
        case 1 where index < bytes.count: bytes[index] = alphabet.randomElement(using: &generator) ?? 0
        case 2 where index < bytes.count: bytes.remove(at: index)
        default: bytes.insert(contentsOf: bytes[index...].prefix(9), at: index)
        }
    }

    private func readAsEverything(_ buffer: ByteBuffer) {
        _ = try? ClientMessage(parsing: buffer)
        _ = try? ServerMessage(parsing: buffer)
        _ = try? PublishRequest.parse(buffer)
        _ = try? PollAnswer(parsing: buffer)
        _ = try? PublishAnswer(parsing: buffer)
        _ = try? PublishAnswer.list(parsing: buffer)
        _ = try? EventFields.list(parsing: buffer)
        _ = try? ErrorAnswer(parsing: buffer)
    }
}
