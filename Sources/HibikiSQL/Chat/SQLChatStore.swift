// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiChat

/// Rooms and messages in a database of SQL, whichever it is.
///
/// It wants the schema of ``SQLMigrator/hibiki``.
public struct SQLChatStore: ChatStore {
    let database: any SQLDatabase

    public init(_ database: any SQLDatabase) {
        self.database = database
    }

    public func commit<Outcome: Sendable>(
        _ needs: ChatNeeds, _ decide: @escaping @Sendable (ChatFacts) -> (changes: ChatChanges, outcome: Outcome)
    ) async throws -> Outcome {
        let loading = ChatLoading(needs, self.database.dialect)
        return try await self.transaction(load: loading.statements) { rows in
            let decision = decide(try loading.facts(rows))
            return (decision.changes.statements, decision.outcome)
        }
    }

    func transaction<Outcome: Sendable>(
        load: [SQLStatement], _ decide: @escaping @Sendable ([SQLRows]) throws -> ([SQLStatement], Outcome)
    ) async throws -> Outcome {
        try await self.database.deciding(load: load, decide)
    }
}
