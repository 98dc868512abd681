// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiTestSupport
import NIOCore
import Testing

@Suite struct JSONTextTests {
    @Test(
        arguments: [
            ("null", nil), ("true", true), ("false", false), ("0", 0), ("-12", -12), ("1.0", 1.0), ("1.5e3", 1500),
            ("-0", 0), ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1e400", .number(.infinity)),
            ("1e-400", 0), (#""a\n\u00e9\ud83d\ude00""#, "a\né😀"), ("[]", []), ("{}", [:]),
            (#" [ 1 , [ 2 ] , { "a" : [ ] } ] "#, [1, [2], ["a": []]]),
            (#"{"a":1,"b":{"c":null},"a":2}"#, ["a": 2, "b": ["c": nil]]),
        ] as [(String, JSON)])
    func `a text is read as the value that it says`(_ text: String, _ expected: JSON) throws {
        #expect(try JSON(.json(text)) == expected)
    }

    @Test(arguments: [
        "", " ", "[", "[1", "[1,]", "{", #"{"a"}"#, #"{"a":}"#, "nul", "01", "1 2", "[]]", #""a"#, "NaN", "'a'",
    ])
    func `what is no JSON is refused with its place`(_ text: String) {
        #expect(complaint { try JSON(.json(text), at: .argument(3)) }?.hasPrefix("arguments[3]: no JSON: ") == true)
    }

    @Test(arguments: [("[", "]"), (#"{"a":"#, "}")])
    func `sixty-four levels are read, sixty-five are not`(_ open: String, _ close: String) throws {
        func nested(_ depth: Int) -> RawArgument {
            let inside = open == "[" ? "" : "0"
            return .json(String(repeating: open, count: depth) + inside + String(repeating: close, count: depth))
        }
        _ = try JSON(nested(64))
        #expect(complaint { try JSON(nested(65)) }?.contains("nested deeper than 64 levels") == true)
        #expect(complaint { try JSON(nested(100_000)) }?.contains("nested deeper than 64 levels") == true)
    }

    @Test(
        arguments: [
            (nil, "null"), (true, "true"), (12, "12"), (1.0, "1"), (-0.0, "0"), (1.5, "1.5"), (1e21, "1e+21"),
            (.number(.nan), "null"), (.number(.infinity), "null"), ("a\"\n\u{1}é", "\"a\\\"\\n\\u0001é\""),
            ([], "[]"), ([1, [nil]], "[1,[null]]"), ([:], "{}"), (["b": 1, "a": ["x"]], #"{"b":1,"a":["x"]}"#),
        ] as [(JSON, String)])
    func `a value is written as JSON-stringify writes it`(_ value: JSON, _ expected: String) {
        #expect(value.description == expected)
        #expect(String(buffer: value.asTextArgument.bytes) == expected)
    }

    @Test func `binary is written as numbered placeholders behind the attachments that are there`() {
        let value: JSON = ["a": .bytes(1), "b": [.bytes(2, 3)]]
        var text = ByteBuffer(string: "x")
        var attachments = [ByteBuffer(bytes: [0])]
        value.write(to: &text, attachments: &attachments)
        #expect(
            String(buffer: text)
                == #"x{"a":{"_placeholder":true,"num":1},"b":[{"_placeholder":true,"num":2}]}"#)
        #expect(attachments == [ByteBuffer(bytes: [0]), ByteBuffer(bytes: [1]), ByteBuffer(bytes: [2, 3])])
    }

    @Test func `placeholders are replaced at any depth, also twice by the same attachment`() throws {
        let text =
            #"[{"_placeholder":true,"num":1},{"":[{"num":0,"_placeholder":true}]},{"_placeholder":true,"num":1,"x":2}]"#
        let value = try JSON(.json(text, [[1], [2]]))
        #expect(value == [.bytes(2), ["": [.bytes(1)]], .bytes(2)])
    }

    @Test(arguments: [
        #"{"_placeholder":true,"num":2}"#, #"{"_placeholder":true,"num":-1}"#, #"{"_placeholder":true,"num":0.5}"#,
        #"{"_placeholder":true,"num":1e300}"#, #"{"_placeholder":true,"num":"splice"}"#, #"{"_placeholder":true}"#,
        #"{"_placeholder":true,"num":null}"#, #"{"_placeholder":true,"num":[0]}"#,
        #"{"_placeholder":true,"num":9223372036854775807}"#, #"{"_placeholder":true,"num":0,"num":2}"#,
    ])
    func `a placeholder without its attachment is refused`(_ text: String) {
        let reason = "arguments[0]: a placeholder names no attachment"
        #expect(complaint { try JSON(.json(text, [[1], [2]])) } == reason)
        #expect(complaint { try JSON(.json("[\(text)]", [[1], [2]])) } == reason)
        #expect(complaint { try ArgumentDecoder().decode(ByteBuffer.self, from: .json(text, [[1], [2]])) } == reason)
    }

    @Test func `what merely looks like a placeholder is an object`() throws {
        let text = #"{"_placeholder":true,"num":0}"#
        #expect(try JSON(.json(text)) == ["_placeholder": true, "num": 0])
        #expect(try JSON(.json(#"{"_placeholder":1,"num":0}"#, [[1]])) == ["_placeholder": 1, "num": 0])
        #expect(try JSON(.json(#"{"_placeholder":true,"_placeholder":false}"#, [[1]])) == ["_placeholder": false])
    }

    @Test func `any value survives writing and reading`() throws {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<2000 {
            let value = JSON.random(&generator)
            try #require(try JSON(value.asTextArgument) == value)
        }
    }

    @Test func `numbers of any magnitude survive writing and reading as a Double`() throws {
        for exponent in -1074...1023 {
            for number in [-1, 1.1].map({ Double(sign: .plus, exponent: exponent, significand: $0) }) {
                let argument = JSON.number(number).asTextArgument
                try #require(try ArgumentDecoder().decode(Double.self, from: argument) == number)
                try #require(try JSON(argument).double == number)
            }
        }
    }

    @Test func `an argument writer keeps the placeholders of a value, and erases what looks like one`() {
        var writer = JSONArgumentWriter()
        writer.begin()
        writer.append([.bytes(7), ["_placeholder": true, "num": 9]] as JSON)
        writer.append(JSON.bytes(8))
        writer.end()
        #expect(
            String(buffer: writer.output)
                == #"[[{"_placeholder":true,"num":0},null],{"_placeholder":true,"num":1}]"#)
        #expect(writer.attachments == [ByteBuffer(bytes: [7]), ByteBuffer(bytes: [8])])
    }
}
