// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Writes the elements of an array, one after the other.
struct ArrayEncodingContainer: UnkeyedEncodingContainer {
    private let node: EncodedNode
    private let path: CodingPath

    init(_ node: EncodedNode, at path: CodingPath) {
        self.node = node
        self.path = path
    }

    var codingPath: [any CodingKey] { self.path.keys }

    var count: Int { self.node.count }

    func encodeNil() { self.append(.null) }
    func encode(_ value: Bool) { self.append(.bool(value)) }
    func encode(_ value: String) { self.append(.string(value)) }
    func encode(_ value: Double) { self.append(.number(value)) }
    func encode(_ value: Float) { self.append(.plain(float: value)) }
    func encode(_ value: Int) throws { try self.append(integer: value) }
    func encode(_ value: Int8) throws { try self.append(integer: value) }
    func encode(_ value: Int16) throws { try self.append(integer: value) }
    func encode(_ value: Int32) throws { try self.append(integer: value) }
    func encode(_ value: Int64) throws { try self.append(integer: value) }
    func encode(_ value: UInt) throws { try self.append(integer: value) }
    func encode(_ value: UInt8) throws { try self.append(integer: value) }
    func encode(_ value: UInt16) throws { try self.append(integer: value) }
    func encode(_ value: UInt32) throws { try self.append(integer: value) }
    func encode(_ value: UInt64) throws { try self.append(integer: value) }

    func encode<T: Encodable>(_ value: T) throws {
        self.append(try JSON(encoding: value, at: self.elementPath))
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        self.nextEncoder().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        self.nextEncoder().unkeyedContainer()
    }

    func superEncoder() -> any Encoder { self.nextEncoder() }

    private var elementPath: CodingPath { self.path.appending(JSONKey(index: self.count)) }

    private func append(_ value: JSON) {
        self.node.append(.value(value))
    }

    private func append(integer: some FixedWidthInteger) throws {
        if let small = Int64(exactly: integer) {
            self.append(.integer(small))
        } else {
            self.append(try .written(integer: integer, self.elementPath))
        }
    }

    private func nextEncoder() -> ValueEncoder {
        let path = self.elementPath
        let child = EncodedNode()
        self.node.append(.node(child))
        return ValueEncoder(child, at: path)
    }
}
