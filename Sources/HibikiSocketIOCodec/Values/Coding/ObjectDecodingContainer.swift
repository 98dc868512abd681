// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Reads the members of an object.
struct ObjectDecodingContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let members: JSONObject
    private let path: CodingPath

    init(_ members: JSONObject, at path: CodingPath) {
        self.members = members
        self.path = path
    }

    var codingPath: [any CodingKey] { self.path.keys }

    var allKeys: [Key] { self.members.compactMap { Key(stringValue: $0.name) } }

    func contains(_ key: Key) -> Bool { self.members[key.stringValue] != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try self.decoder(key, "a value").value.isNull }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool {
        try self.decoder(key, "a boolean").decode(type)
    }

    func decode(_ type: String.Type, forKey key: Key) throws -> String {
        try self.decoder(key, "a string").decode(type)
    }

    func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
        try self.decoder(key, "a number").decode(type)
    }

    func decode(_ type: Float.Type, forKey key: Key) throws -> Float {
        try self.decoder(key, "a number").decode(type)
    }

    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try self.integer(key) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try self.integer(key) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try self.integer(key) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try self.integer(key) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try self.integer(key) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try self.integer(key) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try self.integer(key) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try self.integer(key) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try self.integer(key) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try self.integer(key) }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        try self.decoder(key, "a value").decode(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try self.decoder(key, "an object").container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try self.decoder(key, "an array").unkeyedContainer()
    }

    func superDecoder() -> any Decoder { self.superDecoder(named: JSONKey.super) }

    func superDecoder(forKey key: Key) -> any Decoder { self.superDecoder(named: key) }

    /// A superclass that has nothing of its own may have written no member: it reads `null`.
    private func superDecoder(named key: any CodingKey) -> ValueDecoder {
        ValueDecoder(self.members[key.stringValue] ?? .null, at: self.path, key)
    }

    private func integer<T: FixedWidthInteger & Decodable>(_ key: Key) throws -> T {
        try self.decoder(key, "an integer").decode(T.self)
    }

    private func decoder(_ key: Key, _ expected: String) throws -> ValueDecoder {
        guard let value = self.members[key.stringValue] else {
            let reason = Mismatch(expected: expected, found: "nothing").reason
            throw DecodingError.keyNotFound(key, .init(codingPath: self.codingPath, debugDescription: reason))
        }
        return ValueDecoder(value, at: self.path, key)
    }
}
