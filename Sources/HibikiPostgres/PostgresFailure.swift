// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import HibikiSQL

/// Why PostgreSQL, or the connection to it, failed: what decides whether to go on, to repeat or to tell.
struct PostgresFailure: Error {
    enum Kind: Equatable {
        /// The server said so, with the five letters of its error code (PostgreSQL, appendix A).
        case server(String)
        /// The connection is gone, or was given up.
        case connection
        /// The statement cannot be sent: a value that PostgreSQL does not have.
        case statement
        /// The result cannot be read.
        case result
    }

    var kind: Kind
    /// Without values of parameters.
    var message: String
    /// What the statements before the failing one gave.
    var results: [SQLRows] = []
    /// Everything was on its way to the server when the connection was lost.
    var wasSent = false
    /// Set where a commit was on its way.
    var doubt: Doubt?
    /// A server that takes no writes was to write: it is a standby, or has become one.
    var isOnStandby = false

    /// What is known of a transaction that is stored or not.
    enum Doubt: Equatable {
        /// By the number that the server gave it.
        case transaction(Int64)
        case unnumbered
    }

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The connection cannot be used any more: lost, or ended by the server (class 08, 57P01 to 57P05, 25P03, 25P04), or
    /// what was prepared on it is not valid any more, as after a migration, or it leads to a standby.
    var endsConnection: Bool {
        switch self.kind {
        case .connection: true
        case .server where self.isStalePlan || self.isOnStandby: true
        case .server(let state):
            state.hasPrefix("08") || state.hasPrefix("57P") || state == "25P03" || state == "25P04"
        case .statement, .result: false
        }
    }

    /// The server says so only where it has not committed. What else ends a connection may come when it has: from a pooler in
    /// between, as `08P01`, or from a server that falls over.
    var isBeforeCommit: Bool {
        switch self.kind {
        case .server("57P01"), .server("25P03"), .server("25P04"): true
        case .server: self.isStalePlan || self.isOnStandby
        case .connection, .statement, .result: false
        }
    }

    /// Two transactions were in each other's way, and this one was undone so that the other goes on.
    var isConflict: Bool {
        switch self.kind {
        case .server("40001"), .server("40P01"): true
        default: false
        }
    }

    private var isStalePlan: Bool {
        switch self.kind {
        case .server("26000"): true
        case .server("0A000"): self.message.contains("cached plan")
        default: false
        }
    }

    /// Nobody needs to try again before a person has done something.
    var isPermanent: Bool {
        switch self.kind {
        case .statement: true
        case .server, .connection, .result: false
        }
    }
}

extension SQLError {
    init(_ failure: PostgresFailure) {
        switch failure.kind {
        case .connection: self.init(.unavailable, failure.message)
        case .statement: self.init(.statement, failure.message)
        case .result: self.init(.column, failure.message)
        case .server(let state):
            self.init(failure.isOnStandby ? .unavailable : Self.code(state), "\(failure.message) [\(state)]")
        }
    }

    private static func code(_ state: String) -> Code {
        switch state {
        case "40001", "40P01", "55P03": .busy
        case "57014": .timedOut
        case "53100": .full
        case "XX001", "XX002": .damaged
        default:
            switch state.prefix(2) {
            case "23": .constraint
            case "0A", "22", "25", "26", "42", "54": .statement
            case "08", "28", "3D", "53", "57": .unavailable
            default: .failed
            }
        }
    }
}
