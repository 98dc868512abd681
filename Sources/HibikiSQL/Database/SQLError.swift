// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Why a database did not do what it was asked.
public struct SQLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it was: an open set, as databases have more of them than any program treats apart.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// A row of the same key is there, a row that another refers to is not, a column must not be NULL.
        public static let constraint = Code(rawValue: "constraint")
        /// A column is missing in a result or of another kind than was asked: the program and the schema differ.
        public static let column = Code(rawValue: "column")
        /// The database refused the statement: its text, a table that is not there, a parameter of a wrong kind.
        public static let statement = Code(rawValue: "statement")
        /// Another transaction was in the way for longer than the driver waits. Nothing was changed; again is fine.
        public static let busy = Code(rawValue: "busy")
        /// More waits to be written than the driver keeps. Nothing was changed; again, later, is fine.
        public static let overloaded = Code(rawValue: "overloaded")
        /// The database cannot be reached, or the file cannot be opened. Nothing was changed.
        public static let unavailable = Code(rawValue: "unavailable")
        /// The connection broke while a commit was on its way: the transaction is stored whole or not at all, and nobody
        /// knows which. What is written with a key of the writer's own can be sent again.
        public static let outcomeUnknown = Code(rawValue: "outcome unknown")
        /// The transaction is stored, and what its statements gave was lost with the connection. It is not to be sent again.
        public static let resultsLost = Code(rawValue: "results lost")
        /// The statement took longer than it may. Nothing was changed; again would take as long.
        public static let timedOut = Code(rawValue: "timed out")
        /// The disk is full.
        public static let full = Code(rawValue: "full")
        /// The file is no database, or is damaged.
        public static let damaged = Code(rawValue: "damaged")
        /// The schema is not the one that this program knows: it is newer, or a past migration was changed.
        public static let schema = Code(rawValue: "schema")
        /// The database was closed.
        public static let closed = Code(rawValue: "closed")
        /// Anything else.
        public static let failed = Code(rawValue: "failed")
    }

    public var code: Code
    /// For people: what happened, and where it helps what to do. Holds no values of parameters.
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String {
        "\(self.message) (\(self.code.rawValue))"
    }

    /// Nothing was changed, and the same transaction may succeed when it is sent again.
    public var canBeRepeated: Bool {
        switch self.code {
        case .busy, .overloaded, .unavailable: true
        default: false
        }
    }
}
