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

@Suite struct ArgumentDecoderTests {
    private let decoder = ArgumentDecoder()

    private func decode<T: Decodable>(_ type: T.Type, _ text: String) throws -> T {
        try self.decoder.decode(type, from: .json(text))
    }

    @Test func `plain types are read from JSON text and from MessagePack alike`() throws {
        for value: JSON in ["é", 7, 1.5, true] {
            for argument in [value.asTextArgument, RawArgument.messagePack(value)] {
                #expect(try self.decoder.decode(JSON.self, from: argument) == value)
                #expect((try? self.decoder.decode(String.self, from: argument)) == value.string)
                #expect((try? self.decoder.decode(Int.self, from: argument)) == value.integer.map(Int.init))
                #expect((try? self.decoder.decode(Double.self, from: argument)) == value.double)
                #expect((try? self.decoder.decode(Float.self, from: argument)) == value.double.map(Float.init))
                #expect((try? self.decoder.decode(Bool.self, from: argument)) == value.bool)
            }
        }
    }

    @Test func `a RawArgument is the argument as it came`() throws {
        let argument = RawArgument.json(#" {"a" : 1.0} "#, [[1]])
        #expect(try self.decoder.decode(RawArgument.self, from: argument) == argument)
    }

    @Test func `integers are exact`() throws {
        #expect(try self.decode(Int.self, "1.0") == 1)
        #expect(try self.decode(Int.self, "1e3") == 1000)
        #expect(try self.decode(UInt8.self, "255") == 255)
        #expect(try self.decode(Int8.self, "-128") == -128)
        #expect(try self.decode(Int64.self, "-9223372036854775808") == .min)
        #expect(try self.decode(UInt64.self, "9223372036854775808") == 1 << 63)
    }

    @Test(arguments: [
        ("1.5", "expected an integer, found a number with a fraction"),
        ("1e300", "expected an integer from 0 to 255, found another"),
        ("1e400", "expected an integer from 0 to 255, found another"),
        ("256", "expected an integer from 0 to 255, found another"),
        ("-1", "expected an integer from 0 to 255, found another"),
        (#""1""#, "expected an integer, found a string"), ("true", "expected an integer, found a boolean"),
        ("null", "expected an integer, found null"), ("[1]", "expected an integer, found an array"),
        (#"{"a":1}"#, "expected an integer, found an object"),
    ])
    func `what is no integer of the type is refused`(_ text: String, _ reason: String) {
        #expect(complaint { try self.decode(UInt8.self, text) } == "arguments[0]: \(reason)")
        #expect(complaint { try self.decode([UInt8].self, "[0,\(text)]") } == "arguments[0][1]: \(reason)")
    }

    @Test func `a number too great for 32 bits is no Float`() throws {
        #expect(try self.decode(Float.self, "0.1") == 0.1)
        #expect(complaint { try self.decode(Float.self, "1e39") } != nil)
    }

    @Test func `ByteBuffer and Data come from binary, at the top and inside`() throws {
        struct Upload: Decodable, Equatable {
            var name: String
            var parts: [ByteBuffer]
            var hash: Data?
        }
        let value: JSON = ["name": "x", "parts": [.bytes(1, 2), .bytes()], "hash": .bytes(255)]
        let expected = Upload(name: "x", parts: [ByteBuffer(bytes: [1, 2]), ByteBuffer()], hash: Data([255]))
        for argument in [value.asTextArgument, RawArgument.messagePack(value)] {
            #expect(try self.decoder.decode(Upload.self, from: argument) == expected)
        }
        for argument in [JSON.bytes(9).asTextArgument, RawArgument.messagePack(.bytes(9))] {
            #expect(try self.decoder.decode(ByteBuffer.self, from: argument) == ByteBuffer(bytes: [9]))
            #expect(try self.decoder.decode(Data.self, from: argument) == Data([9]))
            #expect(try self.decoder.decode(ByteBuffer?.self, from: argument) == ByteBuffer(bytes: [9]))
        }
    }

    @Test func `base64 text and numbers are no binary`() {
        #expect(complaint { try self.decode(Data.self, #""AQID""#) } == "arguments[0]: expected binary, found a string")
        #expect(
            complaint { try self.decode(ByteBuffer.self, #""AQID""#) }
                == "arguments[0]: expected binary, found a string")
        #expect(
            complaint { try self.decode([Data].self, "[[1,2]]") } == "arguments[0][0]: expected binary, found an array")
    }

    @Test func `a Date is text as JSON-stringify writes it, or milliseconds`() throws {
        let date = Date(timeIntervalSince1970: 1_767_225_599.999)
        #expect(try self.decode(Date.self, #""2025-12-31T23:59:59.999Z""#) == date)
        #expect(try self.decode(Date.self, "1767225599999") == date)
        #expect(try self.decode([Date?].self, #"["2025-12-31T23:59:59.999Z",null]"#) == [date, nil])
        #expect(
            complaint { try self.decode(Date.self, #""yesterday""#) }
                == "arguments[0]: expected a date such as 2026-01-31T12:00:00.000Z, found another string")
        #expect(
            complaint { try self.decode([String: Date].self, #"{"a":{}}"#) }
                == "arguments[0].a: expected a date, found an object")
    }

    @Test(arguments: ["1e400", "1e300", "-8640000000000001", "8640000000000001"])
    func `a number beyond all dates is refused, because Foundation could not even print it`(_ text: String) {
        #expect(
            complaint { try self.decode(Date.self, text) }
                == "arguments[0]: expected a date, found a number beyond all dates")
    }

    @Test func `URL and UUID are strings`() throws {
        #expect(try self.decode(URL.self, #""https://example.org/a?b""#) == URL(string: "https://example.org/a?b"))
        let id = UUID()
        #expect(try self.decode([UUID].self, "[\"\(id)\"]") == [id])
        #expect(complaint { try self.decode([UUID].self, #"["x"]"#) }?.hasPrefix("arguments[0][0]: ") == true)
    }

    @Test func `an optional is nil for null and for a member that is not there`() throws {
        struct Person: Decodable, Equatable {
            var name: String?
            var age: Int?
        }
        #expect(try self.decode(Person.self, #"{"name":null}"#) == Person())
        #expect(try self.decode(Person.self, #"{"age":3,"other":[]}"#) == Person(age: 3))
        #expect(try self.decode(Int?.self, "null") == nil)
        #expect(try self.decode([Int?].self, "[1,null]") == [1, nil])
        #expect(
            try self.decoder.decode(
                Person.self,
                from: RawArgument(
                    .messagePack,
                    bytes: ByteBuffer(bytes: [
                        0x81, 0xA4, 0x6E, 0x61, 0x6D, 0x65, 0xD4, 0, 0,
                    ]))) == Person())
    }

    @Test func `JSON and received arguments may be parts of a type`() throws {
        struct Envelope: Decodable {
            var kind: String
            var body: JSON
            var raw: RawArgument
        }
        let value: JSON = ["kind": "k", "body": ["x": .bytes(1)], "raw": [.bytes(2)]]
        let envelope = try self.decoder.decode(Envelope.self, from: value.asTextArgument)
        #expect(envelope.body == ["x": .bytes(1)])
        #expect(try JSON(envelope.raw) == [.bytes(2)])
    }

    @Test func `dictionaries have names or integers as keys`() throws {
        #expect(try self.decode([String: Int].self, #"{"a":1,"b":2}"#) == ["a": 1, "b": 2])
        #expect(try self.decode([Int: String].self, #"{"1":"x","-2":"y"}"#) == [1: "x", -2: "y"])
        #expect(complaint { try self.decode([Int: String].self, #"{"x":"y"}"#) } != nil)
    }

    @Test func `an error that is no DecodingError passes as it is`() {
        struct Refusal: Error {}
        struct Picky: Decodable {
            init(from decoder: any Decoder) throws { throw Refusal() }
        }
        #expect(throws: Refusal.self) { try self.decode([Picky].self, "[1]") }
    }
}
