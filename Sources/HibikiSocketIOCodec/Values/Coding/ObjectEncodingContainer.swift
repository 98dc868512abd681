// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Writes the members of an object. Of members with the same name the last wins.
struct ObjectEncodingContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    private let node: EncodedNode
    private let path: CodingPath

    init(_ node: EncodedNode, at path: CodingPath) {
        self.node = node
        self.path = path
    }

    var codingPath: [any CodingKey] { self.path.keys }

    func encodeNil(forKey key: Key) { self.set(key, .null) }
    func encode(_ value: Bool, forKey key: Key) { self.set(key, .bool(value)) }
    func encode(_ value: String, forKey key: Key) { self.set(key, .string(value)) }
    func encode(_ value: Double, forKey key: Key) { self.set(key, .number(value)) }
    func encode(_ value: Float, forKey key: Key) { self.set(key, .plain(float: value)) }
    func encode(_ value: Int, forKey key: Key) throws { try self.set(key, integer: value) }
    func encode(_ value: Int8, forKey key: Key) throws { try self.set(key, integer: value) }
    func encode(_ value: Int16, forKey key: Key) throws { try self.set(key, integer: value) }
    func encode(_ value: Int32, forKey key: Key) throws { try self.set(key, integer: value) }
    func encode(_ value: Int64, forKey key: Key) throws { try self.set(key, integer: value) }
    func encode(_ value: UInt, forKey key: Key) throws { try self.set(key, integer: value) }
    func encode(_ value: UInt8, forKey key: Key) throws { try self.set(key, integer: value) }
    func encode(_ value: UInt16, forKey key: Key) throws { try self.set(key, integer: value) }
    func encode(_ value: UInt32, forKey key: Key) throws { try self.set(key, integer: value) }
    func encode(_ value: UInt64, forKey key: Key) throws { try self.set(key, integer: value) }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        self.set(key, try JSON(encoding: value, at: self.path.appending(key)))
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        self.encoder(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        self.encoder(key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { self.encoder(JSONKey.super) }

    func superEncoder(forKey key: Key) -> any Encoder { self.encoder(key) }

    private func set(_ key: Key, _ value: JSON) {
        self.node.set(key.stringValue, .value(value))
    }

    private func set(_ key: Key, integer: some FixedWidthInteger) throws {
        if let small = Int64(exactly: integer) {
            self.set(key, .integer(small))
        } else {
            self.set(key, try .written(integer: integer, self.path.appending(key)))
        }
    }

    private func encoder(_ key: any CodingKey) -> ValueEncoder {
        let child = EncodedNode()
        self.node.set(key.stringValue, .node(child))
        return ValueEncoder(child, at: self.path.appending(key))
    }
}
