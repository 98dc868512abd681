// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import Testing

@Suite struct JSONStringTests {
    @Test(arguments: [
        (#""""#, ""), (#""plain""#, "plain"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""\u0041\u00e9\u3042""#, "Aéあ"),
        (#""\u0000""#, "\0"), (#""\uD83D\uDE00""#, "😀"), (#""x\uDBFF\uDFFFy""#, "x\u{10FFFF}y"), ("\"響き\"", "響き"),
    ])
    func `a string is read without its escapes`(_ text: String, _ expected: String) throws {
        #expect(Array(try read(text).utf8) == Array(expected.utf8))
    }

    @Test(arguments: [
        (#""\ud800""#, "\u{FFFD}"), (#""\udc00""#, "\u{FFFD}"), (#""\ud800x""#, "\u{FFFD}x"),
        (#""\ud800\n""#, "\u{FFFD}\n"),
        (#""\ud800\u0041""#, "\u{FFFD}A"), (#""\ud800\ud83d\ude00""#, "\u{FFFD}😀"),
        (#""\ude00\ud83d""#, "\u{FFFD}\u{FFFD}"),
    ])
    func `the escape of a lone surrogate becomes the replacement character`(_ text: String, _ expected: String) throws {
        #expect(try read(text) == expected)
    }

    @Test func `every scalar survives writing and reading`() throws {
        for value in stride(from: UInt32(0), through: 0x10FFFF, by: 1) {
            guard value < 0x300 || value % 251 == 0, let scalar = Unicode.Scalar(value) else { continue }
            let string = "a\(Character(scalar))z"
            let text = ByteBuffer.written { $0.writeJSONString(string) }
            #expect(Array(try read(text).utf8) == Array(string.utf8))
        }
    }

    @Test func `what must be escaped is escaped, and nothing else`() {
        let text = ByteBuffer.written { $0.writeJSONString("\u{0}\u{1}\u{8}\t\n\u{B}\u{C}\r\u{1F}\"\\/\u{7F}é😀") }
        #expect(text == #""\u0000\u0001\b\t\n\u000b\f\r\u001f\"\\/"# + "\u{7F}é😀\"")
    }

    @Test(arguments: [0, 1, -1, 9, 10, -10, 1_763_700_000_000, Int64.max, Int64.min])
    func `an integer survives writing and reading`(_ integer: Int64) throws {
        let text = ByteBuffer.written { $0.writeJSONInteger(integer) }
        #expect(text == String(integer))
        #expect(try readInteger(text) == integer)
    }

    @Test(arguments: [
        "9223372036854775808", "-9223372036854775809", "99999999999999999999999", "1.0", "1e2", "-0.0", "\"1\"", "true",
        "null",
    ])
    func `what is no integer or does not fit is refused`(_ text: String) {
        let error = #expect(throws: JSONSyntaxError.self) { try readInteger(" " + text) }
        #expect(error == JSONSyntaxError(message: "expected an integer", offset: 1))
    }

    @Test func `an unsigned integer is written in full`() {
        #expect(ByteBuffer.written { $0.writeJSONInteger(UInt64.max) } == "18446744073709551615")
        #expect(ByteBuffer.written { $0.writeJSONInteger(Int8.min) } == "-128")
    }

    @Test func `minus zero is zero`() throws {
        #expect(try readInteger("-0") == 0)
    }

    @Test func `names are compared as bytes, however they were written`() throws {
        func matches(_ name: String) throws -> Bool {
            try ByteBuffer(text: "{\(name):1}").withJSONScanner { scanner throws(JSONSyntaxError) in
                try scanner.enterObject()
                guard let name = try scanner.nextMember() else { return false }
                return "K" ~= name
            }
        }
        #expect(try matches(#""K""#))
        #expect(try matches(#""\u004b""#))
        #expect(try !matches("\"\u{212A}\""), "the Kelvin sign is equal to K for a String")
        #expect(try !matches(#""\u212a""#))
        #expect(try !matches("\"K\u{301}\""))
        #expect(try !matches(#""k""#))
    }
}

private func read(_ text: String) throws(JSONSyntaxError) -> String {
    try ByteBuffer(text: text).withJSONScanner { scanner throws(JSONSyntaxError) in try scanner.readString() }
}

private func readInteger(_ text: String) throws(JSONSyntaxError) -> Int64 {
    try ByteBuffer(text: text).withJSONScanner { scanner throws(JSONSyntaxError) in try scanner.readInteger() }
}
