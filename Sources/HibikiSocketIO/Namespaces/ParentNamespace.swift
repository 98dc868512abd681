// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import Synchronization

/// A family of namespaces that are made when clients ask for them. Each gets the middlewares and connection handlers
/// that the family has then. What is emitted here reaches all of them.
public final class ParentNamespace: BroadcastSource, Joinable, Sendable {
    public let entrance = Entrance()
    let server: SocketIOServer
    private let pattern: (@Sendable (String) -> Bool)?
    private let allows: (@Sendable (String, JSON) async throws -> Bool)?

    init(
        server: SocketIOServer, pattern: (@Sendable (String) -> Bool)?,
        allows: (@Sendable (String, JSON) async throws -> Bool)?
    ) {
        self.server = server
        self.pattern = pattern
        self.allows = allows
    }

    /// Those that are there.
    public var children: [Namespace] {
        self.server.state.withLock { $0.namespaces.values.filter { $0.parent === self } }
    }

    public var everyone: BroadcastOperator { BroadcastOperator(.family(self)) }

    /// Whether a namespace that the application makes is one of the family.
    func adopts(_ name: String) -> Bool {
        self.pattern?(name) ?? false
    }

    func admits(_ name: String, auth: JSON) async -> Bool {
        if let pattern = self.pattern { return pattern(name) }
        return (try? await self.allows?(name, auth)) ?? false
    }
}

/// A regular expression that several threads may use.
final class NamespacePattern<Output>: Sendable {
    private let pattern: Mutex<Regex<Output>>

    init(_ pattern: sending Regex<Output>) {
        self.pattern = Mutex(pattern)
    }

    func matches(_ name: String) -> Bool {
        self.pattern.withLock { (try? $0.firstMatch(in: name)) != nil }
    }
}
