// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

@Suite struct MessagePackReaderTests {
    @Test(
        arguments: [
            ("c0", nil), ("c2", false), ("c3", true),
            ("00", 0), ("7f", 127), ("ff", -1), ("e0", -32),
            ("cc ff", 255), ("cd ff ff", 65535), ("ce ff ff ff ff", 4_294_967_295),
            ("cf 7f ff ff ff ff ff ff ff", .integer(.max)),
            ("cf 80 00 00 00 00 00 00 00", .number(9_223_372_036_854_775_808)),
            ("d0 80", -128), ("d1 80 00", -32768), ("d2 80 00 00 00", -2_147_483_648),
            ("d3 80 00 00 00 00 00 00 00", .integer(.min)),
            ("d3 00 00 00 00 00 00 00 05", 5),
            ("ca 3f c0 00 00", 1.5), ("cb 3f f8 00 00 00 00 00 00", 1.5),
            ("cb 7f f0 00 00 00 00 00 00", .number(.infinity)),
            ("a0", ""), ("a3 'abc'", "abc"), ("d9 03 'abc'", "abc"), ("da 00 03 'abc'", "abc"),
            ("db 00 00 00 03 'abc'", "abc"),
            ("a6 '響き'", "響き"),
            ("c4 00", .bytes()), ("c4 02 01 02", .bytes(1, 2)), ("c5 00 01 07", .bytes(7)),
            ("c6 00 00 00 01 07", .bytes(7)),
            ("90", []), ("92 01 91 c0", [1, [nil]]), ("dc 00 01 01", [1]), ("dd 00 00 00 01 01", [1]),
            ("80", [:]), ("81 a1 'a' 01", ["a": 1]), ("de 00 01 a1 'a' 90", ["a": []]),
            ("df 00 00 00 01 a1 'a' 80", ["a": [:]]),
            ("82 a1 'a' 01 a1 'a' 02", ["a": 2]), ("82 01 c3 ff c2", ["1": true, "-1": false]),
        ] as [(String, JSON)])
    func `each format is read`(_ bytes: String, _ expected: JSON) throws {
        #expect(try JSON(.pack(bytes)) == expected)
    }

