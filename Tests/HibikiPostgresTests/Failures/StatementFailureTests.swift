// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiPostgres
import HibikiSQL
import HibikiTestSupport
import Testing

/// What the server refuses or stops.
@Suite struct StatementFailureTests {
    @Test func `a statement that runs for too long is stopped, and the connection goes on`() async throws {
        try await withDatabase {
            $0.connections = 1
            $0.statementTimeLimit = .milliseconds(100)
        } _: { database in
            let pid = SQLStatement("SELECT pg_backend_pid() AS pid")
            let before: Int64 = try await database.read(pid)[0]["pid"]
            let read = await #expect(throws: SQLError.self) {
                try await database.read(SQLStatement("SELECT pg_sleep(600)"))
            }
            #expect(read?.code == .timedOut)
            let written = await #expect(throws: SQLError.self) {
                try await database.write([SQLStatement("SELECT pg_sleep(600)")])
            }
            #expect(written?.code == .timedOut)
            #expect(try await database.read(pid)[0]["pid"] == before)
        }
    }

    @Test func `of two transactions in each other's way one is repeated, and both are done`() async throws {
        try await withDatabase { database in
            try await database.write([
                SQLStatement("CREATE TABLE item (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)"),
                SQLStatement("INSERT INTO item VALUES (1, 0), (2, 0)"),
            ])
            let locks = [1, 2].map { SQLStatement("SELECT n FROM item WHERE id = \($0) FOR UPDATE") }
            // Long enough that each has its first lock; when not, they follow each other and the test proves less.
            let pause = SQLStatement("SELECT pg_sleep(0.3)")
            let update = SQLStatement("UPDATE item SET n = n + 1")
            async let first = database.transaction(load: [locks[0], pause, locks[1]]) { _ in [update] }
            async let second = database.transaction(load: [locks[1], pause, locks[0]]) { _ in [update] }
            #expect(try await [first, second].map { $0[0].changes } == [2, 2])
            let sums: Int64 = try await database.read(SQLStatement("SELECT sum(n) AS sum FROM item"))[0]["sum"]
            #expect(sums == 4)
        }
    }

    @Test func `a conflict that does not end is told as busy`() async throws {
        try await withDatabase {
            $0.repetitions = 2
        } _: { database in
            try await database.write([
                SQLStatement("CREATE SEQUENCE times"),
                SQLStatement(
                    """
                    CREATE FUNCTION conflict() RETURNS BIGINT LANGUAGE plpgsql AS
                    $$ BEGIN PERFORM nextval('times'); RAISE serialization_failure; END $$
                    """),
            ])
            let error = await #expect(throws: SQLError.self) {
                try await database.write([SQLStatement("SELECT conflict() AS n")])
            }
            #expect(error?.code == .busy)
            #expect(try await database.read(SQLStatement("SELECT last_value AS n FROM times"))[0]["n"] == 3)
        }
    }

    @Test func `a key that is taken is a constraint, by its name and without its value`() async throws {
        try await withDatabase { database in
            try await database.write([SQLStatement("CREATE TABLE item (id TEXT PRIMARY KEY)")])
            let insert = SQLStatement("INSERT INTO item VALUES ($1)", ["secret"])
            try await database.write([insert])
            let error = await #expect(throws: SQLError.self) { try await database.write([insert]) }
            #expect(error?.code == .constraint)
            #expect(error?.message.contains("item_pkey") == true)
            #expect(error?.message.contains("secret") == false)
        }
    }

    @Test func `a value that the server refuses is not repeated in the error`() async throws {
        try await withDatabase { database in
            let cast = SQLStatement("SELECT CAST($1 AS BIGINT) AS n", ["secret"])
            let error = await #expect(throws: SQLError.self) { try await database.read(cast) }
            #expect(error?.code == .statement)
            #expect(error?.message.contains("secret") == false)
        }
    }

    @Test func `what was prepared before a migration is prepared again`() async throws {
        try await withDatabase {
            $0.connections = 1
        } _: { database in
            try await database.write([SQLStatement("CREATE TABLE item (id BIGINT)")])
            let all = SQLStatement("SELECT * FROM item")
            #expect(try await database.read(all).columns == ["id"])
            try await database.write([SQLStatement("ALTER TABLE item ADD COLUMN name TEXT")])
            #expect(try await database.read(all).columns == ["id", "name"])
        }
    }

    @Test func `more texts than a connection keeps are prepared anew, and the server forgets the old ones`()
        async throws
    {
        try await withDatabase {
            $0.connections = 1
            $0.preparedStatements = 4
        } _: { database in
            for number in 0..<20 {
                let read: Int = try await database.read(SQLStatement("SELECT \(number) AS n"))[0]["n"]
                #expect(read == number)
            }
            let kept: Int = try await database.read(SQLStatement("SELECT count(*) AS n FROM pg_prepared_statements"))[
                0]["n"]
            // Those that the last call discarded go with the next one: BEGIN, COMMIT and its own text.
            #expect(kept <= 4 + 3)
        }
    }

    @Test func `a failed transaction ends before anything is forgotten, so that the connection can be used again`()
        async throws
    {
        try await withDatabase {
            $0.connections = 1
            $0.preparedStatements = 4
        } _: { database in
            let pid = SQLStatement("SELECT pg_backend_pid() AS pid")
            let before: Int64 = try await database.read(pid)[0]["pid"]
            for number in 0..<6 {
                let loads = (0..<4).map { SQLStatement("SELECT \(number * 10 + $0) AS n") }
                let error = await #expect(throws: SQLError.self) {
                    try await database.transaction(load: loads) { _ in [SQLStatement("SELECT 1 / 0 AS n")] }
                }
                #expect(error?.code == .statement)
                #expect(try await database.read(pid)[0]["pid"] == before)
            }
        }
    }

    @Test func `a text that is wrong in the middle of many leaves the others as they were`() async throws {
        try await withDatabase {
            $0.connections = 1
        } _: { database in
            let good = SQLStatement("SELECT $1 AS n", [1])
            for _ in 0..<3 {
                await #expect(throws: SQLError.self) {
                    try await database.read([good, SQLStatement("NONSENSE"), good])
                }
                let other = SQLStatement("SELECT 2 AS n")
                let results = try await database.read([good, other])
                #expect(results.count == 2)
            }
        }
    }
}
