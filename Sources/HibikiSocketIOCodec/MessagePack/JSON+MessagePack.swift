// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

extension JSON {
    /// Writes the value as MessagePack: numbers that are whole as integers of the smallest form, others with 64 bits.
    public func writeMessagePack(to bytes: inout ByteBuffer) {
        switch self {
        case .null: bytes.writeMessagePackNull()
        case .bool(let value): bytes.writeMessagePackBool(value)
        case .integer(let value): bytes.writeMessagePackInteger(value)
        case .number(let value): bytes.writeMessagePackNumber(value)
        case .string(let value): bytes.writeMessagePackString(value)
        case .binary(let value): bytes.writeMessagePackBinary(value)
        case .array(let elements):
            bytes.writeMessagePackArrayHeader(count: elements.count)
            for element in elements { element.writeMessagePack(to: &bytes) }
        case .object(let members):
            bytes.writeMessagePackMapHeader(count: members.count)
            for (name, value) in members {
                bytes.writeMessagePackString(name)
                value.writeMessagePack(to: &bytes)
            }
        }
    }
}

extension MessagePackReader {
    /// Reads the next value. `undefined` is `null`, dates are strings as `JSON.stringify` writes them, and names that
    /// are integers become their digits.
    public mutating func readValue() throws(MessagePackViolation) -> JSON {
        try self.readValue(depth: 0)
    }

    /// Reads the next value, with nothing in it if it is an array or a map.
    mutating func readShallow() throws(MessagePackViolation) -> JSON {
        var ahead = self
        switch try ahead.readToken() {
        case .array:
            try self.skipValue()
            return .array([])
        case .map:
            try self.skipValue()
            return .object([:])
        case .null, .undefined, .bool, .integer, .number, .string, .binary, .date: return try self.readValue()
        }
    }

    private mutating func readValue(depth: Int) throws(MessagePackViolation) -> JSON {
        switch try self.readToken() {
        case .null, .undefined: return .null
        case .bool(let value): return .bool(value)
        case .integer(let value): return .integer(value)
        case .number(let value): return .number(value)
        case .string(let value): return .string(String(buffer: value))
        case .date(let value): return .string(value)
        case .binary(let value): return .binary(value)
        case .array(let count):
            try self.checkDepth(depth)
            return .array(try self.readElements(count, depth: depth + 1))
        case .map(let count):
            try self.checkDepth(depth)
            return .object(try self.readMembers(count, depth: depth + 1))
        }
    }

    private mutating func readElements(_ count: Int, depth: Int) throws(MessagePackViolation) -> [JSON] {
        var elements: [JSON] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try self.readValue(depth: depth)) }
        return elements
    }

    private mutating func readMembers(_ count: Int, depth: Int) throws(MessagePackViolation) -> JSONObject {
        var members = JSONObject()
        members.reserveCapacity(count)
        for _ in 0..<count {
            let name = String(buffer: try self.readKey())
            members[name] = try self.readValue(depth: depth)
        }
        return members
    }
}
