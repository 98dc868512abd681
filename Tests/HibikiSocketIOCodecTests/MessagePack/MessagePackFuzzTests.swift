// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiTestSupport
import NIOCore
import Testing

@Suite struct MessagePackFuzzTests {
    private struct Guess: Codable {
        var a: Int?
        var b: [ByteBuffer]?
        var c: [String: JSON]?
    }

    /// Asks for everything that a handler could ask for. Nothing may trap; what is read twice is read alike.
    private func exercise(_ argument: RawArgument) throws {
        let decoder = ArgumentDecoder()
        _ = try? decoder.decode(Int.self, from: argument)
        _ = try? decoder.decode(UInt8.self, from: argument)
        _ = try? decoder.decode(Float.self, from: argument)
        _ = try? decoder.decode(String.self, from: argument)
        _ = try? decoder.decode(ByteBuffer.self, from: argument)
        _ = try? decoder.decode(Guess.self, from: argument)
        _ = try? decoder.decode([[Double]].self, from: argument)
        guard let value = try? JSON(argument) else { return }
        let again = try JSON(.messagePack(value))
        // NaN, which is written as null, differs from itself.
        try #require(again == value || value.description.contains("null"))
        _ = try JSON(value.asTextArgument)
    }

    @Test(arguments: 0..<8) func `random bytes never trap`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let bytes = generator.bytes(.random(in: 0..<40, using: &generator))
            try self.exercise(RawArgument(.messagePack, bytes: ByteBuffer(bytes: bytes)))
            try self.exercise(RawArgument(.json, bytes: ByteBuffer(bytes: bytes), attachments: [ByteBuffer()]))
            _ = try? MessagePackPacketReader().read(binary: ByteBuffer(bytes: bytes))
        }
    }

    @Test(arguments: 0..<8) func `changed bytes of real values never trap`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: 100 + seed)
        for _ in 0..<150 {
            let value = JSON.random(&generator)
            for argument in [RawArgument.messagePack(value), value.asTextArgument] {
                var changed = argument
                for _ in 0..<Int.random(in: 1...4, using: &generator) where changed.bytes.readableBytes > 0 {
                    let index =
                        changed.bytes.readerIndex + .random(in: 0..<changed.bytes.readableBytes, using: &generator)
                    changed.bytes.setInteger(UInt8.random(in: 0...255, using: &generator), at: index)
                }
                try self.exercise(changed)
                changed.bytes =
                    changed.bytes.getSlice(
                        at: changed.bytes.readerIndex, length: changed.bytes.readableBytes / 2) ?? ByteBuffer()
                try self.exercise(changed)
            }
        }
    }

    @Test(arguments: 0..<8) func `changed bytes of real packets never trap`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: 200 + seed)
        for _ in 0..<250 {
            let value = JSON.random(&generator)
            let packet = MessagePackPacketWriter().event(.string("e"), id: generator.next() >> 1) { $0.append(value) }
            var bytes = try #require(packet.binary)
            _ = try MessagePackPacketReader().read(binary: bytes)
            let index = bytes.readerIndex + .random(in: 0..<bytes.readableBytes, using: &generator)
            bytes.setInteger(UInt8.random(in: 0...255, using: &generator), at: index)
            guard let read = try? MessagePackPacketReader().read(binary: bytes) else { continue }
            guard case .event(_, let arguments) = read.kind else { continue }
            // What the packet reader lets pass is whole: each argument can be read and passed on.
            for argument in arguments { _ = try JSON(argument) }
        }
    }
}
