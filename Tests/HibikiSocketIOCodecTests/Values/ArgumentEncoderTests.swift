// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct ArgumentEncoderTests {
    private func encode(_ value: some Encodable) throws -> JSON {
        try ArgumentEncoder().encode(value)
    }

    @Test func `plain types are values`() throws {
        #expect(try self.encode("é") == "é")
        #expect(try self.encode(-7) == -7)
        #expect(try self.encode(1.5) == 1.5)
        #expect(try self.encode(true) == true)
        #expect(try self.encode(Int?.none) == .null)
        #expect(try self.encode(Int?.some(3)) == 3)
        #expect(try self.encode([1, nil, 3]) == [1, nil, 3])
        #expect(try self.encode(UInt8.max) == 255)
        #expect(try self.encode(Int64.min) == .integer(.min))
    }

    @Test func `a Float keeps its short form`() throws {
        #expect(try self.encode(Float(0.1)) == 0.1)
        #expect(try self.encode([Float(0.1), .infinity]).description == "[0.1,null]")
    }

    @Test func `an integer that would lose digits is refused`() throws {
        #expect(try self.encode(UInt64(1) << 63) == .number(9_223_372_036_854_775_808))
        #expect(throws: EncodingError.self) { try self.encode(UInt64.max) }
        #expect(throws: EncodingError.self) { try self.encode(["a": [UInt64.max]]) }
    }

    @Test func `binary, dates and URLs are written by their own rules at every level`() throws {
        struct Upload: Encodable {
            var body = ByteBuffer(bytes: [1])
            var parts = [Data([2]), Data()]
            var byName: [String: ByteBuffer?] = ["x": ByteBuffer(bytes: [3])]
            var date = Date(timeIntervalSince1970: 1_767_225_599.999)
            var dates: [Date?] = [Date(timeIntervalSince1970: 0), nil]
            var url = URL(string: "https://example.org/")
            var json: JSON = ["b": .bytes(4)]
            var raw = RawArgument.json(#"{"_placeholder":true,"num":0}"#, [[5]])
        }
        let expected: JSON = [
            "body": .bytes(1), "parts": [.bytes(2), .bytes()], "byName": ["x": .bytes(3)],
            "date": "2025-12-31T23:59:59.999Z", "dates": ["1970-01-01T00:00:00.000Z", nil],
            "url": "https://example.org/", "json": ["b": .bytes(4)], "raw": .bytes(5),
        ]
        #expect(try self.encode(Upload()) == expected)
        #expect(try self.encode(ByteBuffer(bytes: [1])) == .bytes(1))
        #expect(try self.encode(Data([1])) == .bytes(1))
        #expect(try self.encode(Date?.some(Date(timeIntervalSince1970: 0))) == "1970-01-01T00:00:00.000Z")
    }

    @Test func `a date that JavaScript does not know is refused`() {
        for seconds in [8_640_000_000_000.001, 1e297, .infinity, .nan] {
            #expect(
                complaint { try self.encode([Date(timeIntervalSince1970: seconds)]) }?.contains("a date beyond") == true
            )
        }
    }

    @Test func `an optional member that is nil is left out`() throws {
        struct Person: Encodable {
            var name: String?
            var age: Int?
        }
        #expect(try self.encode(Person(age: 3)) == ["age": 3])
        #expect(try self.encode(Person()) == [:])
    }

    @Test func `dictionaries with names or integers as keys are objects`() throws {
        #expect(try self.encode(["a": 1, "b": 2]) == ["a": 1, "b": 2])
        #expect(try self.encode([1: "x", -2: "y"]) == ["1": "x", "-2": "y"])
    }

    @Test func `an error names the path`() {
        struct Outer: Encodable {
            var inner = [["n": UInt64.max]]
        }
        do {
            _ = try self.encode(Outer())
            Issue.record("it was encoded")
        } catch EncodingError.invalidValue(let value, let context) {
            #expect(value as? UInt64 == .max)
            #expect(context.codingPath.map(\.stringValue) == ["inner", "0", "n"])
        } catch {
            Issue.record(error)
        }
    }

    @Test func `an argument of a plain type goes straight to the bytes, any other by its value`() throws {
        var text = JSONArgumentWriter()
        var packed = MessagePackArgumentWriter()
        text.begin()
        func append(_ value: some Encodable) throws {
            try ArgumentEncoder().append(value, to: &text)
            try ArgumentEncoder().append(value, to: &packed)
        }
        try append("a")
        try append(1)
        try append(1.0)
        try append(false)
        try append(ByteBuffer(bytes: [1]))
        try append(JSON.null)
        try append(RawArgument.json("[ 1 ]"))
        try append(["x": Data([2])])
        try append(Int?.none)
        text.end()
        #expect(
            String(buffer: text.output)
                == #"["a",1,1,false,{"_placeholder":true,"num":0},null,[ 1 ],{"x":{"_placeholder":true,"num":1}},null]"#
        )
        #expect(packed.count == 9)
    }
}
