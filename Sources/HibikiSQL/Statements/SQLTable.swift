// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A table as statements about it need it: its columns in the order in which rows are written and read.
struct SQLTable: Sendable {
    let name: String
    /// What tells its rows apart; the first of ``columns``.
    let key: [String]
    let columns: [String]
    /// Columns behind them that are written, and read by conditions and indices only.
    let derived: [String]

    init(_ name: String, key: [String], _ others: [String] = [], derived: [String] = []) {
        self.name = name
        self.key = key
        self.columns = key + others
        self.derived = derived
    }

    /// `a, b, c`, or `m.a, m.b, m.c` where the statement has given the table another name.
    func list(_ alias: String = "") -> String {
        self.columns.map { alias.isEmpty ? $0 : "\(alias).\($0)" }.joined(separator: ", ")
    }

    /// `(room, person)`.
    private var keyList: String { "(\(self.key.joined(separator: ", ")))" }

    func insert(_ rows: [[SQLValue]]) -> [SQLStatement] {
        SQLStatement.insert(into: self.name, self.columns + self.derived, rows: rows)
    }

    /// Writes rows that are new, and all columns of those that are there.
    func upsert(_ rows: [[SQLValue]]) -> [SQLStatement] {
        let changes = (self.columns + self.derived).dropFirst(self.key.count).map { "\($0) = excluded.\($0)" }
        return SQLStatement.insert(
            into: self.name, self.columns + self.derived, rows: rows,
            ending: "ON CONFLICT \(self.keyList) DO UPDATE SET \(changes.joined(separator: ", "))")
    }

    /// All columns of the rows with these keys.
    func select(_ keys: [[SQLValue]], ending: String = "") -> [SQLStatement] {
        SQLStatement.lookUp(
            "SELECT \(self.list()) FROM \(self.name) WHERE \(self.keyList) IN ($KEYS)\(ending)", keys: keys)
    }

    /// Deletes the rows whose columns, by default those of the key, have one of these values.
    func delete(_ keys: [[SQLValue]], by columns: [String]? = nil) -> [SQLStatement] {
        let list = columns.map { "(\($0.joined(separator: ", ")))" } ?? self.keyList
        return SQLStatement.lookUp("DELETE FROM \(self.name) WHERE \(list) IN ($KEYS)", keys: keys)
    }
}
