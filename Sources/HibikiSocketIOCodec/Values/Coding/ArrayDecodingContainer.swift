// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Reads the elements of an array, one after the other. An element that does not fit is not passed.
struct ArrayDecodingContainer: UnkeyedDecodingContainer {
    private let elements: [JSON]
    private let path: CodingPath
    private(set) var currentIndex = 0

    init(_ elements: [JSON], at path: CodingPath) {
        self.elements = elements
        self.path = path
    }

    var codingPath: [any CodingKey] { self.path.keys }

    var count: Int? { self.elements.count }

    var isAtEnd: Bool { self.currentIndex >= self.elements.count }

    mutating func decodeNil() throws -> Bool {
        guard try self.decoder("a value").value.isNull else { return false }
        self.currentIndex += 1
        return true
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try self.next("a boolean") { try $0.decode(type) } }
    mutating func decode(_ type: String.Type) throws -> String { try self.next("a string") { try $0.decode(type) } }
    mutating func decode(_ type: Double.Type) throws -> Double { try self.next("a number") { try $0.decode(type) } }
    mutating func decode(_ type: Float.Type) throws -> Float { try self.next("a number") { try $0.decode(type) } }
    mutating func decode(_ type: Int.Type) throws -> Int { try self.integer() }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try self.integer() }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try self.integer() }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try self.integer() }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try self.integer() }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try self.integer() }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try self.integer() }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try self.integer() }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try self.integer() }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try self.integer() }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        try self.next("a value") { try $0.decode(type) }
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try self.next("an object") { try $0.container(keyedBy: type) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try self.next("an array") { try $0.unkeyedContainer() }
    }

    mutating func superDecoder() throws -> any Decoder {
        try self.next("a value") { $0 }
    }

    private mutating func integer<T: FixedWidthInteger & Decodable>() throws -> T {
        try self.next("an integer") { try $0.decode(T.self) }
    }

    private mutating func next<Result>(
        _ expected: String, _ body: (ValueDecoder) throws -> Result
    ) throws -> Result {
        let result = try body(try self.decoder(expected))
        self.currentIndex += 1
        return result
    }

    private func decoder(_ expected: String) throws -> ValueDecoder {
        let key = JSONKey(index: self.currentIndex)
        guard !self.isAtEnd else {
            let reason = Mismatch(expected: expected, found: "the end of the array").reason
            let context = DecodingError.Context(codingPath: self.codingPath + [key], debugDescription: reason)
            throw DecodingError.valueNotFound(JSON.self, context)
        }
        return ValueDecoder(self.elements[self.currentIndex], at: self.path, key)
    }
}
