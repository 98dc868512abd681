// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Reads one value of a tree.
struct ValueDecoder: Decoder {
    let value: JSON
    private let outer: CodingPath
    /// The last step, apart: most values are plain, and then nobody ever needs the path with it.
    private let key: (any CodingKey)?

    init(_ value: JSON, at outer: CodingPath, _ key: (any CodingKey)? = nil) {
        self.value = value
        self.outer = outer
        self.key = key
    }

    private var path: CodingPath {
        self.key.map { self.outer.appending($0) } ?? self.outer
    }

    var codingPath: [any CodingKey] { self.path.keys }

    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = self.value else {
            throw self.mismatch(expected: "an object", JSONObject.self)
        }
        return KeyedDecodingContainer(ObjectDecodingContainer(members, at: self.path))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = self.value else { throw self.mismatch(expected: "an array", [JSON].self) }
        return ArrayDecodingContainer(elements, at: self.path)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    private func mismatch(expected: String, _ type: Any.Type) -> DecodingError {
        DecodingError(Mismatch(expected: expected, found: self.value), type, self.value, self.path)
    }
}

extension ValueDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { self.value.isNull }

    func decode(_ type: Bool.Type) throws -> Bool {
        try self.read(type) { value throws(Mismatch) in try value.asBool() }
    }

    func decode(_ type: String.Type) throws -> String {
        try self.read(type) { value throws(Mismatch) in try value.asString() }
    }

    func decode(_ type: Double.Type) throws -> Double {
        try self.read(type) { value throws(Mismatch) in try value.asDouble() }
    }

    func decode(_ type: Float.Type) throws -> Float {
        try self.read(type) { value throws(Mismatch) in try value.asFloat() }
    }

    func decode(_ type: Int.Type) throws -> Int { try self.integer() }
    func decode(_ type: Int8.Type) throws -> Int8 { try self.integer() }
    func decode(_ type: Int16.Type) throws -> Int16 { try self.integer() }
    func decode(_ type: Int32.Type) throws -> Int32 { try self.integer() }
    func decode(_ type: Int64.Type) throws -> Int64 { try self.integer() }
    func decode(_ type: UInt.Type) throws -> UInt { try self.integer() }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try self.integer() }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try self.integer() }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try self.integer() }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try self.integer() }

    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let plain = try self.read(type) { value throws(Mismatch) in try value.plain(type) }
        return try plain ?? T(from: self)
    }

    private func integer<T: FixedWidthInteger>() throws -> T {
        try self.read(T.self) { value throws(Mismatch) in try value.asInteger(T.self) }
    }

    private func read<Result>(_ type: Any.Type, _ body: (JSON) throws(Mismatch) -> Result) throws -> Result {
        do throws(Mismatch) {
            return try body(self.value)
        } catch {
            throw DecodingError(error, type, self.value, self.path)
        }
    }
}

extension DecodingError {
    init(_ mismatch: Mismatch, _ type: Any.Type, _ value: JSON, _ path: CodingPath) {
        let context = Context(codingPath: path.keys, debugDescription: mismatch.reason)
        self = value.isNull ? .valueNotFound(type, context) : .typeMismatch(type, context)
    }
}
