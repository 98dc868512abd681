// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// How much a server asks of PostgreSQL at once, and how long it waits. SQLite has no such limits.
public struct StoreLimits: Sendable {
    /// Connections at most. Default 10.
    public var connections = 10
    /// How long a call waits for a connection. Default 5 s.
    public var wait: Duration = .seconds(5)
    /// How long a statement may take. Default 10 s.
    public var statement: Duration = .seconds(10)

    public init() {}
}
