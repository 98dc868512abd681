// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import Synchronization

/// Handlers take the arguments of an event as any `Decodable` types. Arguments that the client left out are `nil` for
/// optionals; those that nobody asks for are ignored. If arguments do not suit a handler it is not called: the ack is
/// answered with an error that names the path, and ``SocketIOServer/onDecodingError(_:)`` is told.
///
/// What a handler returns answers the ack. What it throws answers it too, with `{"error":{"message":…}}`; without an
/// ack ``onError(_:)`` is told.
extension Socket {
    /// Calls a handler for every event of that name. One that takes an ``Ack``, wherever among the arguments, answers
    /// when it likes, even after it has returned. If there are several they are called in the order of registration.
    @discardableResult
    public func on<each Argument: Decodable & Sendable>(
        _ event: String, _ handler: @escaping @Sendable (repeat each Argument) throws -> Void
    ) -> HandlerID {
        self.add(event, .immediate { try $0.call(handler) })
    }

    @discardableResult
    public func on<each Argument: Decodable & Sendable>(
        _ event: String, _ handler: @escaping @Sendable (repeat each Argument) async throws -> Void
    ) -> HandlerID {
        self.add(event, .suspending { try await $0.call(handler) })
    }

    /// Calls a handler whose result is the ack.
    @discardableResult
    public func on<each Argument: Decodable & Sendable, Answer: Encodable & Sendable>(
        _ event: String, _ handler: @escaping @Sendable (repeat each Argument) throws -> Answer
    ) -> HandlerID {
        self.add(event, .immediate { $0.ack(try $0.call(handler)) })
    }

    @discardableResult
    public func on<each Argument: Decodable & Sendable, Answer: Encodable & Sendable>(
        _ event: String, _ handler: @escaping @Sendable (repeat each Argument) async throws -> Answer
    ) -> HandlerID {
        self.add(event, .suspending { $0.ack(try await $0.call(handler)) })
    }

    /// Calls a handler with the arguments as they came, which are not decoded.
    @discardableResult
    public func on(_ event: String, _ handler: @escaping @Sendable (Arguments) throws -> Void) -> HandlerID {
        self.add(event, .immediate { try handler($0.arguments) })
    }

    @discardableResult
    public func on(_ event: String, _ handler: @escaping @Sendable (Arguments) async throws -> Void) -> HandlerID {
        self.add(event, .suspending { try await handler($0.arguments) })
    }

    @discardableResult
    public func on(_ event: String, _ handler: @escaping @Sendable (Arguments, Ack) throws -> Void) -> HandlerID {
        self.add(event, .immediate { try handler($0.arguments, $0.ack) })
    }

    @discardableResult
    public func on(
        _ event: String, _ handler: @escaping @Sendable (Arguments, Ack) async throws -> Void
    ) -> HandlerID {
        self.add(event, .suspending { try await handler($0.arguments, $0.ack) })
    }

    // MARK: Once

    /// Calls a handler for the next event of that name only.
    @discardableResult
    public func once<each Argument: Decodable & Sendable>(
        _ event: String, _ handler: @escaping @Sendable (repeat each Argument) throws -> Void
    ) -> HandlerID {
        self.add(event, .immediate { try $0.call(handler) }, isOnce: true)
    }

    @discardableResult
    public func once<each Argument: Decodable & Sendable>(
        _ event: String, _ handler: @escaping @Sendable (repeat each Argument) async throws -> Void
    ) -> HandlerID {
        self.add(event, .suspending { try await $0.call(handler) }, isOnce: true)
    }

    @discardableResult
    public func once<each Argument: Decodable & Sendable, Answer: Encodable & Sendable>(
        _ event: String, _ handler: @escaping @Sendable (repeat each Argument) throws -> Answer
    ) -> HandlerID {
        self.add(event, .immediate { $0.ack(try $0.call(handler)) }, isOnce: true)
    }

    @discardableResult
    public func once<each Argument: Decodable & Sendable, Answer: Encodable & Sendable>(
        _ event: String, _ handler: @escaping @Sendable (repeat each Argument) async throws -> Answer
    ) -> HandlerID {
        self.add(event, .suspending { $0.ack(try await $0.call(handler)) }, isOnce: true)
    }

    // MARK: Off

    /// Takes the handlers of an event away, or one of them.
    public func off(_ event: String, _ id: HandlerID? = nil) {
        self.state.withLock { $0.handlers.remove(event, id) }
    }

    /// Takes the handlers of all events away.
    public func off() {
        self.state.withLock { $0.handlers.removeAll() }
    }

    func add(_ event: String, _ body: Step<IncomingEvent>.Body, isOnce: Bool = false) -> HandlerID {
        self.state.withLock { state in
            let id = state.nextHandlerID()
            guard !state.isOver else { return id }
            state.handlers.add(Step(id: id, body: body, isOnce: isOnce), for: event)
            return id
        }
    }
}
