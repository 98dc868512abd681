// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Brings a database to the schema that this program knows.
///
/// A table, `hibiki_migration`, says which steps were taken, and with which checksums. All steps that are missing are one
/// transaction: it is there whole or not at all, and nodes that start together take turns, so that one of them migrates
/// and the others find it done. Both databases roll tables and indices back like rows.
public struct SQLMigrator: Sendable {
    /// What was found, and done.
    public struct Outcome: Hashable, Sendable {
        /// The steps that the database had before.
        public var before: Int
        /// Those that were taken now, or are missing, in their order.
        public var steps: [SQLMigration]
    }

    private static let table = "hibiki_migration"
    private let migrations: [SQLMigration]

    /// - Parameter migrations: in order, numbered from 1.
    public init(_ migrations: [SQLMigration]) {
        precondition(migrations.map(\.number) == Array(1..<migrations.count + 1), "migrations are numbered from 1")
        self.migrations = migrations
    }

    /// How many steps this program knows.
    public var version: Int { self.migrations.count }

    /// The steps that are missing, taking none. Throws as ``migrate(_:at:)`` does.
    public func check(_ database: any SQLDatabase) async throws -> Outcome {
        let tables = try await database.read(SQLStatement(database.dialect.tableCount, [.text(Self.table)]))
        guard let first = tables.first, try first["tables"] > 0 else {
            return try self.compare(.none, database.dialect)
        }
        return try self.compare(try await database.read(Self.selection), database.dialect)
    }

    /// Takes the steps that are missing. Where none is, nothing is written, and the database may be one that refuses it.
    ///
    /// Throws ``SQLError`` with the code `schema` when the database has steps that this program does not know, or when a
    /// step was changed after it was taken. The database is left as it was.
    ///
    /// - Parameter time: milliseconds since 1970, kept with the steps for people.
    public func migrate(_ database: any SQLDatabase, at time: Int64) async throws -> Outcome {
        let outcome = try await self.check(database)
        guard !outcome.steps.isEmpty else { return outcome }
        let dialect = database.dialect
        let load = (dialect.migrationLock.map { [$0] } ?? []) + [Self.creation, Self.selection]
        let taken = try await database.transaction(load: load) { results in
            let steps = try self.compare(results.last ?? .none, dialect).steps
            return steps.flatMap { $0.statements(for: dialect) } + Self.records(of: steps, dialect, at: time)
        }
        // The transaction of another node may have come first: the rows that were written here say what was done here.
        let numbers = try taken.flatMap { rows in try rows.map { row -> Int in try row["number"] } }
        return Outcome(before: outcome.before, steps: self.migrations.filter { numbers.contains($0.number) })
    }

    private static let creation = SQLStatement(
        """
        CREATE TABLE IF NOT EXISTS \(table) (
            number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)
        """)

    private static let selection = SQLStatement("SELECT number, name, checksum FROM \(table) ORDER BY number")

    private static func records(of steps: [SQLMigration], _ dialect: SQLDialect, at time: Int64) -> [SQLStatement] {
        let rows: [[SQLValue]] = steps.map {
            [.integer(Int64($0.number)), .text($0.name), .text($0.checksum(for: dialect)), .integer(time)]
        }
        let columns = ["number", "name", "checksum", "applied_at"]
        return SQLStatement.insert(into: self.table, columns, rows: rows, ending: "RETURNING number")
    }

    /// What is missing in a database with these records.
    private func compare(_ records: SQLRows, _ dialect: SQLDialect) throws -> Outcome {
        for (index, record) in records.enumerated() {
            let number: Int = try record["number"]
            let name: String = try record["name"]
            guard number <= self.version else { throw self.isNewer(try records[records.count - 1]["number"]) }
            guard number == index + 1 else {
                throw SQLError(.schema, "the database has no record of migration \(index + 1), but one of \(number)")
            }
            let migration = self.migrations[index]
            let checksum: String = try record["checksum"]
            guard checksum == migration.checksum(for: dialect) else {
                throw SQLError(
                    .schema,
                    """
                    migration \(number) (\(name)) is not the one that this database was migrated with: its checksum is \
                    \(migration.checksum(for: dialect)), and was \(checksum). Run the version that the database was used with.
                    """)
            }
        }
        return Outcome(before: records.count, steps: Array(self.migrations[records.count...]))
    }

    private func isNewer(_ number: Int) -> SQLError {
        SQLError(
            .schema,
            """
            the database has schema \(number), and this program knows those up to \(self.version): a newer version has used \
            it. Run that version, or restore a backup from before.
            """)
    }
}
