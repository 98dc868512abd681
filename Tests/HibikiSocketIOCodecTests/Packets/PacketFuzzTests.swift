// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiTestSupport
import NIOCore
import Testing

@Suite struct PacketFuzzTests {
    private static let seeds =
        PacketReadingTests.packets.map(\.0) + PacketReadingTests.malformed + [
            #"52-/a,7["x",{"_placeholder":true,"num":1},[{"num":0,"_placeholder":true}]]"#,
            #"61-1[{"_placeholder":true,"num":0},"\ud83d\ude00"]"#,
        ]

    /// Passes when it comes to its end: nothing that the network sends may trap.
    @Test(arguments: UInt64(1)...8)
    func `mutated packets are read or refused`(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var reader = SocketPacketReader()
        for _ in 0..<4_000 {
            var bytes = Array((Self.seeds.randomElement(using: &generator) ?? "").utf8)
            for _ in 0..<Int.random(in: 0...4, using: &generator) { Self.mutate(&bytes, &generator) }
            let packet = try? reader.read(text: ByteBuffer(bytes: bytes), at: SocketPacketReader.start)
            if let packet { self.relay(packet) }
            while reader.deadline != nil {
                if let packet = try? reader.read(generator.bytes(3)) { self.relay(packet) }
            }
        }
    }

    @Test(arguments: UInt64(1)...4)
    func `random bytes are read or refused`(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var reader = SocketPacketReader()
        for _ in 0..<20_000 {
            let bytes = ByteBuffer(bytes: generator.bytes(Int.random(in: 0...40, using: &generator)))
            if Bool.random(using: &generator) {
                _ = try? reader.read(text: bytes, at: SocketPacketReader.start)
            } else {
                _ = try? reader.read(binary: bytes, at: SocketPacketReader.start)
            }
        }
    }

    @Test(arguments: UInt64(1)...8)
    func `a packet that was written is read as it was`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var reader = SocketPacketReader()
        for _ in 0..<300 {
            let packet = Self.packet(&generator)
            let encoded = try #require(self.encoded(packet))
            let withoutAttachments = encoded.attachments.isEmpty
            var read = try reader.read(encoded.parts[0])
            try #require((read != nil) == withoutAttachments)
            for attachment in encoded.attachments {
                try #require(read == nil)
                read = try reader.read(binary: attachment, at: SocketPacketReader.start)
            }
            try #require(read == packet)
            try #require(reader.deadline == nil)
        }
    }
}

// MARK: Random packets

extension PacketFuzzTests {
    private func relay(_ packet: SocketPacket) {
        guard let encoded = self.encoded(packet) else { return }
        var reader = SocketPacketReader(limits: SocketPacketLimits(completionTime: .hours(1)))
        var read = try? reader.read(encoded.parts[0])
        for attachment in encoded.attachments {
            read = try? reader.read(binary: attachment, at: SocketPacketReader.start)
        }
        #expect(read?.id == packet.id && read?.namespace == packet.namespace, "\(packet)")
    }

    /// `nil` for packets that this end never sends.
    private func encoded(_ packet: SocketPacket) -> EncodedPacket? {
        let writer = SocketPacketWriter()
        func append(_ arguments: [RawArgument], _ output: inout JSONArgumentWriter) {
            for argument in arguments { output.relay(argument) }
        }
        switch packet.kind {
        case .event(let name, let arguments):
            return writer.event(name, namespace: packet.namespace, id: packet.id) { append(arguments, &$0) }
        case .ack(let arguments):
            guard let id = packet.id else { return nil }
            return writer.ack(id: id, namespace: packet.namespace) { append(arguments, &$0) }
        case .disconnect:
            return writer.disconnect(namespace: packet.namespace)
        case .connect, .connectError, .nothing:
            return nil
        }
    }

    private static func packet(_ generator: inout SeededGenerator) -> SocketPacket {
        let namespace = "/" + generator.text("abc/?=&é", upTo: 8).filter { $0 != "," }
        let id = UInt64.random(in: 0...9_999_999_999_999_999, using: &generator)
        let attachments = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
            ByteBuffer(bytes: generator.bytes(Int.random(in: 0...9, using: &generator)))
        }
        // Every attachment is referred to, in order, because a writer sends them so.
        var values = attachments.indices.map { #"{"_placeholder":true,"num":\#($0)}"# }
        for _ in 0..<Int.random(in: 0...4, using: &generator) {
            values.insert(self.value(&generator), at: Int.random(in: 0...values.count, using: &generator))
        }
        let arguments = values.map { RawArgument(.json, bytes: ByteBuffer(string: $0), attachments: attachments) }
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: return SocketPacket(namespace: namespace, .disconnect)
        case 1, 2: return SocketPacket(namespace: namespace, id: id, .ack(arguments))
        default:
            let name = EventName.string(generator.text("abc \"\\\n{}[]", upTo: 6))
            let wantsAck = Bool.random(using: &generator)
            return SocketPacket(namespace: namespace, id: wantsAck ? id : nil, .event(name, arguments))
        }
    }

    private static func value(_ generator: inout SeededGenerator, depth: Int = 3) -> String {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &generator) {
        case 0: return "null"
        case 1: return "true"
        case 2: return "\(Int.random(in: .min ... .max, using: &generator))"
        case 3, 4, 5:
            var writer = JSONArgumentWriter()
            writer.append(string: generator.text("num_placeholder\"\\\u{1}é", upTo: 12))
            return String(buffer: writer.output)
        case 6:
            return "[\(self.value(&generator, depth: depth - 1)), \(self.value(&generator, depth: depth - 1))]"
        default:
            let mark = ["1", "false", #""true""#, "[true]"].randomElement(using: &generator) ?? "null"
            return #"{"_placeholder":\#(mark),"num":\#(self.value(&generator, depth: depth - 1))}"#
        }
    }

    private static func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        let alphabet = Array(#"{}[]",:/-\u0123456789e.tfn "#.utf8) + [0x00, 0x1F, 0x7F, 0x80, 0xC0, 0xED, 0xFF]
        let index = Int.random(in: 0...bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes.insert(alphabet.randomElement(using: &generator) ?? 0, at: index)
        case 1 where index < bytes.count: bytes[index] = alphabet.randomElement(using: &generator) ?? 0
        case 2 where index < bytes.count: bytes.remove(at: index)
        default: bytes.removeLast(min(bytes.count, Int.random(in: 0...2, using: &generator)))
        }
    }
}
