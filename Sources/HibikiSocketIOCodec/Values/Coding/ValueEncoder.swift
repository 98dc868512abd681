// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Writes one value of a tree.
struct ValueEncoder: Encoder {
    let node: EncodedNode
    private let path: CodingPath

    init(_ node: EncodedNode, at path: CodingPath) {
        self.node = node
        self.path = path
    }

    var codingPath: [any CodingKey] { self.path.keys }

    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        self.node.becomeObject()
        return KeyedEncodingContainer(ObjectEncodingContainer(self.node, at: self.path))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        self.node.becomeArray()
        return ArrayEncodingContainer(self.node, at: self.path)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }
}

extension ValueEncoder: SingleValueEncodingContainer {
    func encodeNil() { self.node.content = .value(.null) }
    func encode(_ value: Bool) { self.node.content = .value(.bool(value)) }
    func encode(_ value: String) { self.node.content = .value(.string(value)) }
    func encode(_ value: Double) { self.node.content = .value(.number(value)) }
    func encode(_ value: Float) { self.node.content = .value(.plain(float: value)) }
    func encode(_ value: Int) throws { try self.encode(integer: value) }
    func encode(_ value: Int8) throws { try self.encode(integer: value) }
    func encode(_ value: Int16) throws { try self.encode(integer: value) }
    func encode(_ value: Int32) throws { try self.encode(integer: value) }
    func encode(_ value: Int64) throws { try self.encode(integer: value) }
    func encode(_ value: UInt) throws { try self.encode(integer: value) }
    func encode(_ value: UInt8) throws { try self.encode(integer: value) }
    func encode(_ value: UInt16) throws { try self.encode(integer: value) }
    func encode(_ value: UInt32) throws { try self.encode(integer: value) }
    func encode(_ value: UInt64) throws { try self.encode(integer: value) }

    func encode<T: Encodable>(_ value: T) throws {
        self.node.content = .value(try JSON(encoding: value, at: self.path))
    }

    private func encode(integer value: some FixedWidthInteger) throws {
        self.node.content = .value(try .written(integer: value, self.path))
    }
}
