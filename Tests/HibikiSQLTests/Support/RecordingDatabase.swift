// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSQL
import Synchronization

/// A database that remembers which statements it was given.
final class RecordingDatabase: SQLDatabase {
    private let database: any SQLDatabase
    private let recorded = Mutex<Set<SQLStatement>>([])

    init(_ database: any SQLDatabase) {
        self.database = database
    }

    /// One of each text.
    var statements: [SQLStatement] {
        let statements = self.recorded.withLock { $0 }
        return Dictionary(statements.map { ($0.text, $0) }) { first, _ in first }.values.sorted { $0.text < $1.text }
    }

    var dialect: SQLDialect { self.database.dialect }

    func read(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLRows] {
        self.record(statements)
        return try await self.database.read(statements)
    }

    func transaction(
        load: [SQLStatement], _ decide: @escaping @Sendable ([SQLRows]) throws -> [SQLStatement]
    ) async throws -> [SQLRows] {
        self.record(load)
        return try await self.database.transaction(load: load) { rows in
            let statements = try decide(rows)
            self.record(statements)
            return statements
        }
    }

    func close() async {
        await self.database.close()
    }

    private func record(_ statements: [SQLStatement]) {
        self.recorded.withLock { $0.formUnion(statements) }
    }
}
