// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiSocketIOCodec
import HibikiWire
import Logging
import Synchronization

extension SocketIOServer: BroadcastSource, Joinable {
    /// The namespace `/`, which clients join that name no other.
    public var sockets: Namespace { self.of("/") }

    public var everyone: BroadcastOperator { self.sockets.everyone }
    public var entrance: Entrance { self.sockets.entrance }

    /// The namespace of that name, which is made if it is not there. A leading `/` may be left out.
    ///
    /// If a pattern of ``of(matching:)-(Regex<Output>)`` matches the name, the namespace is one of its children.
    public func of(_ name: String) -> Namespace {
        let name = name.utf8.first == UInt8(ascii: "/") ? name : "/" + name
        if let known = self.state.withLock({ $0.namespaces[ExactString(name)] }) { return known }
        let parent = self.state.withLock { $0.parents }.first { $0.adopts(name) }
        return self.namespace(named: name, childOf: parent)
    }

    /// A family of namespaces: those whose names match, wherever in the name the pattern is found, are made when the
    /// first client asks for them.
    public func of<Output>(matching pattern: sending Regex<Output>) -> ParentNamespace {
        let pattern = NamespacePattern(pattern)
        return self.add(ParentNamespace(server: self, pattern: { pattern.matches($0) }, allows: nil))
    }

    /// A family of namespaces: those that the closure allows are made when the first client asks for them.
    ///
    /// - Parameter allows: is asked with the name and what the client sent as `auth`. An error counts as no.
    public func of(
        matching allows: @escaping @Sendable (_ name: String, _ auth: JSON) async throws -> Bool
    ) -> ParentNamespace {
        self.add(ParentNamespace(server: self, pattern: nil, allows: allows))
    }

    private func add(_ parent: ParentNamespace) -> ParentNamespace {
        self.state.withLock { $0.parents.append(parent) }
        return parent
    }

    /// Calls a closure for every namespace that is made from now on, by ``of(_:)`` or for a client.
    public func onNewNamespace(_ handler: @escaping @Sendable (Namespace) -> Void) {
        self.hooks.withLock { $0.newNamespace.append(handler) }
    }

    // MARK: Underneath

    func existing(_ name: String) -> Namespace? {
        self.state.withLock { $0.namespaces[ExactString(name)] }
    }

    /// The namespace that a client asks for; `nil` if there is none, and nobody wants it.
    ///
    /// Patterns are tried before anything is awaited.
    func namespace(asked name: String, auth: JSON) async -> Namespace? {
        if let known = self.existing(name) { return known }
        for parent in self.state.withLock({ $0.parents }) where await parent.admits(name, auth: auth) {
            return self.child(named: name, of: parent)
        }
        return nil
    }

    func hasParents() -> Bool {
        self.state.withLock { !$0.parents.isEmpty }
    }

    private func child(named name: String, of parent: ParentNamespace) -> Namespace? {
        let limit = self.configuration.childNamespaces
        guard self.state.withLock({ $0.namespaces.values.lazy.filter { $0.parent != nil }.count < limit }) else {
            self.logger.warning("Socket.IO has as many child namespaces as it may", metadata: ["limit": "\(limit)"])
            return nil
        }
        return self.namespace(named: name, childOf: parent)
    }

    private func namespace(named name: String, childOf parent: ParentNamespace?) -> Namespace {
        let new = Namespace(name: name, server: self, parent: parent)
        let (namespace, phase) = self.state.withLock { state in
            if let known = state.namespaces[ExactString(name)] { return (known, State.Phase.closed) }
            if case .closed = state.phase { return (new, .closed) }
            state.namespaces[ExactString(name)] = new
            return (new, state.phase)
        }
        guard namespace === new else { return namespace }
        for handler in self.hooks.withLock({ $0.newNamespace }) { handler(namespace) }
        if case .running(let hub, let now) = phase { namespace.start(on: hub, now: now) }
        return namespace
    }

    func remove(_ namespace: Namespace) {
        let isRemoved = self.state.withLock { state in
            guard state.namespaces[ExactString(namespace.name)] === namespace else { return false }
            state.namespaces[ExactString(namespace.name)] = nil
            return true
        }
        if isRemoved { namespace.stop() }
    }
}
