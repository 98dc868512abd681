// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import Foundation
internal import GRDB
internal import HibikiSQL

/// Statements on one connection of GRDB, which keeps what it prepared for a text.
struct SQLiteConnection {
    let database: Database

    func run(_ statements: [SQLStatement]) throws -> [SQLRows] {
        try statements.map { try self.run($0) }
    }

    private func run(_ statement: SQLStatement) throws -> SQLRows {
        let prepared = try self.database.cachedStatement(sql: SQLiteText.translate(statement.text))
        try prepared.setArguments(StatementArguments(statement.values.map(\.databaseValue)))
        guard prepared.columnCount > 0 else {
            let before = self.database.totalChangesCount
            try prepared.execute()
            // Whatever changes no row leaves the count of the statement before it.
            let changes = self.database.totalChangesCount == before ? 0 : self.database.changesCount
            return SQLRows(columns: [], values: [], changes: changes)
        }
        let rows = try Row.fetchCursor(prepared)
        let columns = prepared.columnNames
        var values: [SQLValue] = []
        while let row = try rows.next() {
            for index in columns.indices { values.append(SQLValue(row[index] as DatabaseValue)) }
        }
        return SQLRows(
            columns: columns, values: values, changes: prepared.isReadonly ? 0 : values.count / columns.count)
    }
}

extension SQLValue {
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let value): value.databaseValue
        case .real(let value): value.databaseValue
        case .text(let value): value.databaseValue
        case .blob(let value): Data(value).databaseValue
        }
    }

    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let value): self = .integer(value)
        case .double(let value): self = .real(value)
        case .string(let value): self = .text(value)
        case .blob(let value): self = .blob([UInt8](value))
        }
    }
}
