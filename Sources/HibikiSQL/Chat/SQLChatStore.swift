// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiChat
import Synchronization

/// Rooms and messages in a database of SQL, whichever it is.
///
/// It wants the schema of ``SQLMigrator/hibiki``.
public struct SQLChatStore: ChatStore {
    /// How often a transaction is begun again because another process has come first.
    private static let attempts = 5

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

    /// A transaction that has an outcome of its own. When it wrote a row that another process has written in the meantime, it
    /// begins again, and sees that row.
    func transaction<Outcome: Sendable>(
        load: [SQLStatement], _ decide: @escaping @Sendable ([SQLRows]) throws -> ([SQLStatement], Outcome)
    ) async throws -> Outcome {
        for attempt in 1... {
            let outcome = LastOutcome<Outcome>()
            do {
                _ = try await self.database.transaction(load: load) { rows in
                    let decision = try decide(rows)
                    outcome.value.withLock { $0 = decision.1 }
                    return decision.0
                }
            } catch let error as SQLError where error.code == .constraint && attempt < Self.attempts {
                continue
            } catch let error as SQLError where error.code == .resultsLost {
                // What it came to was decided before; the results say nothing that is needed.
            }
            if let value = outcome.value.withLock({ $0 }) { return value }
            break
        }
        throw SQLError(.failed, "a transaction was committed without being decided")
    }
}

/// What the last call of a decision came to.
private final class LastOutcome<Outcome: Sendable>: Sendable {
    let value = Mutex<Outcome?>(nil)
}
