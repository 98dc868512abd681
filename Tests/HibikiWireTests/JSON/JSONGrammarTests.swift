// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import Testing

@Suite struct JSONGrammarTests {
    @Test(arguments: [
        "0", "-0", "1", "-1", "10", "0.0", "-0.5", "1e0", "1E+2", "1e-2", "123.456e7", "1e999",
        #""""#, #""a""#, #""\"\\\/\b\f\n\r\t""#, #""\u0000""#, #""\uD83D\uDE00""#, #""\ud800""#, "\"\u{7F}\"",
        "\"\u{2028}\"",
        "true", "false", "null",
        "[]", "[ ]", "[1]", "[1,2]", "[[],{}]", "[null , true]",
        "{}", "{ }", #"{"a":1}"#, #"{"a":1,"b":[{}]}"#, #"{"":0}"#, #"{"a":1,"a":2}"#,
        " \t\r\n1 \t\r\n", " [ 1 , 2 ] ", "\"\u{301}\"", "[\"\u{301}\",\"\u{301}\"]", "\"\u{FEFF}\"",
    ])
    func `JSON of RFC 8259 is accepted`(_ text: String) throws {
        try scan(text)
    }

    @Test(arguments: [
        ("", 0), (" ", 1), ("01", 1), ("-", 1), ("-01", 2), ("+1", 0), ("1.", 2), (".5", 0), ("-.5", 1), ("1.e1", 2),
        ("1e", 2), ("1e+", 3),
        ("1e1.5", 3), ("0x10", 1), ("1_000", 1), ("NaN", 0), ("Infinity", 0), ("-Infinity", 1), ("１", 0),
        ("nul", 0), ("nulll", 4), ("True", 0), ("tru", 0), ("undefined", 0),
        (#"""#, 1), (#""a"#, 2), ("'a'", 0), ("\"\u{0}\"", 1), ("\"\u{1F}\"", 1), ("\"a\nb\"", 2),
        ("\"12345678\t\"", 9),
        (#""\a""#, 2), (#""\x41""#, 2), (#""\'""#, 2), (#""\"#, 2), (#""\""#, 3), (#""\u""#, 3), (#""\u12""#, 5),
        (#""\u123g""#, 6),
        (#""\u{41}""#, 3), (#""\U0041""#, 2),
        ("[", 1), ("]", 0), ("[,]", 1), ("[1,]", 3), ("[1 2]", 3), ("[1,,2]", 3), ("[1}", 2), ("[1", 2), ("[1,", 3),
        ("{", 1), ("{,}", 1), ("{1:2}", 1), ("{a:1}", 1), (#"{"a"}"#, 4), (#"{"a":}"#, 5), (#"{"a":1,}"#, 7),
        (#"{"a":1 "b":2}"#, 7),
        (#"{"a",1}"#, 4), (#"{"a":1]"#, 6), (#"{"a":1"#, 6), (#"{"a"::1}"#, 5), (#"{null:1}"#, 1),
        ("1 2", 2), ("{}x", 2), ("[] []", 3), ("{}\u{0}", 2), ("\u{FEFF}1", 0), ("1\u{A0}", 1), ("\u{C}1", 0),
        ("/**/1", 0), ("1//", 1),
        ("[1,\u{301}2]", 3), ("[1\u{301},2]", 2), ("[\"a\"\u{301}]", 4), ("{\"a\":\u{301}1}", 5),
    ])
    func `what is not JSON is refused at its first wrong byte`(_ text: String, _ offset: Int) {
        let error = #expect(throws: JSONSyntaxError.self) { try scan(text) }
        #expect(error?.offset == offset)
    }

    @Test(arguments: ["[", #"{"a":"#, #"[{"a":"#])
    func `sixty-four levels are accepted and sixty-five are not`(_ opening: String) throws {
        let levels = opening == #"[{"a":"# ? 2 : 1
        func nested(_ depth: Int) -> String {
            let closing = String(opening.compactMap { $0 == "[" ? "]" : $0 == "{" ? "}" : nil }.reversed())
            let pairs = depth / levels
            let rest = depth % levels == 0 ? "1" : "[1]"
            return String(repeating: opening, count: pairs) + rest + String(repeating: closing, count: pairs)
        }
        try scan(nested(64))
        let error = #expect(throws: JSONSyntaxError.self) { try scan(nested(65)) }
        #expect(error?.message == "nested deeper than 64 levels")
    }

    @Test func `siblings do not count as depth`() throws {
        try scan("[" + Array(repeating: "[[]]", count: 1000).joined(separator: ",") + "]")
        try scan("[[]]", depthLimit: 2)
        #expect(throws: JSONSyntaxError.self) { try scan("[[[]]]", depthLimit: 2) }
        #expect(throws: JSONSyntaxError.self) { try scan("[]", depthLimit: 0) }
    }

    @Test(arguments: ["[", "{\"a\":", "[[],", "{\"a\":{},\"a\":"])
    func `a megabyte of openings is refused, not recursed into`(_ opening: String) {
        let text = String(repeating: opening, count: (1 << 20) / opening.utf8.count)
        #expect(throws: JSONSyntaxError.self) { try scan(text) }
    }

    @Test func `a value is found without the whitespace around it`() throws {
        let buffer = ByteBuffer(text: " { \"a\" : [ 1 ] , \"b\" :\t\"x\\n\" } ")
        let values = try buffer.withJSONScanner { scanner throws(JSONSyntaxError) in
            var values: [JSONValue] = []
            try scanner.enterObject()
            while try scanner.nextMember() != nil { values.append(try scanner.readValue()) }
            try scanner.finish()
            return values
        }
        #expect(values.map(\.kind) == [.array, .string])
        #expect(values.map(\.range) == [9..<14, 23..<28])
    }

    @Test func `quotes, backslashes and control characters are seen at every place of a word`() {
        for length in 0..<20 {
            let plain = "\"" + String(repeating: "z", count: length)
            for (special, distance) in [("\u{1}", 0), ("\u{1F}", 0), ("\\?", 1), ("\"?", 1)] {
                let error = #expect(throws: JSONSyntaxError.self) { try scan(plain + special + "zzzzzzzzzzzzzzz\"") }
                #expect(error?.offset == 1 + length + distance)
            }
        }
    }
}

private func scan(_ text: String, depthLimit: Int = JSONScanner.maximumDepth) throws(JSONSyntaxError) {
    try ByteBuffer(text: text).withJSONScanner(depthLimit: depthLimit) { scanner throws(JSONSyntaxError) in
        try scanner.readValue()
        try scanner.finish()
    }
}
