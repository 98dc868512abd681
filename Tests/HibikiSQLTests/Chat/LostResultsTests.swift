// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiChatContract
import HibikiSQL
import HibikiSQLite
import Testing

/// A database whose connection is lost after every commit.
private struct LosingDatabase: SQLDatabase {
    let database: any SQLDatabase
    let code: SQLError.Code

    var dialect: SQLDialect { self.database.dialect }

    func read(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLRows] {
        try await self.database.read(statements)
    }

    func transaction(
        load: [SQLStatement], _ decide: @escaping @Sendable ([SQLRows]) throws -> [SQLStatement]
    ) async throws -> [SQLRows] {
        _ = try await self.database.transaction(load: load, decide)
        throw SQLError(self.code, "lost")
    }

    func close() async { await self.database.close() }
}

@Suite struct LostResultsTests {
    private func withChat(
        losing code: SQLError.Code, _ body: (ChatHarness) async throws -> Void
    ) async throws {
        try await DatabaseKind.sqlite.withDatabase { database in
            _ = try await SQLMigrator.hibiki.migrate(database, at: 0)
            let store = SQLChatStore(LosingDatabase(database: database, code: code))
            _ = try await ChatHarness(store).run(body)
            await database.close()
        }
    }

    @Test func `a message that is stored is answered and told, though the results of its commit were lost`()
        async throws
    {
        try await self.withChat(losing: .resultsLost) { chat in
            try await chat.room("alice", "bob")
            let sent = try await chat.say("alice", "hello")
            #expect(sent.sequence == 1)
            #expect(chat.outlet.names(to: .room("room")).last == "message")
        }
    }

    @Test func `where nobody knows whether it is stored, it says so`() async throws {
        try await self.withChat(losing: .outcomeUnknown) { chat in
            let error = await #expect(throws: SQLError.self) { try await chat.room("alice", "bob") }
            #expect(error?.fate == .unknown)
        }
    }
}
