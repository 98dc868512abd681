// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiPostgres
import HibikiSQL
import HibikiTestSupport
import Testing

@Suite struct PoolTests {
    private static let one = SQLStatement("SELECT 1 AS one")
    /// Has a connection until ``wake(_:)``.
    private static let sleep = SQLStatement("SELECT pg_sleep(600)")

    /// Ends the sleep of all connections to the database, which see it as a statement that was stopped.
    private func wake(_ server: PostgresServer, _ name: String) async throws {
        try await server.execute(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = '\(name)' AND state = 'active'")
    }

    private func sleeping(_ server: PostgresServer, _ name: String) async throws -> Int {
        let watcher = PostgresDatabase(.init(server.connectionString()), logger: quiet)
        let count = SQLStatement(
            "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = $1 AND wait_event = 'PgSleep'", [.text(name)])
        let found: Int = try await watcher.read(count)[0]["n"]
        await watcher.close()
        return found
    }

    @Test func `beyond the connections calls wait, and beyond the bound they are refused`() async throws {
        let server = try await PostgresServer.shared
        let name = try await server.makeDatabase()
        try await withDatabase(server.connectionString(name)) {
            $0.connections = 2
            $0.waiting = 1
            $0.waitLimit = .seconds(300)
            $0.statementTimeLimit = nil
        } _: { database in
            var busy: [Task<SQLRows, any Error>] = []
            for count in 1...2 {
                busy.append(Task { try await database.read(Self.sleep) })
                try await eventually { try await self.sleeping(server, name) == count }
            }
            let waiting = Task { try await database.read(Self.one) }
            try await eventually { database.load.waiting == 1 }
            let error = await #expect(throws: SQLError.self) { try await database.read(Self.one) }
            #expect(error?.code == .overloaded)
            try await self.wake(server, name)
            for task in busy { await #expect(throws: SQLError.self) { try await task.value } }
            #expect(try await waiting.value.count == 1)
            let load = database.load
            #expect(load.open == 2 && load.leased == 0 && load.waiting == 0)
        } finally: {
            try await server.dropDatabase(name)
        }
    }

    @Test func `who waits for too long is told that all are in use, and who is cancelled waits no more`() async throws {
        let server = try await PostgresServer.shared
        let name = try await server.makeDatabase()
        try await withDatabase(server.connectionString(name)) {
            $0.connections = 1
            $0.waitLimit = .seconds(3)
            $0.statementTimeLimit = nil
        } _: { database in
            let busy = Task { try await database.read(Self.sleep) }
            try await eventually { try await self.sleeping(server, name) == 1 }
            let late = await #expect(throws: SQLError.self) { try await database.read(Self.one) }
            #expect(late?.code == .overloaded)
            let cancelled = Task { try await database.read(Self.one) }
            cancelled.cancel()
            let error = await #expect(throws: SQLError.self) { try await cancelled.value }
            #expect(error?.code == .busy)
            #expect(database.load.waiting == 0)
            try await self.wake(server, name)
            await #expect(throws: SQLError.self) { try await busy.value }
            #expect(try await database.read(Self.one).count == 1)
        } finally: {
            try await server.dropDatabase(name)
        }
    }

    @Test func `a close waits for what is being done, and refuses what waits`() async throws {
        let server = try await PostgresServer.shared
        let name = try await server.makeDatabase()
        try await withDatabase(server.connectionString(name)) {
            $0.connections = 1
            $0.waitLimit = .seconds(300)
            $0.statementTimeLimit = nil
        } _: { database in
            let busy = Task { try await database.read(Self.sleep) }
            try await eventually { try await self.sleeping(server, name) == 1 }
            let waiting = Task { try await database.read(Self.one) }
            try await eventually { database.load.waiting == 1 }
            let closing = Task { await database.close() }
            let error = await #expect(throws: SQLError.self) { try await waiting.value }
            #expect(error?.code == .closed)
            #expect(database.load.leased == 1)
            try await self.wake(server, name)
            await closing.value
            #expect(database.load.leased == 0)
            await #expect(throws: SQLError.self) { try await busy.value }
        } finally: {
            try await server.dropDatabase(name)
        }
    }

    @Test func `a connection that was lost while nobody used it is found, and the next call does not notice`()
        async throws
    {
        let server = try await PostgresServer.shared
        let name = try await server.makeDatabase()
        let end = "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = '\(name)'"
        try await withDatabase(server.connectionString(name)) {
            $0.idleCheckInterval = .milliseconds(20)
        } _: { database in
            #expect(try await database.read(Self.one).count == 1)
            #expect(database.load.open == 1)
            try await server.execute(end)
            try await eventually { database.load.open == 0 }
            #expect(try await database.read(Self.one).count == 1)
        } finally: {
            try await server.dropDatabase(name)
        }
        let other = try await server.makeDatabase()
        try await withDatabase(server.connectionString(other)) { database in
            #expect(try await database.read(Self.one).count == 1)
            try await server.execute(end.replacing(name, with: other))
            #expect(try await database.read(Self.one).count == 1)
            #expect(database.load.open == 1)
        } finally: {
            try await server.dropDatabase(other)
        }
    }
}
