// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiOT
import Testing

@Suite struct JSONTests {
    private func value(_ json: String, limits: OTLimits = .standard) throws -> OTValue {
        try OTValue(json: Array(json.utf8), limits: limits)
    }

    @Test(arguments: [
        ("null", "null"), (" [ 1 , -2.5e1,\ttrue\r\n, false ] ", "[1,-25,true,false]"), ("-0", "0"), ("1e2", "100"),
        (#"{"b":1,"a":{"x":[]},"b":2}"#, #"{"a":{"x":[]},"b":2}"#), (#""\/\b\f\n\r\t\u00e9""#, #""/\b\f\n\r\té""#),
        ("0.1", "0.1"), ("1e300", "1e+300"), ("9007199254740991", "9007199254740991"), (#""\ud83d\ude00""#, #""😀""#),
    ])
    func `a value is read and written`(_ json: String, _ written: String) throws {
        let value = try self.value(json)
        #expect(String(decoding: value.json, as: UTF8.self) == written)
        #expect(try OTValue(json: value.json) == value)
    }

    @Test(arguments: [
        "", " ", "[", "[1", "[1,", "[1,]", "[,1]", "{", #"{"a"#, #"{"a""#, #"{"a":"#, #"{"a":1"#, #"{"a":1,"#, "{a:1}",
        "{1:1}",
        "tru", "nul", "True", "01", "-", "1.", ".5", "1e", "1e+", "+1", "NaN", "1e999", "1 2", "[1]]", "\"", "\"a",
        "\"\\",
        "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\n\"", #""\ud83d""#, #""\ud83dx""#, #""\ud83d\n""#, #""\ud83dA""#,
        #""\ude00""#, #""\ude00\ud83d""#, "\u{feff}1", "'a'", "[1 2]",
    ])
    func `what is not JSON is refused, with the place`(_ json: String) {
        let error = expect(.invalidJSON) { try self.value(json) }
        #expect(error?.description.contains("at byte") == true)
    }

    @Test(
        arguments: [
            [0xff], [0xc0, 0x80], [0xc3], [0xc3, 0x28], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80],
            [0xf0, 0x80, 0x80, 0x80],
            [0xf4, 0x90, 0x80, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xe2, 0x82], [0x80],
        ] as [[UInt8]])
    func `a string that is not UTF-8 is refused`(_ bytes: [UInt8]) {
        expect(.invalidJSON) { try OTValue(json: [0x22] + bytes + [0x22]) }
        expect(.invalidJSON) { try OTValue(json: [0x22] + bytes) }
    }

    @Test func `what is too long, too deep or too much is refused`() throws {
        var limits = OTLimits()
        limits.bytes = 10
        expect(.limitExceeded) { try self.value("[1,2,3,4,5]", limits: limits) }
        #expect(throws: Never.self) { try self.value("[1,2,3,45]", limits: limits) }
        limits = OTLimits()
        limits.depth = 2
        expect(.limitExceeded) { try self.value("[[[1]]]", limits: limits) }
        expect(.limitExceeded) { try self.value(#"{"a":[{}]}"#, limits: limits) }
        #expect(throws: Never.self) { try self.value("[[1]]", limits: limits) }
        limits = OTLimits()
        limits.values = 3
        expect(.limitExceeded) { try self.value("[1,2,3]", limits: limits) }
        #expect(throws: Never.self) { try self.value("[1,2]", limits: limits) }
        expect(.limitExceeded) { try self.value(String(repeating: "[", count: 100_000)) }
        expect(.limitExceeded) { try self.value(String(repeating: #"{"a":"#, count: 100_000)) }
    }

    @Test func `an operation of too many components or attributes is refused`() throws {
        var limits = OTLimits()
        limits.components = 2
        limits.attributes = 1
        expect(.limitExceeded) { try TextOperation(json: Array(#"[1,"a",2]"#.utf8), limits: limits) }
        expect(.limitExceeded) {
            try Delta(json: Array(#"[{"retain":1},{"delete":1},{"insert":"a"}]"#.utf8), limits: limits)
        }
        expect(.limitExceeded) {
            try Delta(json: Array(#"[{"insert":"a","attributes":{"a":1,"b":2}}]"#.utf8), limits: limits)
        }
    }

    @Test(arguments: [
        "[0]", "[1.5]", "[null]", "[true]", "[[1]]", #"[{"d":1}]"#, "{}", "1", #""a""#, "[1e300]", "[9007199254740992]",
    ])
    func `what is no operation on text is refused`(_ json: String) {
        expect(.invalidOperation) { try TextOperation(json: Array(json.utf8)) }
    }

    @Test func `a number that JSON cannot say is written as null`() {
        #expect(OTValue.array([.number(.nan), .number(.infinity)]).json == Array("[null,null]".utf8))
    }

    @Test func `a selection is read, moved and written`() throws {
        let selection = try OTSelection(try self.value(#"{"ranges":[{"anchor":3,"head":7}]}"#))
        let moved = selection.transformed(by: try TextOperation([.retain(3), .insert("ab"), .delete(2), .retain(9)]))
        #expect(moved == OTSelection([.init(anchor: 5, head: 7)]))
        #expect(String(decoding: moved.value.json, as: UTF8.self) == #"{"ranges":[{"anchor":5,"head":7}]}"#)
        for json in [#"{"ranges":[{"anchor":-1,"head":0}]}"#, #"{"ranges":[{"anchor":1}]}"#, #"{"ranges":1}"#, "[]"] {
            expect(.invalidOperation) { try OTSelection(try self.value(json)) }
        }
        let many = OTValue.array(Array(repeating: ["anchor": 0, "head": 0], count: OTSelection.mostRanges + 1))
        expect(.limitExceeded) { try OTSelection(["ranges": many]) }
    }
}
