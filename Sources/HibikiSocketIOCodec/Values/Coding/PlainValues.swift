// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// Types that are read and written here, and not by their own `Codable`: some for speed, others because their own
/// conformance knows no binary.
extension JSON {
    /// The value as a `T`, or `nil` if that is a type with its own `Decodable`.
    func plain<T>(_ type: T.Type) throws(Mismatch) -> T? {
        if type == String.self { return try self.asString() as? T }
        if type == Int.self { return try self.asInteger(Int.self) as? T }
        if type == Double.self { return try self.asDouble() as? T }
        if type == Bool.self { return try self.asBool() as? T }
        if type == JSON.self { return self as? T }
        if type == ByteBuffer.self { return try self.asBinary() as? T }
        if type == RawArgument.self { return RawArgument(self) as? T }
        if let integer = try self.plainInteger(type) { return integer }
        return try self.foundation(type)
    }

    private func plainInteger<T>(_ type: T.Type) throws(Mismatch) -> T? {
        if type == Int64.self { return try self.asInteger(Int64.self) as? T }
        if type == UInt64.self { return try self.asInteger(UInt64.self) as? T }
        if type == UInt.self { return try self.asInteger(UInt.self) as? T }
        if type == Int32.self { return try self.asInteger(Int32.self) as? T }
        if type == UInt32.self { return try self.asInteger(UInt32.self) as? T }
        if type == UInt8.self { return try self.asInteger(UInt8.self) as? T }
        if type == UInt16.self { return try self.asInteger(UInt16.self) as? T }
        if type == Int16.self { return try self.asInteger(Int16.self) as? T }
        if type == Int8.self { return try self.asInteger(Int8.self) as? T }
        if type == Float.self { return try self.asFloat() as? T }
        return nil
    }

    /// Whether `plain` reads that type without looking into arrays and objects.
    static func isScalar(_ type: Any.Type) -> Bool {
        switch ObjectIdentifier(type) {
        case ObjectIdentifier(String.self), ObjectIdentifier(Bool.self), ObjectIdentifier(Double.self),
            ObjectIdentifier(Float.self), ObjectIdentifier(ByteBuffer.self),
            ObjectIdentifier(Int.self), ObjectIdentifier(Int64.self), ObjectIdentifier(Int32.self),
            ObjectIdentifier(Int16.self), ObjectIdentifier(Int8.self),
            ObjectIdentifier(UInt.self), ObjectIdentifier(UInt64.self), ObjectIdentifier(UInt32.self),
            ObjectIdentifier(UInt16.self), ObjectIdentifier(UInt8.self):
            true
        default: self.isFoundationScalar(type)
        }
    }
}

// MARK: Reading

extension JSON {
    func asString() throws(Mismatch) -> String {
        guard case .string(let value) = self else { throw Mismatch(expected: "a string", found: self) }
        return value
    }

    func asBool() throws(Mismatch) -> Bool {
        guard case .bool(let value) = self else { throw Mismatch(expected: "a boolean", found: self) }
        return value
    }

    func asDouble() throws(Mismatch) -> Double {
        guard let value = self.double else { throw Mismatch(expected: "a number", found: self) }
        return value
    }

    func asFloat() throws(Mismatch) -> Float {
        let value = try self.asDouble()
        let float = Float(value)
        guard float.isFinite || !value.isFinite else {
            throw Mismatch(expected: "a number of 32 bits", found: "one that is too great")
        }
        return float
    }

    /// A whole number exactly, so `1.0` but not `1.5`, and only if the type can hold it.
    func asInteger<T: FixedWidthInteger>(_ type: T.Type) throws(Mismatch) -> T {
        switch self {
        case .integer(let value):
            guard let integer = T(exactly: value) else { throw Self.outOfRange(type) }
            return integer
        case .number(let value):
            if let integer = T(exactly: value) { return integer }
            guard value == value.rounded() else {
                throw Mismatch(expected: "an integer", found: "a number with a fraction")
            }
            throw Self.outOfRange(type)
        case .null, .bool, .string, .array, .object, .binary: throw Mismatch(expected: "an integer", found: self)
        }
    }

    private static func outOfRange<T: FixedWidthInteger>(_ type: T.Type) -> Mismatch {
        Mismatch(expected: "an integer from \(T.min) to \(T.max)", found: "another")
    }

    func asBinary() throws(Mismatch) -> ByteBuffer {
        guard case .binary(let value) = self else { throw Mismatch(expected: "binary", found: self) }
        return value
    }
}

// MARK: Writing

extension JSON {
    /// A value of one of these types, or `nil` for a type with its own `Encodable`.
    static func plain<T>(_ value: T) throws(Unwritable) -> JSON? {
        if T.self == JSON.self { return value as? JSON }
        if T.self == ByteBuffer.self { return (value as? ByteBuffer).map(JSON.binary) }
        if T.self == String.self { return (value as? String).map(JSON.string) }
        if T.self == Int.self { return (value as? Int).map { .integer(Int64($0)) } }
        if T.self == Double.self { return (value as? Double).map(JSON.number) }
        if T.self == Bool.self { return (value as? Bool).map(JSON.bool) }
        if let argument = value as? RawArgument { return try self.reading(argument) }
        return try self.foundation(value)
    }

    private static func reading(_ argument: RawArgument) throws(Unwritable) -> JSON {
        do throws(ArgumentError) {
            return try JSON(argument)
        } catch {
            throw Unwritable(reason: error.reason)
        }
    }

    /// Beyond `Int64` only what a double holds exactly: digits are never lost in silence.
    static func plain(integer value: some FixedWidthInteger) throws(Unwritable) -> JSON {
        if let integer = Int64(exactly: value) { return .integer(integer) }
        guard let number = Double(exactly: value) else {
            throw Unwritable(reason: "the integer fits neither 64 bits with a sign nor a double")
        }
        return .number(number)
    }

    /// The shortest decimal that gives the same 32 bits again: `0.1`, not `0.10000000149011612`.
    static func plain(float value: Float) -> JSON {
        .number(value.isFinite ? Double(value.description) ?? Double(value) : Double(value))
    }
}

/// A value that cannot be said on the wire. Whoever knows the path makes an error of it.
struct Unwritable: Error {
    let reason: String
    /// What an error shows instead of the value, if that cannot be described.
    var shown: Double?
}
