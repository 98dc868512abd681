// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A piece of SQL with its values, written as one text:
///
/// ```swift
/// let after: SQLFragment = "room = \(room) AND sequence > \(sequence)"
/// let page: SQLFragment = "SELECT \(raw: columns) FROM chat_message WHERE \(after) LIMIT \(50)"
/// page.statement  // SELECT … WHERE room = $1 AND sequence > $2 LIMIT $3
/// ```
///
/// What stands in `\()` becomes a parameter; a piece of SQL is set in with its own. Only `raw:` is text, and is never
/// given anything but names and words of the program.
struct SQLFragment: ExpressibleByStringInterpolation {
    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var pieces: [Piece] = []

        init(literalCapacity: Int, interpolationCount: Int) {
            self.pieces.reserveCapacity(2 * interpolationCount + 1)
        }

        mutating func appendLiteral(_ text: String) {
            self.pieces.append(.text(text))
        }

        mutating func appendInterpolation(raw text: String) {
            self.pieces.append(.text(text))
        }

        mutating func appendInterpolation(_ value: some SQLConvertible) {
            self.pieces.append(.value(value.sqlValue))
        }

        mutating func appendInterpolation(_ name: some RawRepresentable<String>) {
            self.pieces.append(.value(.text(name.rawValue)))
        }

        mutating func appendInterpolation(_ fragment: SQLFragment) {
            self.pieces.append(contentsOf: fragment.pieces)
        }
    }

    fileprivate enum Piece {
        case text(String)
        case value(SQLValue)
    }

    private let pieces: [Piece]

    init(stringLiteral text: String) {
        self.pieces = [.text(text)]
    }

    init(stringInterpolation: StringInterpolation) {
        self.pieces = stringInterpolation.pieces
    }

    var statement: SQLStatement {
        var text = ""
        var values: [SQLValue] = []
        for piece in self.pieces {
            switch piece {
            case .text(let piece): text += piece
            case .value(let value):
                values.append(value)
                text += "$\(values.count)"
            }
        }
        return SQLStatement(text, values)
    }

    /// All of them, with AND in between.
    static func all(_ conditions: [SQLFragment]) -> SQLFragment {
        guard var sum = conditions.first else { return "1 = 1" }
        for condition in conditions.dropFirst() { sum = "\(sum) AND \(condition)" }
        return sum
    }
}
