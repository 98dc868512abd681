// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization

extension SQLDatabase {
    /// A transaction that has an outcome of its own. When it wrote a row that another process has written in the meantime, it
    /// begins again, and sees that row.
    func deciding<Outcome: Sendable>(
        load: [SQLStatement], _ decide: @escaping @Sendable ([SQLRows]) throws -> ([SQLStatement], Outcome)
    ) async throws -> Outcome {
        // How often a transaction is begun again because another process has come first.
        let attempts = 5
        for attempt in 1... {
            let outcome = LastOutcome<Outcome>()
            do {
                _ = try await self.transaction(load: load) { rows in
                    let decision = try decide(rows)
                    outcome.value.withLock { $0 = decision.1 }
                    return decision.0
                }
            } catch let error as SQLError where error.code == .constraint && attempt < attempts {
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
