// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// Any coder can read and write a `JSON`. Only `ArgumentEncoder` and `ArgumentDecoder` know binary: other coders write
/// base64 text for it, and read that text as a string.
extension JSON: Codable {
    public init(from decoder: any Decoder) throws {
        if let decoder = decoder as? ValueDecoder {
            self = decoder.value
        } else if let container = try? decoder.container(keyedBy: JSONKey.self) {
            self = .object(try Self.members(of: container))
        } else if var container = try? decoder.unkeyedContainer() {
            self = .array(try Self.elements(of: &container))
        } else {
            self = try Self.scalar(of: try decoder.singleValueContainer())
        }
    }

    private static func members(of container: KeyedDecodingContainer<JSONKey>) throws -> JSONObject {
        var members = JSONObject()
        for key in container.allKeys { members[key.stringValue] = try container.decode(JSON.self, forKey: key) }
        return members
    }

    private static func elements(of container: inout any UnkeyedDecodingContainer) throws -> [JSON] {
        var elements: [JSON] = []
        while !container.isAtEnd { elements.append(try container.decode(JSON.self)) }
        return elements
    }

    private static func scalar(of container: any SingleValueDecodingContainer) throws -> JSON {
        if container.decodeNil() { return .null }
        if let value = try? container.decode(Bool.self) { return .bool(value) }
        if let value = try? container.decode(Int64.self) { return .integer(value) }
        if let value = try? container.decode(Double.self) { return .number(value) }
        return .string(try container.decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        if let encoder = encoder as? ValueEncoder {
            encoder.node.content = .value(self)
            return
        }
        switch self {
        case .array(let elements): try elements.encode(to: encoder)
        case .object(let members):
            var container = encoder.container(keyedBy: JSONKey.self)
            for (name, value) in members { try container.encode(value, forKey: JSONKey(name)) }
        case .null, .bool, .integer, .number, .string, .binary:
            var container = encoder.singleValueContainer()
            try self.encodeScalar(into: &container)
        }
    }

    private func encodeScalar(into container: inout any SingleValueEncodingContainer) throws {
        switch self {
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .binary(let bytes): try container.encode(bytes)
        case .null, .array, .object: try container.encodeNil()
        }
    }
}

/// Any name, and any index of an array.
struct JSONKey: CodingKey {
    private let name: String?
    let intValue: Int?

    var stringValue: String { self.name ?? self.intValue.map(String.init) ?? "" }

    static let `super` = JSONKey("super")

    init(_ name: String) {
        self.name = name
        self.intValue = nil
    }

    init(index: Int) {
        self.name = nil
        self.intValue = index
    }

    init(stringValue: String) {
        self.init(stringValue)
    }

    init(intValue: Int) {
        self.init(index: intValue)
    }
}
