// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiPostgres
import HibikiSQL
import HibikiTestSupport
import Testing

/// A connection that is cut at each step of a transaction.
@Suite struct LostConnectionTests {
    private static let insert = SQLStatement("INSERT INTO item (name) VALUES ('new')")
    private static let load = SQLStatement("SELECT id FROM item FOR UPDATE")

    private func withProxy(_ body: (PostgresDatabase, CuttingProxy) async throws -> Void) async throws {
        let server = try await PostgresServer.shared
        let name = try await server.makeDatabase()
        let proxy = try CuttingProxy(to: server.port)
        defer { proxy.close() }
        let text = "host=127.0.0.1 port=\(proxy.port) user=\(PostgresServer.user) dbname=\(name)"
        try await withDatabase(text) {
            $0.connections = 1
        } _: { database in
            try await database.write([
                SQLStatement("CREATE TABLE item (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name TEXT)"),
                SQLStatement("INSERT INTO item (name) VALUES ('old')"),
            ])
            try await body(database, proxy)
        } finally: {
            try await server.dropDatabase(name)
        }
    }

    private func stored(_ database: PostgresDatabase) async throws -> Int {
        try await database.read(SQLStatement("SELECT count(*) AS n FROM item WHERE name = 'new'"))[0]["n"]
    }

    @Test(arguments: [CuttingProxy.Cut.request, .reply])
    func `lost while it loads, a transaction is repeated`(_ cut: CuttingProxy.Cut) async throws {
        try await self.withProxy { database, proxy in
            proxy.next(cut)
            let results = try await database.transaction(load: [Self.load]) { _ in [Self.insert] }
            #expect(results.map(\.changes) == [1])
            let stored = try await self.stored(database)
            #expect(stored == 1)
        }
    }

    @Test func `lost before the server has the commit, a transaction is found to be undone and repeated`() async throws
    {
        try await self.withProxy { database, proxy in
            let times = Counter()
            let results = try await database.transaction(load: [Self.load]) { _ in
                if times.next() == 1 { proxy.next(.request) }
                return [Self.insert]
            }
            #expect(results.map(\.changes) == [1])
            #expect(times.next() == 3)
            let stored = try await self.stored(database)
            #expect(stored == 1)
        }
    }

    @Test(arguments: [CuttingProxy.Cut.reply, .poolerReply])
    func `lost after the server has stored it, a transaction is not repeated, and the caller is told`(
        _ cut: CuttingProxy.Cut
    ) async throws {
        try await self.withProxy { database, proxy in
            let error = await #expect(throws: SQLError.self) {
                try await database.transaction(load: [Self.load]) { _ in
                    proxy.next(cut)
                    return [Self.insert]
                }
            }
            #expect(error?.code == .resultsLost)
            #expect(error?.message.contains("is stored") == true)
            let stored = try await self.stored(database)
            #expect(stored == 1)
        }
    }

    @Test func `where nothing was loaded nobody can be asked, and the outcome is unknown`() async throws {
        try await self.withProxy { database, proxy in
            proxy.next(.reply)
            let error = await #expect(throws: SQLError.self) { try await database.write([Self.insert]) }
            #expect(error?.code == .outcomeUnknown)
            let stored = try await self.stored(database)
            #expect(stored == 1)
        }
    }

    @Test(arguments: [CuttingProxy.Cut.request, .reply])
    func `a read is repeated`(_ cut: CuttingProxy.Cut) async throws {
        try await self.withProxy { database, proxy in
            proxy.next(cut)
            let stored = try await self.stored(database)
            #expect(stored == 0)
        }
    }

    @Test func `a session that the server ends before the commit is repeated`() async throws {
        try await self.withProxy { database, _ in
            try await database.write([SQLStatement("CREATE SEQUENCE times")])
            // A sequence does not go back with the transaction, so the second time passes.
            let end = SQLStatement(
                "SELECT CASE WHEN nextval('times') = 1 THEN pg_terminate_backend(pg_backend_pid()) END AS ended")
            let results = try await database.transaction(load: [Self.load]) { _ in [Self.insert, end] }
            #expect(results.count == 2)
            let stored = try await self.stored(database)
            #expect(stored == 1)
        }
    }
}
