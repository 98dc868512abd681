// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiChatContract
import HibikiSQL
import Testing

@Suite struct SQLChatStoreTests {
    @Test(arguments: DatabaseKind.allCases, ChatStoreContract.clauses)
    func `keeps the contract of the chat's store`(_ kind: DatabaseKind, _ clause: ChatStoreContract.Clause) async throws
    {
        try await kind.withDatabase { database in
            _ = try await SQLMigrator.hibiki.migrate(database, at: 0)
            try await clause.check(on: SQLChatStore(database))
            await database.close()
        }
    }
}
