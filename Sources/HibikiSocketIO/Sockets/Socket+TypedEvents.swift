// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The same with events that were declared once; see ``SocketEvent``.
extension Socket {
    @discardableResult
    public func on<each Argument: Decodable & Sendable>(
        _ event: SocketEvent<Void, repeat each Argument>,
        _ handler: @escaping @Sendable (repeat each Argument) throws -> Void
    ) -> HandlerID {
        self.on(event.name, handler)
    }

    @discardableResult
    public func on<each Argument: Decodable & Sendable>(
        _ event: SocketEvent<Void, repeat each Argument>,
        _ handler: @escaping @Sendable (repeat each Argument) async throws -> Void
    ) -> HandlerID {
        self.on(event.name, handler)
    }

    @discardableResult
    public func on<Answer: Encodable, each Argument: Decodable & Sendable>(
        _ event: SocketEvent<Answer, repeat each Argument>,
        _ handler: @escaping @Sendable (repeat each Argument) throws -> Answer
    ) -> HandlerID {
        self.on(event.name, handler)
    }

    @discardableResult
    public func on<Answer: Encodable, each Argument: Decodable & Sendable>(
        _ event: SocketEvent<Answer, repeat each Argument>,
        _ handler: @escaping @Sendable (repeat each Argument) async throws -> Answer
    ) -> HandlerID {
        self.on(event.name, handler)
    }

    public func emit<each Argument: Encodable & Sendable>(
        _ event: SocketEvent<Void, repeat each Argument>, _ arguments: repeat each Argument
    ) {
        self.emit(event.name, repeat each arguments)
    }

    public func emitWithAck<Answer: Decodable, each Argument: Encodable & Sendable>(
        _ event: SocketEvent<Answer, repeat each Argument>, _ arguments: repeat each Argument
    ) async throws -> Answer {
        try await self.emitWithAck(event.name, repeat each arguments, as: Answer.self)
    }
}
