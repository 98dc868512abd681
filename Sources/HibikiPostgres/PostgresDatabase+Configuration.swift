// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension PostgresDatabase {
    public struct Configuration: Sendable {
        /// As libpq reads it: a URI `postgresql://…` or words `host=… dbname=…`, with TLS by `sslmode`, `sslrootcert` and
        /// their kin. What it leaves open is taken from the environment (`PGHOST` …).
        public var connectionString: String
        /// How many connections there are at most. Default 10.
        public var connections = 10
        /// How many calls may wait for a connection at once; one more is refused as `overloaded`. Default 1,000.
        public var waiting = 1_000
        /// How long a call waits for a connection. Default 5 seconds; then it is refused as `overloaded`, or as
        /// `unavailable` where the server cannot be reached.
        public var waitLimit: Duration = .seconds(5)
        /// How long it may take to open a connection, TLS and credentials included. Default 5 seconds.
        public var connectTimeLimit: Duration = .seconds(5)
        /// How long a statement may take; then the server stops it, and the call throws ``SQLError/Code/timedOut``. A
        /// server that says nothing for five seconds longer is taken for lost. Default 10 seconds; `nil` for as long as
        /// it takes, as migrations want.
        public var statementTimeLimit: Duration? = .seconds(10)
        /// After how long a connection that nobody uses is tried. Default 30 seconds.
        public var idleCheckInterval: Duration = .seconds(30)
        /// How many statements a connection keeps prepared. Default 256.
        public var preparedStatements = 256
        /// How often a transaction is repeated that another one was in the way of, or whose connection was lost. Default 5.
        public var repetitions = 5

        public init(_ connectionString: String) {
            self.connectionString = connectionString
        }
    }

    /// How busy the connections are.
    public struct Load: Equatable, Sendable {
        /// Connections that are open.
        public var open: Int
        /// Those of them that a call has.
        public var leased: Int
        /// Calls that wait for one.
        public var waiting: Int
    }
}
