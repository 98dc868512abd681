// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import HibikiSQL

/// What is said to one connection for one call. Ends outside of any transaction, or with the connection lost.
struct PostgresTransaction {
    private static let beginReading = SQLStatement("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    private static let begin = SQLStatement("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
    /// The number under which PostgreSQL remembers what became of the transaction.
    private static let number = SQLStatement("SELECT txid_current() AS number")
    private static let commit = SQLStatement("COMMIT")
    private static let rollback = SQLStatement("ROLLBACK")

    private let connection: PostgresConnection

    init(_ connection: PostgresConnection) {
        self.connection = connection
    }

    /// One snapshot, in one round trip.
    func read(_ statements: [SQLStatement]) async throws(PostgresFailure) -> [SQLRows] {
        let results = try await self.running([Self.beginReading] + statements + [Self.commit], writes: false)
        return Array(results.dropFirst().dropLast())
    }

    /// Throws ``PostgresFailure``, or what `decide` throws.
    func run(
        _ load: [SQLStatement], _ decide: @Sendable ([SQLRows]) throws -> [SQLStatement]
    ) async throws -> [SQLRows] {
        guard !load.isEmpty else {
            return try await self.finish([Self.begin], try decide([]), doubt: .unnumbered)
        }
        let loaded = try await self.running([Self.begin, Self.number] + load)
        let writes: [SQLStatement]
        let number: Int64
        do {
            number = try loaded[1].first?["number"] ?? 0
            writes = try decide(Array(loaded.dropFirst(2)))
        } catch {
            await self.undo()
            throw error
        }
        return try await self.finish([], writes, doubt: .transaction(number))
    }

    /// Runs the last statements and the commit in one round trip.
    private func finish(
        _ opening: [SQLStatement], _ writes: [SQLStatement], doubt: PostgresFailure.Doubt
    ) async throws(PostgresFailure) -> [SQLRows] {
        let statements = opening + writes + [Self.commit]
        do {
            return Array(try await self.running(statements).dropFirst(opening.count).dropLast())
        } catch {
            // The commit was answered, and the connection lost behind it.
            if error.results.count == statements.count {
                return Array(error.results.dropFirst(opening.count).dropLast())
            }
            var failure = error
            if failure.endsConnection, failure.wasSent, !failure.isBeforeCommit { failure.doubt = doubt }
            if failure.kind == .result { failure.message += "; the transaction is stored" }
            throw failure
        }
    }

    private func running(
        _ statements: [SQLStatement], writes: Bool = true
    ) async throws(PostgresFailure) -> [SQLRows] {
        do {
            return try await self.connection.run(statements)
        } catch {
            var failure = error
            failure.isOnStandby = writes && Self.isOfStandby(failure)
            if failure.isOnStandby {
                await self.connection.end()
            } else if !failure.endsConnection {
                await self.undo()
            }
            throw failure
        }
    }

    /// "Read-only transaction", or, to a BEGIN that asks for another one, "feature not supported".
    private static func isOfStandby(_ failure: PostgresFailure) -> Bool {
        switch failure.kind {
        case .server("25006"): true
        case .server("0A000"): failure.results.isEmpty && !failure.endsConnection
        case .server, .connection, .statement, .result: false
        }
    }

    /// Where it fails, the pool lets go of the connection, and the server undoes the transaction by itself.
    private func undo() async {
        _ = try? await self.connection.run([Self.rollback])
    }
}
