// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiDocumentContract
import HibikiSQL
import Testing

@Suite struct SQLDocumentStoreTests {
    @Test(arguments: DatabaseKind.allCases, DocumentStoreContract.clauses)
    func `keeps the contract of the store of documents`(
        _ kind: DatabaseKind, _ clause: DocumentStoreContract.Clause
    ) async throws {
        try await kind.withDatabase { database in
            _ = try await SQLMigrator.hibiki.migrate(database, at: 0)
            try await clause.check(on: SQLDocumentStore(database))
            await database.close()
        }
    }
}
