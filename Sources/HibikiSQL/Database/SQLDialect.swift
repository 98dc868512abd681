// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The words in which the databases differ. All other SQL of this package is the same for both.
///
/// What the texts keep to: column types `BIGINT`, `DOUBLE PRECISION`, `TEXT` and `BYTEA`, `ON CONFLICT`, `RETURNING`,
/// common table expressions, row values, partial indices.
public struct SQLDialect: Hashable, Sendable {
    /// The database's name for people, and the mark of what stands in a migration for it alone.
    public let name: String
    /// Ends a SELECT whose rows shall not change until the transaction ends. Empty where there is one writer at a time.
    public let rowLock: String
    /// Lets one node at a time go on, until its transaction ends. `nil` where a transaction of itself excludes all others.
    public let migrationLock: SQLStatement?

    public init(name: String, rowLock: String, migrationLock: SQLStatement?) {
        self.name = name
        self.rowLock = rowLock
        self.migrationLock = migrationLock
    }

    public static let sqlite = SQLDialect(name: "SQLite", rowLock: "", migrationLock: nil)

    /// The number of the lock says "Hibiki" in ASCII.
    public static let postgres = SQLDialect(
        name: "PostgreSQL", rowLock: " FOR UPDATE",
        migrationLock: SQLStatement("SELECT pg_advisory_xact_lock(79617459841897)")
    )
}
