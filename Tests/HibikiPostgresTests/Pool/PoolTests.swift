// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
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

    @Test func `after a restart of the server the next call does not notice, however many connections are idle`()
        async throws
    {
        let server = try await PostgresServer()
        try await withDatabase(server.connectionString()) {
            $0.connections = 10
            $0.repetitions = 0
        } _: { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...10 {
                    group.addTask { _ = try await database.read(SQLStatement("SELECT pg_sleep(0.5)")) }
                }
                try await group.waitForAll()
            }
            #expect(database.load.open == 10)
            try await server.crash()
            try await server.start()
            #expect(try await database.read(Self.one).count == 1)
            #expect(database.load.open == 1)
        } finally: {
            await server.stop()
        }
    }

    @Test func `idle connections that do not answer are given up together, and soon`() async throws {
        let server = try await PostgresServer.shared
        let proxy = try CuttingProxy(to: server.port)
        defer { proxy.close() }
        try await withDatabase("host=127.0.0.1 port=\(proxy.port) user=\(PostgresServer.user) dbname=postgres") {
            $0.connections = 5
            $0.idleCheckInterval = .milliseconds(200)
        } _: { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...5 {
                    group.addTask { _ = try await database.read(SQLStatement("SELECT pg_sleep(0.5)")) }
                }
                try await group.waitForAll()
            }
            proxy.isSilent = true
            let began = ContinuousClock.now
            try await eventually { database.load.open == 0 }
            // One after another, each for as long as a statement may take, would be five minutes.
            #expect(began.duration(to: .now) < .seconds(30))
            proxy.isSilent = false
            #expect(try await database.read(Self.one).count == 1)
        }
    }

    @Test func `a server that became a standby is left, and the next one taken`() async throws {
        try await withDatabase {
            $0.connections = 1
        } _: { database in
            try await database.write([
                SQLStatement("CREATE SEQUENCE times"),
                SQLStatement(
                    """
                    CREATE FUNCTION refuse() RETURNS BIGINT LANGUAGE plpgsql AS
                    $$ BEGIN
                        IF nextval('times') = 1 THEN RAISE read_only_sql_transaction; END IF;
                        RETURN pg_backend_pid();
                    END $$
                    """),
            ])
            let before: Int64 = try await database.read(SQLStatement("SELECT pg_backend_pid() AS pid"))[0]["pid"]
            let after: Int64 = try await database.write([SQLStatement("SELECT refuse() AS pid")])[0][0]["pid"]
            #expect(before != after)
        }
    }

    @Test func `a standby is unavailable until it is promoted`() async throws {
        let server = try await PostgresServer()
        try await server.crash()
        try Data().write(to: URL(filePath: server.folder + "/data/standby.signal"))
        try await server.start()
        let insert = SQLStatement("CREATE TABLE item (id BIGINT)")
        try await withDatabase(server.connectionString("postgres", "target_session_attrs=any")) { database in
            let count = try await database.read(Self.one).count
            #expect(count == 1)
            for load in [[], [Self.one]] {
                let error = await #expect(throws: SQLError.self) {
                    try await database.transaction(load: load) { _ in [insert] }
                }
                #expect(error?.code == .unavailable)
            }
        }
        try await withDatabase(server.connectionString()) {
            $0.waitLimit = .seconds(1)
        } _: { database in
            let error = await #expect(throws: SQLError.self) { try await database.read(Self.one) }
            #expect(error?.code == .unavailable)
            try await server.execute("SELECT pg_promote()")
            try await database.write([insert])
        }
        await server.stop()
    }
}
