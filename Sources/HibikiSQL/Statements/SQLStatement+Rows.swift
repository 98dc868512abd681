// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Statements about many rows at once.
///
/// Their texts come in few sizes, the powers of two, so that the statements which a driver has prepared are found again.
extension SQLStatement {
    /// The most rows in one statement. With it the parameters stay below the 32,766 of SQLite for up to 127 columns.
    static let mostRows = 256

    /// Inserts all rows, in their order, in as few statements as the sizes allow: 37 rows are 32, 4 and 1.
    ///
    /// - Parameters:
    ///   - rows: each with as many values as there are columns.
    ///   - ending: what follows the values: `ON CONFLICT …`, `RETURNING …`.
    public static func insert(
        into table: String, _ columns: [String], rows: [[SQLValue]], ending: String = ""
    ) -> [SQLStatement] {
        let head = "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES "
        let tail = ending.isEmpty ? "" : " " + ending
        return self.pieces(rows).map { piece in
            let tuples = self.tuples(rows: piece.count, columns: columns.count, from: 1)
            return SQLStatement(head + tuples + tail, Array(piece.joined()))
        }
    }

    /// One statement for as many of the keys as fit in it, in which `$KEYS` of the text stands for a list of rows:
    ///
    /// ```swift
    /// SQLStatement.lookUp("SELECT * FROM member WHERE (room, person) IN ($KEYS)", keys: [["general", "alice"]])
    /// ```
    ///
    /// The last key is repeated up to the next size, which changes nothing for `IN`. Keys are of the kinds of the first one. They
    /// are cast to these although they have them: SQLite looks through a whole table for a list of rows, unless it is a
    /// selection of columns whose types are those of the index.
    ///
    /// - Parameter values: of the parameters that the text has before its keys: `$1` to `$n`.
    public static func lookUp(_ text: String, _ values: [SQLValue] = [], keys: [[SQLValue]]) -> [SQLStatement] {
        stride(from: 0, to: keys.count, by: self.mostRows).map { start in
            var piece = Array(keys[start..<min(start + self.mostRows, keys.count)])
            let last = piece[piece.count - 1]
            while piece.count & (piece.count - 1) != 0 { piece.append(last) }
            let tuples = self.tuples(rows: piece.count, columns: last.count, from: values.count + 1)
            let (head, tail) = self.split(text, at: "$KEYS")
            return SQLStatement(
                "\(head)SELECT \(self.casts(last)) FROM (VALUES \(tuples)) AS k\(tail)", values + piece.joined())
        }
    }

    /// `CAST(column1 AS TEXT), CAST(column2 AS BIGINT)`: both databases name the columns of VALUES so.
    private static func casts(_ key: [SQLValue]) -> String {
        key.enumerated().map { index, value in
            let type =
                switch value {
                case .integer: "BIGINT"
                case .real: "DOUBLE PRECISION"
                case .blob: "BYTEA"
                case .text, .null: "TEXT"
                }
            return "CAST(column\(index + 1) AS \(type))"
        }
        .joined(separator: ", ")
    }

    /// The rows in runs whose lengths are powers of two, the long ones first.
    private static func pieces(_ rows: [[SQLValue]]) -> [ArraySlice<[SQLValue]>] {
        var pieces: [ArraySlice<[SQLValue]>] = []
        var rest = rows[...]
        var size = self.mostRows
        while !rest.isEmpty {
            while size > rest.count { size /= 2 }
            pieces.append(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        return pieces
    }

    /// `($1, $2), ($3, $4)`.
    private static func tuples(rows: Int, columns: Int, from first: Int) -> String {
        var text = ""
        var number = first
        for row in 0..<rows {
            text += row == 0 ? "(" : ", ("
            for column in 0..<columns {
                text += column == 0 ? "$\(number)" : ", $\(number)"
                number += 1
            }
            text += ")"
        }
        return text
    }

    private static func split(_ text: String, at mark: String) -> (Substring, Substring) {
        guard let range = text.firstRange(of: mark) else { return (text[...], "") }
        return (text[..<range.lowerBound], text[range.upperBound...])
    }
}
