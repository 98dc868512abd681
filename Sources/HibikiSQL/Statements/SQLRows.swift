// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a statement gave: rows of named columns, or none, and how many rows it changed.
public struct SQLRows: Hashable, Sendable {
    /// The columns' names in their order.
    public let columns: [String]
    /// How many rows an INSERT, UPDATE or DELETE changed; 0 for a SELECT.
    public let changes: Int
    /// All values, row after row.
    private let values: [SQLValue]
    private let positions: [String: Int]

    /// `values` are those of all rows, one after the other. What is left over of an incomplete last row is dropped.
    public init(columns: [String], values: [SQLValue], changes: Int = 0) {
        self.columns = columns
        self.values = values
        self.changes = changes
        self.positions = Dictionary(zip(columns, columns.indices)) { first, _ in first }
    }

    /// What a statement gave that has no result.
    public static let none = SQLRows(columns: [], values: [])

    /// The first row, where there is one.
    public var first: SQLRow? {
        self.isEmpty ? nil : self[0]
    }

    fileprivate func position(of column: String) throws(SQLError) -> Int {
        guard let position = self.positions[column] else {
            throw SQLError(.column, "the result has no column \(column), but \(self.columns.joined(separator: ", "))")
        }
        return position
    }

    fileprivate func stored(row: Int, position: Int) -> SQLValue? {
        position < self.columns.count ? self.values[row * self.columns.count + position] : nil
    }
}

extension SQLRows: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { self.columns.isEmpty ? 0 : self.values.count / self.columns.count }

    public subscript(position: Int) -> SQLRow {
        precondition(self.indices.contains(position), "row \(position) of \(self.count)")
        return SQLRow(rows: self, index: position)
    }
}

/// One row of a result.
public struct SQLRow: Sendable {
    fileprivate let rows: SQLRows
    fileprivate let index: Int

    /// The value of the column of that name, as the type that the place of the call asks for:
    ///
    /// ```swift
    /// let sequence: Int64 = try row["sequence"]
    /// let name: String? = try row["name"]
    /// ```
    ///
    /// Throws ``SQLError`` with the code `column` when there is no such column, when it is NULL and the type is not
    /// optional, or when it is of another kind.
    public subscript<Value: SQLConvertible>(column: String) -> Value {
        get throws(SQLError) {
            try self.value(at: try self.rows.position(of: column))
        }
    }

    func value<Value: SQLConvertible>(at position: Int) throws(SQLError) -> Value {
        guard let stored = self.rows.stored(row: self.index, position: position) else {
            throw SQLError(.column, "the result has \(self.rows.columns.count) columns, and \(position + 1) were read")
        }
        guard let value = Value(sqlValue: stored) else {
            throw SQLError(
                .column, "the column \(self.rows.columns[position]) holds \(stored.kind), which is no \(Value.self)")
        }
        return value
    }

    func isNull(at position: Int) -> Bool {
        self.rows.stored(row: self.index, position: position) ?? .null == .null
    }
}
