// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import CPostgres
internal import HibikiSQL
internal import Synchronization

/// One connection. One caller at a time uses it, which the pool takes care of.
///
/// Its executor is the thread that polls, so that no call of it waits on a thread of anybody else.
actor PostgresConnection {
    /// How long a server may take for the answer beyond the time that a statement may.
    private static let grace: Duration = .seconds(5)

    private let thread: PollingThread
    private let handle: PostgresHandle
    /// How long the server may say nothing.
    private let silence: Duration?
    private var prepared: PreparedStatements
    private let lost = Atomic(false)
    private let inTransaction = Atomic(false)

    /// Nothing can be said on it any more.
    nonisolated var isLost: Bool { self.lost.load(ordering: .acquiring) }

    /// A transaction was begun on it that has not ended, whether it can go on or has failed.
    nonisolated var isInTransaction: Bool { self.inTransaction.load(ordering: .acquiring) }

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        self.thread.asUnownedSerialExecutor()
    }

    init(_ handle: PostgresHandle, on thread: PollingThread, configuration: PostgresDatabase.Configuration) {
        self.thread = thread
        self.handle = handle
        self.silence = configuration.statementTimeLimit.map { $0 + Self.grace }
        self.prepared = PreparedStatements(limit: configuration.preparedStatements)
    }

    /// Sends all statements at once and gives the result of each, after one round trip.
    ///
    /// When one fails, those behind it are not run, and the failure holds the results of those before it. The connection
    /// can be used again, in whatever transaction it now is, unless ``PostgresFailure/endsConnection`` says otherwise.
    ///
    /// - Parameter silence: how long the server may say nothing, where that is shorter than usual.
    func run(
        _ statements: [SQLStatement], silence: Duration? = nil
    ) async throws(PostgresFailure) -> [SQLRows] {
        guard !self.isLost else { throw PostgresFailure(.connection, "the connection was lost") }
        let parameters = try self.parameters(of: statements)
        try await self.deallocate()
        return try await self.round(silence: silence ?? self.silence) { round throws(PostgresFailure) in
            for (statement, parameters) in zip(statements, parameters) {
                try self.send(statement, parameters, in: &round)
            }
        }
    }

    /// One round trip with what `fill` sends.
    private func round(
        silence: Duration?, _ fill: (inout PipelineRound) throws(PostgresFailure) -> Void
    ) async throws(PostgresFailure) -> [SQLRows] {
        var round = PipelineRound()
        do throws(PostgresFailure) {
            try fill(&round)
            try self.check(PQpipelineSync(self.handle.connection))
            try await self.exchange(&round, silence: silence)
        } catch {
            // What is half sent cannot be taken back.
            self.lose()
            throw error
        }
        let status = PQtransactionStatus(self.handle.connection)
        self.inTransaction.store(status == PQTRANS_INTRANS || status == PQTRANS_INERROR, ordering: .releasing)
        for name in round.unprepared { self.prepared.forget(name: name) }
        if var failure = round.failure {
            failure.results = round.results
            if failure.endsConnection { self.lose() }
            throw failure
        }
        return round.results
    }

    /// Lets the server forget what makes room for others: in a round of its own, as nothing may stand before a BEGIN, and
    /// seldom, as it costs one. Never within a transaction: one that has failed takes nothing but its ROLLBACK.
    private func deallocate() async throws(PostgresFailure) {
        guard !self.isInTransaction, self.prepared.hasManyDiscarded else { return }
        let names = self.prepared.takeDiscarded()
        _ = try await self.round(silence: self.silence) { round throws(PostgresFailure) in
            for name in names {
                round.expect(.nothing)
                try self.check(
                    PQsendQueryParams(self.handle.connection, "DEALLOCATE \(name)", 0, nil, nil, nil, nil, 1))
            }
        }
    }

    /// Nothing more is to be said on it.
    func end() {
        self.lose()
    }

    private func lose() {
        self.lost.store(true, ordering: .releasing)
    }

    /// All of them before anything is sent: a value that cannot be sent leaves the connection as it was.
    private func parameters(of statements: [SQLStatement]) throws(PostgresFailure) -> [PostgresParameters] {
        var all: [PostgresParameters] = []
        for statement in statements { all.append(try PostgresParameters(statement.values)) }
        return all
    }

    private func send(
        _ statement: SQLStatement, _ parameters: PostgresParameters, in round: inout PipelineRound
    ) throws(PostgresFailure) {
        let connection = self.handle.connection
        let name: String
        switch self.prepared.plan(for: statement.text, types: parameters.types) {
        case .run(let known): name = known
        case .prepare(let new, let types):
            name = new
            round.expect(.prepared(name))
            try self.check(PQsendPrepare(connection, name, statement.text, Int32(clamping: types.count), types))
        }
        round.expect(.rows)
        let count = Int32(clamping: parameters.types.count)
        let isSent = parameters.withPointers { values, lengths, formats in
            PQsendQueryPrepared(connection, name, count, values, lengths, formats, 1)
        }
        try self.check(isSent)
    }

    private func check(_ isSent: Int32) throws(PostgresFailure) {
        guard isSent == 1 else { throw PostgresFailure(.connection, self.handle.message) }
    }

    /// Writes and reads until the round is over. Reads while it writes, as a server that cannot get rid of its answers
    /// takes no more statements.
    private func exchange(
        _ round: inout PipelineRound, silence: Duration?
    ) async throws(PostgresFailure) {
        let connection = self.handle.connection
        while true {
            let unsent = PQflush(connection)
            round.isSent = unsent == 0
            round.read(from: self.handle)
            if round.isOver { return }
            guard unsent >= 0, !self.handle.isBroken else { throw round.lost(self.handle.message) }
            let interest: PollingThread.Interest = unsent == 1 ? [.readable, .writable] : .readable
            let deadline = silence.map { ContinuousClock.now + $0 }
            guard await self.thread.wait(for: interest, on: self.handle.socket, until: deadline) else {
                throw round.lost("the server said nothing for \(silence ?? .zero)")
            }
            if PQconsumeInput(connection) == 0 {
                // What it said before the end is worth reading: why it ended, or that a commit is done.
                round.read(from: self.handle)
                if round.isOver { return }
                throw round.lost(self.handle.message)
            }
        }
    }
}
