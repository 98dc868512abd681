// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiTestSupport
import HibikiWire
import NIOCore
import Testing

@Suite struct EnginePayloadFuzzTests {
    @Test(arguments: [EngineVersion.v3, .v4], [false, true])
    func `bytes at random are packets or an error`(_ version: EngineVersion, _ isBinary: Bool) {
        var random = SeededGenerator(seed: UInt64(version.rawValue) << 1 | (isBinary ? 1 : 0))
        let alphabet: [UInt8] = Array("0123456789:b=A\u{1E}é😀".utf8) + [0, 1, 2, 3, 4, 0xFF, 0x80]
        for _ in 0..<4_000 {
            let count = Int.random(in: 0...24, using: &random)
            let body = (0..<count).compactMap { _ in alphabet.randomElement(using: &random) }
            var reader = EnginePayloadReader(
                ByteBuffer(bytes: body), version: version, isBinary: isBinary, packetLimit: 16)
            var packets: [EnginePacket] = []
            do throws(EngineViolation) {
                while let packet = try reader.next() { packets.append(packet) }
                #expect(!packets.isEmpty)
            } catch {
                #expect(!error.message.isEmpty)
            }
            #expect(packets.count <= 16)
            #expect(packets.allSatisfy { $0.isBinary ? $0.kind == .message : $0.payload.isValidUTF8 })
        }
    }

    @Test(arguments: [EngineVersion.v3, .v4], [false, true])
    func `packets at random come back as they were written`(_ version: EngineVersion, _ base64: Bool) throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            let packets = (0..<Int.random(in: 1...6, using: &random)).map { _ in packet(&random) }
            var writer = EnginePayloadWriter(version: version, base64: base64)
            for packet in packets { writer.append(packet) }
            let payload = writer.finish()
            var reader = EnginePayloadReader(
                payload.body, version: version, isBinary: payload.isBinary, packetLimit: packets.count)
            for packet in packets { #expect(try reader.next() == packet) }
            #expect(try reader.next() == nil)
        }
    }

    /// Anything that looked at the rest of the body for each packet would need minutes here.
    @Test(arguments: [
        ("3\u{1E}", EngineVersion.v4), ("b\u{1E}", .v4), ("4a\u{1E}", .v4), ("1:3", .v3), ("2:4é", .v3), ("2:b4", .v3),
    ])
    func `many small packets are read in one pass`(_ packet: String, _ version: EngineVersion) throws {
        let count = 200_000 / packet.utf8.count
        let body = ByteBuffer(string: String(repeating: packet, count: count) + (version == .v4 ? "6" : "1:6"))
        var reader = EnginePayloadReader(body, version: version, isBinary: false, packetLimit: .max)
        var packets = 0
        while try reader.next() != nil { packets += 1 }
        #expect(packets == count + 1)
    }

    @Test(arguments: ["\u{1E}", "9", "b", "4", "😀", "0:"])
    func `a megabyte of one thing is one packet or one error`(_ piece: String) {
        let body = ByteBuffer(string: String(repeating: piece, count: 1_000_000 / piece.utf8.count))
        for version in [EngineVersion.v3, .v4] {
            for isBinary in [false, true] {
                var reader = EnginePayloadReader(body, version: version, isBinary: isBinary, packetLimit: 1_000)
                var packets = 0
                var errors = 0
                do throws(EngineViolation) {
                    while try reader.next() != nil { packets += 1 }
                } catch {
                    errors += 1
                }
                #expect(packets + errors == 1)
            }
        }
    }

    private func packet(_ random: inout SeededGenerator) -> EnginePacket {
        let length = Int.random(in: 0...40, using: &random)
        if Bool.random(using: &random) { return .message(binary: ByteBuffer(bytes: random.bytes(length))) }
        // The separator cannot stand in a text of revision 4; JSON escapes it.
        let text = random.text("aé€😀:0", upTo: length).replacing("\u{1E}", with: "")
        return EnginePacket(
            EnginePacket.Kind.allCases.randomElement(using: &random) ?? .noop, payload: ByteBuffer(string: text))
    }
}
