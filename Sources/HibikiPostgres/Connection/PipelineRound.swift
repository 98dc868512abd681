// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import CPostgres
internal import HibikiSQL

/// What was sent up to one synchronization of the pipeline, and what has come back so far.
struct PipelineRound {
    enum Expectation: Equatable {
        case prepared(String)
        case rows
        case nothing
    }

    private var expectations: [Expectation] = []
    private var next = 0
    private(set) var results: [SQLRows] = []
    /// The first; all others follow from it.
    private(set) var failure: PostgresFailure?
    /// Statements that the server did not prepare, because one before them failed.
    private(set) var unprepared: [String] = []
    /// Nothing is left that was not handed to the system.
    var isSent = false
    /// The server has answered everything and waits for more.
    private(set) var isOver = false

    var isBegun: Bool { !self.expectations.isEmpty }

    mutating func expect(_ expectation: Expectation) {
        self.expectations.append(expectation)
    }

    /// The failure of a connection that ended before the round was over: in the server's words if it had some.
    func lost(_ message: String) -> PostgresFailure {
        var failure = self.failure ?? PostgresFailure(.connection, message)
        if !failure.endsConnection { failure.kind = .connection }
        failure.results = self.results
        failure.wasSent = self.isSent
        return failure
    }

    /// Takes in all that has come, without waiting.
    mutating func read(from handle: PostgresHandle) {
        while !self.isOver, PQisBusy(handle.connection) == 0 {
            guard let result = PQgetResult(handle.connection) else {
                // The end of one statement's results; another one behind the last means that nothing more is to come.
                guard self.next < self.expectations.count else { return }
                self.next += 1
                continue
            }
            self.take(result, handle)
            PQclear(result)
        }
    }

    private mutating func take(_ result: OpaquePointer, _ handle: PostgresHandle) {
        let status = PQresultStatus(result)
        if status == PGRES_PIPELINE_SYNC {
            self.isOver = true
            return
        }
        let expectation = self.next < self.expectations.count ? self.expectations[self.next] : .nothing
        if status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY {
            if expectation == .rows, self.failure == nil { self.append(result) }
            return
        }
        if case .prepared(let name) = expectation { self.unprepared.append(name) }
        guard status != PGRES_PIPELINE_ABORTED, self.failure == nil else { return }
        let message = hibiki_errorMessage(result).map { String(cString: $0) } ?? handle.message
        guard let state = hibiki_errorState(result) else {
            self.failure = PostgresFailure(.connection, message)
            return
        }
        self.failure = Self.failure(String(cString: state), message)
    }

    /// The words of class 22 repeat the value that they complain about.
    private static func failure(_ state: String, _ message: String) -> PostgresFailure {
        PostgresFailure(.server(state), state.hasPrefix("22") ? "the server refuses a value" : message)
    }

    private mutating func append(_ result: OpaquePointer) {
        do throws(PostgresFailure) {
            self.results.append(try SQLRows(result))
        } catch {
            self.failure = error
        }
    }
}
