// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Reads the columns of a row one after the other, for statements that name their columns in a fixed order.
public struct SQLReader {
    private let row: SQLRow
    private var position = 0

    fileprivate init(_ row: SQLRow) {
        self.row = row
    }

    /// The next column, as the type that the place of the call asks for. Throws as ``SQLRow`` does by name.
    public mutating func next<Value: SQLConvertible>() throws(SQLError) -> Value {
        defer { self.position += 1 }
        return try self.row.value(at: self.position)
    }

    /// The next column, whose text is one of the type's; throws for any other.
    public mutating func next<Value: RawRepresentable<String>>() throws(SQLError) -> Value {
        let text: String = try self.next()
        guard let value = Value(rawValue: text) else {
            throw SQLError(.column, "\"\(text)\" is no \(Value.self)")
        }
        return value
    }

    /// The same for a column that may be NULL.
    public mutating func next<Value: RawRepresentable<String>>() throws(SQLError) -> Value? {
        guard !self.isNull else {
            self.skip(1)
            return nil
        }
        let value: Value = try self.next()
        return value
    }

    /// Whether the next column is NULL: of a joined row that is not there, all are.
    public var isNull: Bool { self.row.isNull(at: self.position) }

    public mutating func skip(_ columns: Int) {
        self.position += columns
    }
}

extension SQLRow {
    public var reader: SQLReader { SQLReader(self) }
}
