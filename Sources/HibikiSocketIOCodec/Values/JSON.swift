// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// A value whose type is not known beforehand: what JSON can say, and binary.
///
/// A member or an element that is not there reads as `null`, so that a path needs no unwrapping:
///
/// ```swift
/// let name = json["user"]["names"][0].string ?? "nobody"
/// ```
///
/// Who must tell an absent member from one that is `null` asks `json.object?["user"]`.
public enum JSON: Sendable {
    case null
    case bool(Bool)
    /// A number without fraction and exponent that fits 64 bits.
    case integer(Int64)
    /// Any other number. As JSON text, NaN and the infinities are written as `null`.
    case number(Double)
    case string(String)
    case array([JSON])
    case object(JSONObject)
    /// Bytes, which travel as an attachment, or as such in MessagePack.
    case binary(ByteBuffer)
}

// MARK: Members and elements

extension JSON {
    /// The member of that name; `null` if there is none, or if this is no object.
    public subscript(name: String) -> JSON {
        guard case .object(let members) = self else { return .null }
        return members[name] ?? .null
    }

    /// The element at that index; `null` if there is none, or if this is no array.
    public subscript(index: Int) -> JSON {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return .null }
        return elements[index]
    }
}

// MARK: Reading as one kind

extension JSON {
    public var isNull: Bool {
        guard case .null = self else { return false }
        return true
    }

    public var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// A whole number; `1.0` is one.
    public var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value)
        case .null, .bool, .string, .array, .object, .binary: nil
        }
    }

    /// Any number. Integers beyond 2⁵³ are rounded to the nearest double.
    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .null, .bool, .string, .array, .object, .binary: nil
        }
    }

    public var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    public var array: [JSON]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    public var object: JSONObject? {
        guard case .object(let value) = self else { return nil }
        return value
    }

    public var binary: ByteBuffer? {
        guard case .binary(let value) = self else { return nil }
        return value
    }

    /// What it is, with its article, for a sentence.
    var kindInWords: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        case .binary: "binary"
        }
    }
}
