// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec

/// A socket with a way to send to it, for example `socket.volatile.emit(…)`. Immutable.
public struct SocketOperator: Sendable {
    let socket: Socket
    var flags = EmitFlags()

    init(_ socket: Socket) {
        self.socket = socket
    }

    private func with(_ change: (inout EmitFlags) -> Void) -> SocketOperator {
        var copy = self
        change(&copy.flags)
        return copy
    }

    /// Events that are dropped if they cannot leave at once; no log keeps them for recovery.
    public var volatile: SocketOperator { self.with { $0.isVolatile = true } }

    public func compress(_ isCompressible: Bool) -> SocketOperator { self.with { $0.isCompressible = isCompressible } }

    /// How long to wait for an ack; then ``EmitError/timeout`` is thrown.
    public func timeout(_ timeout: Duration) -> SocketOperator { self.with { $0.timeout = timeout } }

    public func emit<each Argument: Encodable & Sendable>(_ event: String, _ arguments: repeat each Argument) {
        self.socket.emit(.string(event), ArgumentList(repeat each arguments), self.flags)
    }

    public func emit(_ event: String, _ arguments: Arguments) {
        self.socket.emit(.string(event), arguments, self.flags)
    }

    public func emitWithAck<each Argument: Encodable & Sendable, Answer: Decodable>(
        _ event: String, _ arguments: repeat each Argument, as type: Answer.Type
    ) async throws -> Answer {
        try await self.emitWithAck(event, repeat each arguments).decode(type, at: 0)
    }

    public func emitWithAck<each Argument: Encodable & Sendable>(
        _ event: String, _ arguments: repeat each Argument
    ) async throws -> Arguments {
        try await self.socket.request(.string(event), ArgumentList(repeat each arguments), self.flags)
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

    // MARK: Others

    /// Everybody in the namespace but the socket, in the same way.
    public var broadcast: BroadcastOperator { self.socket.broadcast.with(self.flags) }
    public func to(_ rooms: String...) -> BroadcastOperator { self.broadcast.to(rooms) }
    public func to(_ rooms: some Sequence<String>) -> BroadcastOperator { self.broadcast.to(rooms) }
    public func `in`(_ rooms: String...) -> BroadcastOperator { self.broadcast.to(rooms) }
    public func except(_ rooms: String...) -> BroadcastOperator { self.broadcast.except(rooms) }
    public var local: BroadcastOperator { self.broadcast.local }
}
