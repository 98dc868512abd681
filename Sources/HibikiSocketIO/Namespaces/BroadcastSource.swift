// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiSocketIOCodec

/// Something that has sockets to send to: a server, a namespace, a family of namespaces, or some of their sockets.
public protocol BroadcastSource {
    /// All of its sockets.
    var everyone: BroadcastOperator { get }
}

extension BroadcastSource {
    // MARK: Whom

    /// The sockets in any of the rooms; each gets an event once. Without rooms it is everybody.
    public func to(_ rooms: String...) -> BroadcastOperator { self.to(rooms) }
    public func to(_ rooms: some Sequence<String>) -> BroadcastOperator { self.everyone.with { $0.rooms += rooms } }
    /// The same as `to`.
    public func `in`(_ rooms: String...) -> BroadcastOperator { self.to(rooms) }
    public func `in`(_ rooms: some Sequence<String>) -> BroadcastOperator { self.to(rooms) }
    /// The sockets that are in none of the rooms.
    public func except(_ rooms: String...) -> BroadcastOperator { self.except(rooms) }
    public func except(_ rooms: some Sequence<String>) -> BroadcastOperator {
        self.everyone.with { $0.exceptions += rooms }
    }
    /// Those on this node.
    public var local: BroadcastOperator { self.everyone.with { $0.flags.isLocal = true } }

    // MARK: How

    /// Events that are dropped for whom they cannot leave at once; no log keeps them for recovery.
    public var volatile: BroadcastOperator { self.everyone.with { $0.flags.isVolatile = true } }
    /// Whether an event is worth compressing.
    public func compress(_ isCompressible: Bool) -> BroadcastOperator {
        self.everyone.with { $0.flags.isCompressible = isCompressible }
    }
    /// How long to wait for acks and for other nodes.
    public func timeout(_ timeout: Duration) -> BroadcastOperator { self.everyone.with { $0.flags.timeout = timeout } }

    // MARK: Sending

    /// Sends an event to the sockets. It is encoded once.
    public func emit<each Argument: Encodable & Sendable>(_ event: String, _ arguments: repeat each Argument) {
        self.everyone.broadcast(.string(event), ArgumentList(repeat each arguments))
    }

    /// Passes arguments on as they came.
    public func emit(_ event: String, _ arguments: Arguments) {
        self.everyone.broadcast(.string(event), arguments)
    }

    public func emit(_ event: EventName, _ arguments: Arguments) {
        self.everyone.broadcast(event, arguments)
    }

    public func emit<each Argument: Encodable & Sendable>(
        _ event: SocketEvent<Void, repeat each Argument>, _ arguments: repeat each Argument
    ) {
        self.emit(event.name, repeat each arguments)
    }

    /// Sends the event `message`.
    public func send<each Argument: Encodable & Sendable>(_ arguments: repeat each Argument) {
        self.emit("message", repeat each arguments)
    }

    // MARK: Acks

    /// Sends an event and waits for the acks of all sockets that get it; the first argument of each is one of the
    /// results, in the order in which they come.
    ///
    /// - Throws: ``BroadcastTimeout`` with what has come, if that are not all within ``timeout(_:)``, or within
    ///   ``SocketIOServer/Configuration/broadcastAckTimeout``; `ArgumentError` if an answer is no `Answer`.
    public func emitWithAck<each Argument: Encodable & Sendable, Answer: Decodable>(
        _ event: String, _ arguments: repeat each Argument, as type: Answer.Type
    ) async throws -> [Answer] {
        try await self.everyone.request(.string(event), ArgumentList(repeat each arguments))
            .map { try $0.decode(type, at: 0) }
    }

    /// The same, with all arguments of each ack.
    public func emitWithAck<each Argument: Encodable & Sendable>(
        _ event: String, _ arguments: repeat each Argument
    ) async throws -> [Arguments] {
        try await self.everyone.request(.string(event), ArgumentList(repeat each arguments))
    }

    public func emitWithAck<Answer: Decodable, each Argument: Encodable & Sendable>(
        _ event: SocketEvent<Answer, repeat each Argument>, _ arguments: repeat each Argument
    ) async throws -> [Answer] {
        try await self.emitWithAck(event.name, repeat each arguments, as: Answer.self)
    }
}
