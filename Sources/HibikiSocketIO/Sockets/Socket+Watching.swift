// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiSocketIOCodec
import Synchronization

/// Closures that see all events of a socket, its errors and its end.
extension Socket {
    // MARK: Incoming

    /// Calls a closure for every event of the client, before middlewares and handlers.
    @discardableResult
    public func onAny(_ handler: @escaping @Sendable (EventName, Arguments) throws -> Void) -> HandlerID {
        self.addAny(.immediate { try handler($0.name, $0.arguments) }, first: false)
    }

    @discardableResult
    public func onAny(_ handler: @escaping @Sendable (EventName, Arguments) async throws -> Void) -> HandlerID {
        self.addAny(.suspending { try await handler($0.name, $0.arguments) }, first: false)
    }

    /// The same, before all that are there already.
    @discardableResult
    public func prependAny(_ handler: @escaping @Sendable (EventName, Arguments) throws -> Void) -> HandlerID {
        self.addAny(.immediate { try handler($0.name, $0.arguments) }, first: true)
    }

    @discardableResult
    public func prependAny(_ handler: @escaping @Sendable (EventName, Arguments) async throws -> Void) -> HandlerID {
        self.addAny(.suspending { try await handler($0.name, $0.arguments) }, first: true)
    }

    /// Takes one of these closures away, or all of them.
    public func offAny(_ id: HandlerID? = nil) {
        self.state.withLock { state in state.anyHandlers.removeAll { id == nil || $0.id == id } }
    }

    /// The closures that see every event of the client, in the order in which they are called.
    public var listenersAny: [HandlerID] {
        self.state.withLock { $0.anyHandlers.map(\.id) }
    }

    private func addAny(_ body: Step<IncomingEvent>.Body, first: Bool) -> HandlerID {
        self.state.withLock { state in
            let step = Step(id: state.nextHandlerID(), body: body)
            guard !state.isOver else { return step.id }
            state.anyHandlers.insert(step, at: first ? 0 : state.anyHandlers.count)
            return step.id
        }
    }

    // MARK: Outgoing

    /// Calls a closure for every event that goes out to this client, by whomever it was emitted; not for acks. It is
    /// called on the event loop of the connection or by the one who emits, and must not block.
    @discardableResult
    public func onAnyOutgoing(_ handler: @escaping @Sendable (EventName, Arguments) -> Void) -> HandlerID {
        self.addOutgoing(handler, first: false)
    }

    /// The same, before all that are there already.
    @discardableResult
    public func prependAnyOutgoing(_ handler: @escaping @Sendable (EventName, Arguments) -> Void) -> HandlerID {
        self.addOutgoing(handler, first: true)
    }

    public func offAnyOutgoing(_ id: HandlerID? = nil) {
        self.state.withLock { state in
            state.outgoingHandlers.removeAll { id == nil || $0.id == id }
            self.isWatched.store(!state.outgoingHandlers.isEmpty, ordering: .releasing)
        }
    }

    public var listenersAnyOutgoing: [HandlerID] {
        self.state.withLock { $0.outgoingHandlers.map(\.id) }
    }

    private func addOutgoing(
        _ handler: @escaping @Sendable (EventName, Arguments) -> Void, first: Bool
    ) -> HandlerID {
        self.state.withLock { state in
            let id = state.nextHandlerID()
            guard !state.isOver else { return id }
            state.outgoingHandlers.insert((id, handler), at: first ? 0 : state.outgoingHandlers.count)
            self.isWatched.store(true, ordering: .releasing)
            return id
        }
    }

    func tellOutgoing(_ packet: EncodedPacket) {
        let handlers = self.state.withLock { $0.outgoingHandlers }
        guard !handlers.isEmpty, let event = self.namespace.server.format.readEvent(packet) else { return }
        for handler in handlers { handler.body(event.name, event.arguments) }
    }

    // MARK: Middlewares

    /// Adds a middleware for the events of this client. One that throws keeps the event from the handlers: its ack is
    /// answered with the error, and without one ``onError(_:)`` is told.
    public func use(_ middleware: @escaping @Sendable (EventName, Arguments) throws -> Void) {
        self.addMiddleware(.immediate { try middleware($0.name, $0.arguments) })
    }

    public func use(_ middleware: @escaping @Sendable (EventName, Arguments) async throws -> Void) {
        self.addMiddleware(.suspending { try await middleware($0.name, $0.arguments) })
    }

    func addMiddleware(_ body: Step<IncomingEvent>.Body) {
        self.state.withLock { state in
            let step = Step(id: state.nextHandlerID(), body: body)
            if !state.isOver { state.middlewares.append(step) }
        }
    }

    // MARK: Errors and the end

    /// Calls a closure for errors of this socket: packets that break the protocol, refusals of middlewares, and what
    /// handlers throw when there is no ack to answer.
    public func onError(_ handler: @escaping @Sendable (any Error) -> Void) {
        self.state.withLock { state in
            if !state.isOver { state.errorHandlers.append(handler) }
        }
    }

    /// Calls a closure when the socket is leaving, while ``rooms`` still lists those that it was in.
    public func onDisconnecting(_ handler: @escaping @Sendable (DisconnectReason, String?) throws -> Void) {
        self.addEnd(\.disconnectingHandlers, .immediate { try handler($0.reason, $0.description) })
    }

    public func onDisconnecting(_ handler: @escaping @Sendable (DisconnectReason, String?) async throws -> Void) {
        self.addEnd(\.disconnectingHandlers, .suspending { try await handler($0.reason, $0.description) })
    }

    /// Calls a closure when the socket has left, with the reason and perhaps a description in words. Events that came
    /// before are handled first, unless the server has ended the socket.
    public func onDisconnect(_ handler: @escaping @Sendable (DisconnectReason, String?) throws -> Void) {
        self.addEnd(\.disconnectHandlers, .immediate { try handler($0.reason, $0.description) })
    }

    public func onDisconnect(_ handler: @escaping @Sendable (DisconnectReason, String?) async throws -> Void) {
        self.addEnd(\.disconnectHandlers, .suspending { try await handler($0.reason, $0.description) })
    }

    private func addEnd(
        _ handlers: any WritableKeyPath<State, [Step<Disconnection>]> & Sendable, _ body: Step<Disconnection>.Body
    ) {
        self.state.withLock { state in
            let step = Step(id: state.nextHandlerID(), body: body)
            if !state.isOver { state[keyPath: handlers].append(step) }
        }
    }
}
