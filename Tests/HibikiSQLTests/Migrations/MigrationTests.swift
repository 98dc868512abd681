// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSQL
import Testing

@Suite struct MigrationTests {
    private static let steps = [
        SQLMigration(1, "rooms", ["CREATE TABLE a (id BIGINT PRIMARY KEY)", "CREATE INDEX a_id ON a (id)"]),
        SQLMigration(
            2, "people",
            [
                "CREATE TABLE b (id BIGINT PRIMARY KEY)",
                .only(.sqlite, "CREATE TABLE only_sqlite (id BIGINT)"),
                .only(.postgres, "CREATE TABLE only_postgres (id BIGINT)"),
            ]),
        SQLMigration(3, "more", ["ALTER TABLE a ADD COLUMN name TEXT NOT NULL DEFAULT ''"]),
    ]

    private func migrate(_ database: any SQLDatabase, to version: Int) async throws -> SQLMigrator.Outcome {
        try await SQLMigrator(Array(Self.steps.prefix(version))).migrate(database, at: 1_700_000_000_000)
    }

    @Test(arguments: DatabaseKind.allCases)
    func `an empty database takes all steps, and none again`(_ kind: DatabaseKind) async throws {
        try await kind.withDatabase { database in
            let migrator = SQLMigrator(Self.steps)
            #expect(try await migrator.check(database).steps.map(\.number) == [1, 2, 3])
            let first = try await self.migrate(database, to: 3)
            #expect(first.before == 0 && first.steps.map(\.number) == [1, 2, 3])
            let second = try await self.migrate(database, to: 3)
            #expect(second.before == 3 && second.steps.isEmpty)
            try await database.write([SQLStatement("INSERT INTO a (id) VALUES (1)")])
            #expect(try await database.read(SQLStatement("SELECT id, name FROM a")).count == 1)
        }
    }

    @Test(arguments: DatabaseKind.allCases)
    func `a statement for one database is not for the other`(_ kind: DatabaseKind) async throws {
        try await kind.withDatabase { database in
            _ = try await self.migrate(database, to: 3)
            let (mine, others) =
                database.dialect == .sqlite ? ("only_sqlite", "only_postgres") : ("only_postgres", "only_sqlite")
            #expect(try await database.read(SQLStatement("SELECT id FROM \(mine)")).isEmpty)
            await #expect(throws: SQLError.self) { try await database.read(SQLStatement("SELECT id FROM \(others)")) }
        }
    }

    @Test(arguments: DatabaseKind.allCases)
    func `a database of an older version takes what is missing, and keeps its rows`(_ kind: DatabaseKind) async throws {
        try await kind.withDatabase { database in
            _ = try await self.migrate(database, to: 1)
            try await database.write([SQLStatement("INSERT INTO a (id) VALUES (7)")])
            let outcome = try await self.migrate(database, to: 3)
            #expect(outcome.before == 1 && outcome.steps.map(\.number) == [2, 3])
            let rows = try await database.read(SQLStatement("SELECT id, name FROM a"))
            #expect(try rows[0]["id"] == 7 && rows[0]["name"] == "")
        }
    }

    @Test(arguments: DatabaseKind.allCases)
    func `a database of a newer version is refused`(_ kind: DatabaseKind) async throws {
        try await kind.withDatabase { database in
            _ = try await self.migrate(database, to: 3)
            let error = await #expect(throws: SQLError.self) { try await self.migrate(database, to: 2) }
            #expect(error?.code == .schema)
            #expect(error?.message.contains("has schema 3, and this program knows those up to 2") == true)
        }
    }

    @Test(arguments: DatabaseKind.allCases)
    func `a step that was changed after it was taken is refused, and nothing is done`(_ kind: DatabaseKind) async throws
    {
        try await kind.withDatabase { database in
            _ = try await self.migrate(database, to: 1)
            let changed = [
                SQLMigration(1, "rooms", ["CREATE TABLE a (id BIGINT PRIMARY KEY, name TEXT)"]), Self.steps[1],
            ]
            let error = await #expect(throws: SQLError.self) { try await SQLMigrator(changed).migrate(database, at: 0) }
            #expect(error?.code == .schema)
            #expect(error?.message.hasPrefix("migration 1 (rooms) is not the one") == true)
            #expect(try await SQLMigrator(Self.steps).check(database).before == 1)
        }
    }

    @Test(arguments: DatabaseKind.allCases)
    func `a step that fails leaves the database as it was`(_ kind: DatabaseKind) async throws {
        try await kind.withDatabase { database in
            _ = try await self.migrate(database, to: 1)
            let broken = [Self.steps[0], Self.steps[1], SQLMigration(3, "broken", ["CREATE TABLE b (id BIGINT)"])]
            await #expect(throws: SQLError.self) { try await SQLMigrator(broken).migrate(database, at: 0) }
            #expect(try await SQLMigrator(Self.steps).check(database).before == 1)
            #expect(try await self.migrate(database, to: 3).steps.map(\.number) == [2, 3])
        }
    }

    @Test(arguments: DatabaseKind.allCases)
    func `of many that start together one migrates`(_ kind: DatabaseKind) async throws {
        try await kind.withDatabase { database in
            let taken = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { try await self.migrate(database, to: 3).steps.count } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(taken.sorted() == [0, 0, 0, 0, 0, 0, 0, 3])
        }
    }
}
