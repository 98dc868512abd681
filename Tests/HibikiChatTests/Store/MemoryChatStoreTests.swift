// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiChatContract
import Testing

@Suite struct `The chat in memory` {
    @Test(arguments: ChatStoreContract.clauses)
    func `keeps the contract of a store`(_ clause: ChatStoreContract.Clause) async throws {
        try await clause.check(on: MemoryChatStore())
    }
}
