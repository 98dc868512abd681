// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiSQL
public import Logging

/// PostgreSQL 13 or later, through libpq.
///
/// Connections are opened when they are needed, kept, tried while they are idle and opened again when they are lost.
/// Nothing of it blocks an event loop or a thread of the cooperative pool.
///
/// ```swift
/// let database = PostgresDatabase(.init("postgresql://hibiki@db.example/hibiki?sslmode=verify-full"), logger: logger)
/// let rows = try await database.read(SQLStatement("SELECT name FROM room WHERE id = $1", ["general"]))
/// await database.close()
/// ```
///
/// - A transaction is two round trips, and one where nothing is loaded. Its isolation is READ COMMITTED: what it relies
///   on it locks with ``SQLDialect/rowLock``. A ``read(_:)`` is one round trip, in one snapshot.
/// - What was committed is on the disk of the server: a session in which `synchronous_commit` is off turns it on.
/// - Two transactions in each other's way (serialization failure, deadlock) are repeated, and so is what a connection
///   was doing that was lost before its commit was sent: ``Configuration/repetitions`` times.
/// - Where a connection is lost while a commit is on its way, PostgreSQL is asked on another one what became of the
///   transaction. What was undone is repeated; where it is stored, and only its results were lost, the call throws
///   ``SQLError/Code/resultsLost``; where nobody can tell, ``SQLError/Code/outcomeUnknown``.
/// - A call whose task is cancelled while it waits for a connection throws ``SQLError/Code/busy``; one that has a
///   connection is carried out.
public struct PostgresDatabase: SQLDatabase {
    private let pool: PostgresPool
    private let configuration: Configuration

    /// Opens no connection yet.
    public init(_ configuration: Configuration, logger: Logger) {
        self.pool = PostgresPool(configuration, logger: logger)
        self.configuration = configuration
    }

    public var dialect: SQLDialect { .postgres }

    /// How busy the connections are, for metrics.
    public var load: Load { self.pool.load }

    public func read(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLRows] {
        guard !statements.isEmpty else { return [] }
        var repetition = Repetition(limit: self.configuration.repetitions)
        while true {
            let lease = try await self.pool.lease()
            do {
                let rows = try await PostgresTransaction(lease.connection).read(statements)
                self.pool.release(lease.connection)
                return rows
            } catch {
                self.pool.release(lease.connection)
                try await repetition.pause(after: error, wasIdle: lease.wasIdle)
            }
        }
    }

    public func transaction(
        load: [SQLStatement], _ decide: @escaping @Sendable ([SQLRows]) throws -> [SQLStatement]
    ) async throws -> [SQLRows] {
        var repetition = Repetition(limit: self.configuration.repetitions)
        while true {
            let lease = try await self.pool.lease()
            do {
                let rows = try await PostgresTransaction(lease.connection).run(load, decide)
                self.pool.release(lease.connection)
                return rows
            } catch let failure as PostgresFailure {
                // Before anything else, as the next question may need its place.
                self.pool.release(lease.connection)
                if let doubt = failure.doubt { try await self.resolve(doubt, failure) }
                try await repetition.pause(after: failure, wasIdle: lease.wasIdle)
            } catch {
                self.pool.release(lease.connection)
                throw error
            }
        }
    }

    public func close() async {
        await self.pool.close()
    }

    /// Returns when the transaction in doubt was undone, so that it can be repeated.
    private func resolve(_ doubt: PostgresFailure.Doubt, _ failure: PostgresFailure) async throws(SQLError) {
        switch await CommitInquiry(pool: self.pool, timeLimit: self.configuration.waitLimit).outcome(of: doubt) {
        case .undone: return
        case .committed:
            throw SQLError(.resultsLost, "the transaction is stored, but its results were lost: \(failure.message)")
        case .unknown:
            throw SQLError(.outcomeUnknown, "the connection was lost during the commit: \(failure.message)")
        }
    }
}
