// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiChatContract
import HibikiSQL
import Testing

@Suite struct SQLChatStoreTests {
    @Test(arguments: DatabaseKind.allCases, ChatStoreContract.clauses + ChatStoreContract.attachments)
    func `keeps the contract of the chat's store`(_ kind: DatabaseKind, _ clause: ChatStoreContract.Clause) async throws
    {
        try await kind.withDatabase { database in
            _ = try await SQLMigrator.hibiki.migrate(database, at: 0)
            try await clause.check(on: SQLChatStore(database))
            await database.close()
        }
    }

    @Test(arguments: DatabaseKind.allCases)
    func `comes to the end of an erasure that finds rows without their messages`(_ kind: DatabaseKind) async throws {
        try await kind.withDatabase { database in
            _ = try await SQLMigrator.hibiki.migrate(database, at: 0)
            try await ChatHarness(SQLChatStore(database)).run { chat in
                try await chat.room("alice")
                _ = try await database.write([
                    SQLStatement("INSERT INTO chat_mention (room, sequence, person) VALUES ('room', 7, 'bob')"),
                    SQLStatement(
                        "INSERT INTO chat_reaction (room, sequence, emoji, person) VALUES ('room', 7, '+', 'bob')"),
                ])
                let revision = try await chat.events("alice").revision
                guard case .erased(_, rooms: 0) = try await chat("bob", .erase("bob")) else {
                    Issue.record("a room was changed in which there was nothing")
                    return
                }
                #expect(try await chat.events("alice").revision == revision)
            }
            await database.close()
        }
    }
}
