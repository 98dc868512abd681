// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiTestSupport
import NIOCore
import Testing

@Suite struct MessagePackWriterTests {
    @Test(
        arguments: [
            (nil, "c0"), (false, "c2"), (true, "c3"), (0, "00"), (127, "7f"), (128, "cc 80"), (255, "cc ff"),
            (256, "cd 01 00"),
            (65_535, "cd ff ff"), (65_536, "ce 00 01 00 00"), (4_294_967_295, "ce ff ff ff ff"),
            (4_294_967_296, "cf 00 00 00 01 00 00 00 00"), (.integer(.max), "cf 7f ff ff ff ff ff ff ff"),
            (-1, "ff"), (-32, "e0"), (-33, "d0 df"), (-128, "d0 80"), (-129, "d1 ff 7f"), (-32_768, "d1 80 00"),
            (-32_769, "d2 ff ff 7f ff"), (-2_147_483_648, "d2 80 00 00 00"),
            (-2_147_483_649, "d3 ff ff ff ff 7f ff ff ff"),
            (.integer(.min), "d3 80 00 00 00 00 00 00 00"),
            (1.0, "01"), (-0.0, "00"), (9_007_199_254_740_992.0, "cf 00 20 00 00 00 00 00 00"),
            (1.5, "cb 3f f8 00 00 00 00 00 00"), (1e300, "cb 7e 37 e4 3c 88 00 75 9c"),
            (.number(.infinity), "cb 7f f0 00 00 00 00 00 00"),
            ("", "a0"), ("é", "a2 c3 a9"), (.bytes(), "c4 00"), (.bytes(1, 2), "c4 02 01 02"),
            ([], "90"), ([1, [nil]], "92 01 91 c0"), ([:], "80"), (["b": 1, "a": 2], "82 a1 62 01 a1 61 02"),
        ] as [(JSON, String)])
    func `a value is written in its smallest form`(_ value: JSON, _ expected: String) {
        var bytes = ByteBuffer()
        value.writeMessagePack(to: &bytes)
        #expect(bytes.digits == expected)
    }

    @Test(arguments: [
        (31, "bf"), (32, "d9 20"), (255, "d9 ff"), (256, "da 01 00"), (65_535, "da ff ff"), (65_536, "db 00 01 00 00"),
    ])
    func `a string has the shortest header`(_ count: Int, _ header: String) {
        var bytes = ByteBuffer()
        bytes.writeMessagePackString(String(repeating: "x", count: count))
        #expect(bytes.digits.hasPrefix(header + " 78"))
        #expect(bytes.readableBytes == count + header.split(separator: " ").count)
    }

    @Test(arguments: [
        (15, "9f", "8f"), (16, "dc 00 10", "de 00 10"), (65_535, "dc ff ff", "de ff ff"),
        (65_536, "dd 00 01 00 00", "df 00 01 00 00"),
    ])
    func `arrays and maps have the shortest header`(_ count: Int, _ array: String, _ map: String) {
        var bytes = ByteBuffer()
        bytes.writeMessagePackArrayHeader(count: count)
        #expect(bytes.digits == array)
        bytes.clear()
        bytes.writeMessagePackMapHeader(count: count)
        #expect(bytes.digits == map)
    }

    @Test func `any value survives writing and reading`() throws {
        var generator = SeededGenerator(seed: 21)
        for _ in 0..<2000 {
            let value = JSON.random(&generator)
            try #require(try JSON(.messagePack(value)) == value)
        }
    }

    @Test func `arguments are spliced, or converted from JSON text`() throws {
        var writer = MessagePackArgumentWriter()
        writer.begin(name: .string("e"))
        try writer.append(RawArgument.pack("dd 00 00 00 01 d4 00 00"))
        try writer.append(RawArgument.json(#"[{"_placeholder":true,"num":0}]"#, [[1]]))
        writer.append(integer: UInt64.max)
        writer.end(offset: "o")
        let packet = try MessagePackPacketWriter().event(.string("e"), offset: "o") { arguments throws(ArgumentError) in
            try arguments.append(RawArgument.pack("dd 00 00 00 01 d4 00 00"))
        }
        #expect(writer.count == 5)
        #expect(
            packet.binary
                == ByteBuffer(
                    pack: "83 a4 'type' 02 a4 'data' 93 a1 'e' dd 00 00 00 01 d4 00 00 a1 'o' a3 'nsp' a1 '/'"))
        #expect(throws: ArgumentError.self) { try writer.append(RawArgument.json("[")) }
        #expect(writer.count == 5)
    }

    @Test func `JSON text takes arguments that came as MessagePack`() throws {
        var writer = JSONArgumentWriter()
        writer.begin(name: .string("e"))
        try writer.append(.pack("92 c4 01 07 d4 00 00"))
        writer.end()
        #expect(String(buffer: writer.output) == #"["e",[{"_placeholder":true,"num":0},null]]"#)
        #expect(writer.attachments == [ByteBuffer(bytes: [7])])
    }
}
