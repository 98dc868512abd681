// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiSocketIOCodec

/// A socket as it was when it was asked for; it may be on another node.
public struct RemoteSocket: Sendable, Identifiable {
    public let id: String
    public let handshake: Handshake
    /// Its own room among them.
    public let rooms: Set<String>
    /// What its application keeps with it, as far as it can be written.
    public let data: JSON
    private let namespace: Namespace

    init(_ socket: Socket) {
        self.id = socket.id
        self.handshake = socket.handshake
        self.rooms = socket.rooms
        self.data = socket.data.json
        self.namespace = socket.namespace
    }

    private var itself: BroadcastOperator { self.namespace.to(self.id) }

    public func emit<each Argument: Encodable & Sendable>(_ event: String, _ arguments: repeat each Argument) {
        self.itself.emit(event, repeat each arguments)
    }

    /// Sends an event and waits for its ack, whose first argument is the result.
    ///
    /// - Throws: ``EmitError/timeout`` if it does not come in time, ``EmitError/disconnected`` if the socket is not
    ///   there.
    public func emitWithAck<each Argument: Encodable & Sendable, Answer: Decodable>(
        _ event: String, _ arguments: repeat each Argument, as type: Answer.Type, timeout: Duration = .seconds(5)
    ) async throws -> Answer {
        do {
            let answers = try await self.itself.timeout(timeout).emitWithAck(event, repeat each arguments, as: type)
            guard let answer = answers.first else { throw EmitError.disconnected }
            return answer
        } catch is BroadcastTimeout {
            throw EmitError.timeout
        }
    }

    public func join(_ rooms: String...) { self.itself.socketsJoin(rooms) }
    public func leave(_ rooms: String...) { self.itself.socketsLeave(rooms) }
    public func disconnect(close: Bool = false) { self.itself.disconnectSockets(close: close) }
}
