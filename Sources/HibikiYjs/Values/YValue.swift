// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A value that is not a shared type: what lib0 calls `any`, and JSON with a few more kinds.
public enum YValue: Sendable {
    case undefined
    case null
    case bool(Bool)
    /// Every number of JavaScript's. Integers are exact up to 2^53.
    case number(Double)
    /// A 64-bit integer of JavaScript's `BigInt`, distinct from a number.
    case bigInt(Int64)
    case string(String)
    case bytes([UInt8])
    case array([YValue])
    case object(YObject)
}

extension YValue: Equatable {
    /// Numbers compare by value whatever their width on the wire; strings byte by byte; keys in any order.
    ///
    /// NaN equals NaN here, so that a value equals its copy.
    public static func == (left: YValue, right: YValue) -> Bool {
        switch (left, right) {
        case (.undefined, .undefined), (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right || (left.isNaN && right.isNaN)
        case (.bigInt(let left), .bigInt(let right)): left == right
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.bytes(let left), .bytes(let right)): left == right
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }
}

extension YValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(arrayLiteral elements: YValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, YValue)...) { self = .object(YObject(elements)) }
}

extension YValue {
    /// How formatting marks compare values: by value, objects and arrays one level deep only.
    func equalsAsAttribute(_ other: YValue) -> Bool {
        switch (self, other) {
        case (.object(let left), .object(let right)):
            guard left.count == right.count else { return false }
            return left.allSatisfy { pair in
                right[pair.key].map { pair.value.isIdenticalPrimitive($0) } ?? false
            }
        case (.array(let left), .array(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.isIdenticalPrimitive($1) }
        default:
            return self.isIdenticalPrimitive(other)
        }
    }

    /// What `===` says in JavaScript of two values that were decoded apart: objects are never identical.
    func isIdenticalPrimitive(_ other: YValue) -> Bool {
        switch (self, other) {
        case (.object, _), (.array, _), (.bytes, _): false
        case (.number(let left), .number(let right)): left == right
        default: self == other
        }
    }

    var isNull: Bool {
        if case .null = self { return true }
        return false
    }
}
