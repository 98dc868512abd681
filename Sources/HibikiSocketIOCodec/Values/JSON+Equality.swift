// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Two values are equal when a JavaScript program could not tell them apart: `1` and `1.0` are the same number,
/// and the order of members is of no account. As with `Double`, NaN differs from itself.
extension JSON: Hashable {
    public static func == (one: JSON, other: JSON) -> Bool {
        switch (one, other) {
        case (.null, .null): true
        case (.bool(let one), .bool(let other)): one == other
        case (.integer(let one), .integer(let other)): one == other
        case (.number(let one), .number(let other)): one == other
        case (.integer(let integer), .number(let number)): Int64(exactly: number) == integer
        case (.number(let number), .integer(let integer)): Int64(exactly: number) == integer
        case (.string(let one), .string(let other)): one.hasSameBytes(as: other)
        case (.array(let one), .array(let other)): one == other
        case (.object(let one), .object(let other)): one == other
        case (.binary(let one), .binary(let other)): one == other
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(value)
        case .number(let value): self.hash(number: value, into: &hasher)
        case .string(let value): hasher.combine(value)
        case .array(let elements): hasher.combine(elements)
        case .object(let members): hasher.combine(members)
        case .binary(let bytes): hasher.combine(bytes)
        }
    }

    /// Whole numbers hash like the integers that they equal.
    private func hash(number: Double, into hasher: inout Hasher) {
        if let integer = Int64(exactly: number) {
            hasher.combine(integer)
        } else {
            hasher.combine(number)
        }
    }
}

extension String {
    /// Equality as JavaScript has it. Swift's own takes canonically equivalent texts for the same.
    func hasSameBytes(as other: String) -> Bool {
        self.utf8.elementsEqual(other.utf8)
    }
}
