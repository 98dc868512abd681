// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiDocumentContract
import Testing

@Suite struct MemoryDocumentStoreTests {
    @Test(arguments: DocumentStoreContract.clauses)
    func `keeps the contract of the store of documents`(_ clause: DocumentStoreContract.Clause) async throws {
        try await clause.check(on: MemoryDocumentStore())
    }
}
