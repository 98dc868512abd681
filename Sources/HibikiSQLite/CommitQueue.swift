// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import GRDB
internal import HibikiSQL
internal import Synchronization

/// Transactions that wait for the one writer, and become one commit when they wait together.
///
/// A commit costs a write that the disk has to confirm, whatever is in it. While one is under way others queue up, and the
/// next commit takes all of them: nobody waits for company, and the more there are, the cheaper each becomes. Each stands
/// in a savepoint, so that one which fails leaves nothing and the others are as they would have been alone.
final class CommitQueue: Sendable {
    private struct Transaction {
        var load: [SQLStatement]
        var decide: @Sendable ([SQLRows]) throws -> [SQLStatement]
        var completion: CheckedContinuation<[SQLRows], any Error>
    }

    private struct State {
        var waiting: [Transaction] = []
        var isWriting = false
        var isClosed = false
    }

    private let pool: DatabasePool
    private let mostWaiting: Int
    private let mostTogether: Int
    private let state = Mutex(State())

    init(_ pool: DatabasePool, mostWaiting: Int, mostTogether: Int) {
        self.pool = pool
        self.mostWaiting = mostWaiting
        self.mostTogether = mostTogether
    }

    /// Returns when the transaction is on the disk.
    func commit(
        load: [SQLStatement], _ decide: @escaping @Sendable ([SQLRows]) throws -> [SQLStatement]
    ) async throws -> [SQLRows] {
        try await withCheckedThrowingContinuation { completion in
            do {
                guard try self.add(Transaction(load: load, decide: decide, completion: completion)) else { return }
                self.pool.asyncWriteWithoutTransaction { self.write($0) }
            } catch {
                completion.resume(throwing: error)
            }
        }
    }

    /// Nothing more is taken; what waits is still written.
    func close() {
        self.state.withLock { $0.isClosed = true }
    }

    /// - Returns: whether the writer has to be started.
    private func add(_ transaction: Transaction) throws(SQLError) -> Bool {
        try self.state.withLock { state throws(SQLError) in
            guard !state.isClosed else { throw SQLError(.closed, "the database was closed") }
            guard state.waiting.count < self.mostWaiting else {
                throw SQLError(.overloaded, "\(self.mostWaiting) transactions wait for the database already")
            }
            state.waiting.append(transaction)
            defer { state.isWriting = true }
            return !state.isWriting
        }
    }

    /// Those that go into the next commit; none ends the writer.
    private func next() -> [Transaction] {
        self.state.withLock { state in
            let next = Array(state.waiting.prefix(self.mostTogether))
            state.waiting.removeFirst(next.count)
            state.isWriting = !next.isEmpty
            return next
        }
    }

    private func write(_ database: Database) {
        while case let transactions = self.next(), !transactions.isEmpty {
            let outcomes = self.commit(transactions, database)
            for (transaction, outcome) in zip(transactions, outcomes) { transaction.completion.resume(with: outcome) }
        }
    }

    /// One commit. When it fails as a whole, so does everything in it that had not failed by itself.
    private func commit(_ transactions: [Transaction], _ database: Database) -> [Result<[SQLRows], any Error>] {
        var outcomes: [Result<[SQLRows], any Error>] = []
        do {
            try database.inTransaction(.immediate) {
                for transaction in transactions { outcomes.append(try self.run(transaction, database)) }
                return .commit
            }
            return outcomes
        } catch {
            let failure = Result<[SQLRows], any Error>.failure(SQLError(error))
            return transactions.indices.map { index in
                if index < outcomes.count, case .failure = outcomes[index] { return outcomes[index] }
                return failure
            }
        }
    }

    /// Throws only what ended the transaction of all: a full disk, a file that cannot be written.
    private func run(_ transaction: Transaction, _ database: Database) throws -> Result<[SQLRows], any Error> {
        let connection = SQLiteConnection(database: database)
        var rows: [SQLRows] = []
        do {
            try database.inSavepoint {
                let facts = try connection.run(transaction.load)
                rows = try connection.run(try transaction.decide(facts))
                return .commit
            }
            return .success(rows)
        } catch {
            guard database.isInsideTransaction else { throw error }
            return .failure(error is DatabaseError ? SQLError(error) : error)
        }
    }
}
