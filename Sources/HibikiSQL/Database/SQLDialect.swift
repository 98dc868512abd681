// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The words in which the databases differ. All other SQL of this package is the same for both.
///
/// What the texts keep to: column types `BIGINT`, `DOUBLE PRECISION`, `TEXT` and `BYTEA`, `ON CONFLICT`, `RETURNING`,
/// common table expressions, row values, partial indices.
public struct SQLDialect: Hashable, Sendable {
    /// How a full-text index is asked.
    enum Search {
        /// FTS5 of SQLite.
        case fts5
        /// `tsvector` of PostgreSQL.
        case textSearchVector
    }

    /// The database's name for people, and the mark of what stands in a migration for it alone.
    public let name: String
    /// Ends a SELECT whose rows shall not change until the transaction ends. Empty where there is one writer at a time.
    public let rowLock: String
    /// Lets one node at a time go on, until its transaction ends. `nil` where a transaction of itself excludes all others.
    public let migrationLock: SQLStatement?
    /// Counts, as `tables`, the tables with the name `$1` among those that statements see without a prefix.
    let tableCount: String
    /// The type of a text that is ordered by its bytes, whatever the language of the database.
    let keyText: String
    /// The type of a column that numbers the rows by itself.
    let autoNumber: String
    let search: Search

    public static let sqlite = SQLDialect(
        name: "SQLite",
        rowLock: "",
        migrationLock: nil,
        tableCount: "SELECT count(*) AS tables FROM sqlite_master WHERE type = 'table' AND name = $1",
        keyText: "TEXT",
        autoNumber: "INTEGER PRIMARY KEY",
        search: .fts5
    )

    /// The number of the lock is "Hibiki" in ASCII.
    public static let postgres = SQLDialect(
        name: "PostgreSQL",
        rowLock: " FOR UPDATE",
        migrationLock: SQLStatement("SELECT pg_advisory_xact_lock(79617459841897)"),
        tableCount: """
            SELECT count(*) AS tables FROM pg_catalog.pg_tables \
            WHERE schemaname = ANY (current_schemas(false)) AND tablename = $1
            """,
        keyText: "TEXT COLLATE \"C\"",
        autoNumber: "BIGINT GENERATED ALWAYS AS IDENTITY",
        search: .textSearchVector
    )

    public static func == (left: SQLDialect, right: SQLDialect) -> Bool {
        left.name == right.name
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.name)
    }
}
