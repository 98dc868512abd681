// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A value as it goes into a parameter and comes out of a column.
///
/// The five kinds that both databases have. The type of a parameter is that of its value: a driver of PostgreSQL sends
/// `bigint`, `double precision`, `text` and `bytea`. A truth is the integer 0 or 1, a time milliseconds since 1970.
public enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    /// The word for the kind in messages.
    var kind: String {
        switch self {
        case .null: "NULL"
        case .integer: "an integer"
        case .real: "a real number"
        case .text: "a text"
        case .blob: "bytes"
        }
    }
}

extension SQLValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByNilLiteral {
    public init(integerLiteral value: Int64) {
        self = .integer(value)
    }

    public init(stringLiteral value: String) {
        self = .text(value)
    }

    public init(nilLiteral: ()) {
        self = .null
    }
}
