// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiProtobuf
import HibikiTestSupport
import HibikiWire
import NIOCore
import SwiftProtobuf
import Testing

/// Nothing that the network sends may trap: these pass when they come to their end, and protoc's code agrees.
@Suite struct `Mutated frames of Protocol Buffers` {
    private static func seeds() throws -> [[UInt8]] {
        try `Commands in Protocol Buffers`.frames.map { try $0.0.serializedBytes() }
    }

    @Test(arguments: UInt64(1)...8)
    func `are read or refused, and what is read is what protoc's code reads`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let seeds = try Self.seeds()
        var (readable, agreed) = (0, 0)
        for _ in 0..<4_000 {
            var bytes = try #require(seeds.randomElement(using: &generator))
            for _ in 0..<Int.random(in: 1...3, using: &generator) { self.mutate(&bytes, &generator) }
            guard let message = try? ClientMessage(parsingProtobuf: ByteBuffer(bytes: bytes)) else { continue }
            readable += 1
            // Whatever the fields are, these are fields.
            #expect(throws: Never.self) { try Google_Protobuf_Empty(serializedBytes: bytes) }
            // Protoc's code looks into fields too that the command does not need, and refuses what is wrong there.
            guard let frame = try? WebSocketFrame(serializedBytes: bytes) else { continue }
            agreed += 1
            #expect(self.id(frame) == message.id)
            #expect(self.topic(message.command).map { $0 == frame.topic } ?? true)
        }
        #expect(readable > 100 && agreed > readable / 2)
    }

    @Test func `that are cut off anywhere are read as their beginning or refused`() throws {
        for seed in try Self.seeds() {
            for length in 0..<seed.count {
                let prefix = Array(seed.prefix(length))
                guard (try? WebSocketFrame(serializedBytes: prefix)) == nil else { continue }
                #expect(throws: WireError.self) { try ClientMessage(parsingProtobuf: ByteBuffer(bytes: prefix)) }
            }
        }
    }

    @Test func `of noise are refused`() {
        var generator = SeededGenerator(seed: 99)
        for _ in 0..<20_000 {
            let bytes = generator.bytes(Int.random(in: 0...40, using: &generator))
            _ = try? ClientMessage(parsingProtobuf: ByteBuffer(bytes: bytes))
        }
    }

    private func id(_ frame: WebSocketFrame) -> RequestID? {
        switch frame.id {
        case .number(let number): .number(number)
        case .key(let key): .string(key)
        case nil: nil
        }
    }

    private func topic(_ command: ClientCommand) -> String? {
        switch command {
        case .subscribe(let topic, _), .unsubscribe(let topic), .publish(let topic, _, _), .history(let topic, _, _),
            .presence(let topic):
            topic
        case .connect, .broadcast, .direct, .ping, .feature: nil
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        let alphabet: [UInt8] = [0, 1, 2, 5, 6, 0x0A, 0x12, 0x1A, 0x22, 0x2A, 0x40, 0x48, 0x52, 0x7F, 0x80, 0xFF]
        let index = Int.random(in: 0...bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes.insert(alphabet.randomElement(using: &generator) ?? 0, at: index)
        case 1 where index < bytes.count: bytes[index] = alphabet.randomElement(using: &generator) ?? 0
        case 2 where index < bytes.count: bytes.remove(at: index)
        default: bytes.insert(contentsOf: bytes[index...].prefix(9), at: index)
        }
    }
}
