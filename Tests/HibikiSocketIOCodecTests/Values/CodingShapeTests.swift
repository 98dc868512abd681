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

/// The less usual ways in which a type may write and read itself.
@Suite struct CodingShapeTests {
    private func expectSame<T: Codable & Equatable>(_ value: T, as expected: JSON) throws {
        let json = try ArgumentEncoder().encode(value)
        #expect(json == expected)
        for argument in [json.asTextArgument, RawArgument.messagePack(json)] {
            #expect(try ArgumentDecoder().decode(T.self, from: argument) == value)
        }
    }

    @Test func `nested containers, filled in turns`() throws {
        struct Shape: Codable, Equatable {
            enum Key: String, CodingKey { case point, list, deep }
            var x = 1
            var y = ByteBuffer(bytes: [2])

            init() {}

            init(from decoder: any Decoder) throws {
                let outer = try decoder.container(keyedBy: Key.self)
                let point = try outer.nestedContainer(keyedBy: Key.self, forKey: .point)
                self.x = try point.decode(Int.self, forKey: .deep)
                var list = try outer.nestedUnkeyedContainer(forKey: .list)
                let isNil = try list.decodeNil()
                #expect(isNil)
                let first = try list.nestedContainer(keyedBy: Key.self)
                self.y = try first.decode(ByteBuffer.self, forKey: .deep)
                var second = try list.nestedUnkeyedContainer()
                #expect(second.count == 1)
                #expect(try second.decode(String.self) == "end")
                #expect(second.isAtEnd && list.isAtEnd)
                #expect(list.codingPath.map(\.stringValue) == ["list"])
                #expect(second.codingPath.map(\.stringValue) == ["list", "2"])
            }

            func encode(to encoder: any Encoder) throws {
                var outer = encoder.container(keyedBy: Key.self)
                var point = outer.nestedContainer(keyedBy: Key.self, forKey: .point)
                var list = outer.nestedUnkeyedContainer(forKey: .list)
                try list.encodeNil()
                var first = list.nestedContainer(keyedBy: Key.self)
                var second = list.nestedUnkeyedContainer()
                try second.encode("end")
                try first.encode(self.y, forKey: .deep)
                try point.encode(self.x, forKey: .deep)
                #expect(second.codingPath.map(\.stringValue) == ["list", "2"])
                #expect(list.count == 3)
            }
        }
        try self.expectSame(Shape(), as: ["point": ["deep": 1], "list": [nil, ["deep": .bytes(2)], ["end"]]])
    }

    @Test func `a superclass writes under its own name`() throws {
        class Animal: Codable {
            var legs = 4
        }
        final class Dog: Animal {
            enum Key: String, CodingKey { case name, parent }
            var name = "Rex"

            override init() { super.init() }

            required init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Key.self)
                self.name = try container.decode(String.self, forKey: .name)
                try super.init(from: try container.superDecoder())
            }

            override func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Key.self)
                try super.encode(to: container.superEncoder())
                try super.encode(to: container.superEncoder(forKey: .parent))
                try container.encode(self.name, forKey: .name)
            }
        }
        let dog = Dog()
        dog.legs = 3
        let json = try ArgumentEncoder().encode(dog)
        #expect(json == ["name": "Rex", "super": ["legs": 3], "parent": ["legs": 3]])
        let copy = try ArgumentDecoder().decode(Dog.self, from: json.asTextArgument)
        #expect(copy.legs == 3 && copy.name == "Rex")
        let legless = complaint { try ArgumentDecoder().decode(Dog.self, from: .json(#"{"name":"x"}"#)) }
        #expect(legless == "arguments[0].super: expected an object, found null")
    }

    @Test func `two containers of the same value write into one`() throws {
        struct Halves: Encodable {
            var isList: Bool

            func encode(to encoder: any Encoder) throws {
                for half in ["left", "right"] {
                    if self.isList {
                        var container = encoder.unkeyedContainer()
                        try container.encode(half)
                    } else {
                        try [half: 1].encode(to: encoder)
                    }
                }
            }
        }
        #expect(try ArgumentEncoder().encode(Halves(isList: false)) == ["left": 1, "right": 1])
        #expect(try ArgumentEncoder().encode(Halves(isList: true)) == ["left", "right"])
    }

    @Test func `enumerations with associated values`() throws {
        enum Move: Codable, Equatable {
            case to(x: Double, y: Double)
            case say(String)
            case stop
        }
        try self.expectSame(Move.to(x: 1, y: 2.5), as: ["to": ["x": 1, "y": 2.5]])
        try self.expectSame(Move.say("hi"), as: ["say": ["_0": "hi"]])
        try self.expectSame(Move.stop, as: ["stop": [:]])
    }

    @Test func `every width of integer, in each kind of container`() throws {
        struct Widths: Codable, Equatable {
            var a = Int8.min, b = Int16.min, c = Int32.min, d = Int64.min
            var e = UInt8.max, f = UInt16.max, g = UInt32.max, h = UInt64(Int64.max), i = UInt(7), j = Int(-7)
            var k = Float(0.1), l = true
            var m: [Int8] = [.min, .max], n: [UInt16] = [0, .max], o: [Float] = [1.5], p: [Bool] = [true, false]
        }
        let json = try ArgumentEncoder().encode(Widths())
        for argument in [json.asTextArgument, RawArgument.messagePack(json)] {
            #expect(try ArgumentDecoder().decode(Widths.self, from: argument) == Widths())
        }
    }

    @Test func `an element that did not fit is not passed`() throws {
        struct Lenient: Decodable {
            var values: [Int] = []

            init(from decoder: any Decoder) throws {
                var list = try decoder.unkeyedContainer()
                while !list.isAtEnd {
                    if let value = try? list.decode(Int.self) {
                        self.values.append(value)
                    } else {
                        _ = try list.decode(JSON.self)
                    }
                }
                #expect(throws: DecodingError.self) { try list.decode(Int.self) }
                #expect(throws: DecodingError.self) { try list.decodeNil() }
            }
        }
        #expect(try ArgumentDecoder().decode(Lenient.self, from: .json(#"[1,"x",null,2]"#)).values == [1, 2])
    }

    @Test func `a type that writes nothing is an empty object`() throws {
        struct Nothing: Encodable {
            func encode(to encoder: any Encoder) throws {}
        }
        #expect(try ArgumentEncoder().encode(Nothing()) == [:])
        #expect(try ArgumentEncoder().encode([Nothing()]) == [[:]])
    }

    @Test func `other coders write a JSON too, and base64 text for binary`() throws {
        let value: JSON = ["a": [1, 1.5, nil, true, "x"], "b": .bytes(1, 2, 3)]
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let data = try encoder.encode(value)
        #expect(String(decoding: data, as: UTF8.self) == #"{"a":[1,1.5,null,true,"x"],"b":"AQID"}"#)
        #expect(try JSONDecoder().decode(JSON.self, from: data) == ["a": [1, 1.5, nil, true, "x"], "b": "AQID"])
    }

    @Test func `a JSON that is coded by hand keeps its binary`() throws {
        struct Wrapper: Codable, Equatable {
            var value: JSON

            init(_ value: JSON) { self.value = value }
            init(from decoder: any Decoder) throws { self.value = try JSON(from: decoder) }
            func encode(to encoder: any Encoder) throws { try self.value.encode(to: encoder) }
        }
        try self.expectSame([Wrapper(.bytes(1)), Wrapper(["a": .bytes(2)])], as: [.bytes(1), ["a": .bytes(2)]])
    }
}