    @Test(
        arguments: [
            ("d4 00 00", nil), ("d4 00 ff", nil), ("92 d4 00 00 01", [nil, 1]),
            ("d7 00 00 00 01 9b 76 da a7 ff", "2025-12-31T23:59:59.999Z"),
            ("d7 00 ff ff ff ff ff ff ff ff", "1969-12-31T23:59:59.999Z"),
            ("d6 ff 00 00 00 01", "1970-01-01T00:00:01.000Z"), ("d6 ff ff ff ff ff", "2106-02-07T06:28:15.000Z"),
            ("d7 ff 00 3d 09 00 00 00 00 01", "1970-01-01T00:00:01.001Z"),
            ("d7 ff ee 6b 27 ff ff ff ff ff", "2514-05-30T01:53:03.999Z"),
            ("c7 0c ff 3b 9a c9 ff ff ff ff ff ff ff ff ff", "1969-12-31T23:59:59.999Z"),
            ("d5 00 01 02", .bytes(1, 2)), ("d6 00 01 02 03 04", .bytes(1, 2, 3, 4)),
            (
                "d8 00 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f",
                .bytes(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
            ),
            ("c7 00 00", .bytes()), ("c7 01 00 07", .bytes(7)),
            ("c7 08 00 01 02 03 04 05 06 07 08", .bytes(1, 2, 3, 4, 5, 6, 7, 8)),
            ("c8 00 01 00 07", .bytes(7)), ("c9 00 00 00 01 00 07", .bytes(7)),
        ] as [(String, JSON)])
    func `undefined, dates and old buffers are extensions`(_ bytes: String, _ expected: JSON) throws {
        #expect(try JSON(.pack(bytes)) == expected)
    }

    @Test(arguments: [
        ("", "cut short"), ("c1", "a byte that begins no value"), ("c0 c0", "expected the end"),
        ("cc", "cut short"), ("cd 00", "cut short"), ("cb 00 00 00 00 00 00 00", "cut short"),
        ("a1", "a length beyond the end"), ("d9", "cut short"), ("d9 02 'a'", "a length beyond the end"),
        ("db ff ff ff ff 'a'", "a length beyond the end"), ("c6 ff ff ff ff 00", "a length beyond the end"),
        ("c9 ff ff ff ff 00 00", "a length beyond the end"), ("d8 00 00", "a length beyond the end"),
        ("91", "more elements than bytes are left"), ("dd ff ff ff ff 00", "more elements than bytes are left"),
        ("81 a0", "more elements than bytes are left"), ("df ff ff ff ff 00 00", "more elements than bytes are left"),
        ("df 80 00 00 00 00 00", "more elements than bytes are left"),
        ("92 93 00 00 00", "more elements than bytes are left"),
        ("a1 ff", "a string that is not UTF-8"), ("a2 c0 80", "a string that is not UTF-8"),
        ("a3 ed a0 80", "a string that is not UTF-8"),
        ("81 c0 00", "expected a name"), ("81 90 00", "expected a name"), ("81 c4 00 00", "expected a name"),
        ("d4 05 00", "an extension of the unknown type 5"), ("c7 01 80 00", "an extension of the unknown type -128"),
        ("d4 ff 00", "a date that does not exist"), ("c7 00 ff", "a date that does not exist"),
        ("d7 00 7f ff ff ff ff ff ff ff", "a date that does not exist"),
        ("d7 ff ff ff ff ff 00 00 00 00", "a date that does not exist"),
        ("c7 0c ff 00 00 00 00 7f ff ff ff ff ff ff ff", "a date that does not exist"),
    ])
    func `what is no MessagePack is refused`(_ bytes: String, _ reason: String) {
        let words = complaint { try JSON(.pack(bytes)) }
        #expect(words?.hasPrefix("arguments[0]: no MessagePack: \(reason) at byte ") == true, "\(words ?? "nothing")")
        var reader = MessagePackReader(ByteBuffer(pack: bytes))
        let skipping = complaint {
            try reader.skipValue()
            try reader.finish()
        }
        #expect(skipping?.contains(reason) == true)
    }

    @Test(arguments: ["91", "81 a0"]) func `sixty-four levels are read, sixty-five are not`(_ open: String) throws {
        func nested(_ depth: Int) -> RawArgument {
            .pack(String(repeating: open + " ", count: depth) + "c0")
        }
        _ = try JSON(nested(64))
        _ = try ArgumentDecoder().decode(ByteBuffer?.self, from: .pack("c0"))
        #expect(complaint { try JSON(nested(65)) }?.contains("nested deeper than 64 levels") == true)
        #expect(complaint { try JSON(nested(100_000)) }?.contains("nested deeper than 64 levels") == true)
        #expect(
            complaint { try ArgumentDecoder().decode(Int.self, from: nested(100_000)) }?.contains("64 levels") == true)
    }

    @Test func `lengths that announce more on every level reserve nothing`() {
        // Sixty-three arrays, each of which claims as many elements as there are bytes behind it.
        let filler = 1_000_000
        var bytes = ByteBuffer()
        for level in 0..<63 { bytes.writeMultipleIntegers(UInt8(0xDD), UInt32(filler + (62 - level) * 5)) }
        bytes.writeRepeatingByte(0xC0, count: filler)
        #expect(
            complaint { try JSON(RawArgument(.messagePack, bytes: bytes)) }?.contains(
                "more elements than bytes are left")
                == true)
    }

    @Test func `a string, an array or a map of the longest short form is read`() throws {
        for count in [15, 16, 31, 32, 255, 256, 65_535, 65_536] {
            let values: [JSON] = [
                .string(String(repeating: "x", count: count)), .binary(ByteBuffer(repeating: 7, count: count)),
                .array(Array(repeating: nil, count: count)),
                .object(JSONObject((0..<count).map { ("\($0)", nil) })),
            ]
            for value in values { #expect(try JSON(.messagePack(value)) == value) }
        }
    }
}
