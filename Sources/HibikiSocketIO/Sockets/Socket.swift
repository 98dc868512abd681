// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
import HibikiSocketIOCodec
import HibikiWire
import Logging
import NIOCore
import Synchronization

/// One client in one namespace. A client that is in several namespaces has a socket in each, over one connection.
///
/// ```swift
/// io.onConnection { socket in
///     socket.on("say") { (text: String) in
///         socket.broadcast.emit("said", text)
///     }
/// }
/// ```
///
/// Handlers of one socket are called in order, one after the other: an event waits until the handlers of the one before
/// have returned. Handlers that are not `async` are called where the event was read; they must not block. May be used
/// from any thread.
public final class Socket: RoomMember, Sendable {
    /// Another one than the id of the connection, which is secret. It is also the name of a room with this socket
    /// alone.
    public let id: String
    public let namespace: Namespace
    public let handshake: Handshake
    /// What the application keeps with the socket.
    public let data: SocketData
    /// Whether the client has come back as this socket, and has got everything that it missed.
    public let recovered: Bool

    let client: SocketClient
    /// What the client comes back with; only with recovery.
    let privateID: String?
    let state: Mutex<State>
    /// Whether there are outgoing handlers. Written under the lock of the state, and read without it for every emit.
    let isWatched = Atomic(false)

    /// The seat and the rooms that it is in. They are one thing, so that an emit has one thing to hold, and rooms are among them, so
    /// that it does not ask the namespace, which all sockets share.
    final class Place: Sendable {
        let seat: RoomSeat
        let rooms: NamespaceRooms

        init(_ seat: RoomSeat, in rooms: NamespaceRooms) {
            self.seat = seat
            self.rooms = rooms
        }
    }

    struct State {
        enum Phase {
            case joining
            case connected
            case ended
        }

        var phase = Phase.joining
        /// Whether it has ended in a way after which its client may come back.
        var isRecoverable = false
        var principal: Principal
        var tokenDeadline: DeadlineQueue.Token?
        var place: Place?
        /// Without its own.
        var rooms: Set<ExactString> = []
        var acks = PendingAcks()
        var work = SocketWorkQueue()
        /// What was emitted before the client was told that it has joined.
        var earlyEmits: [@Sendable (Socket) -> Void] = []

        var hasLeftRooms = false
        /// Everything has been told, and nobody will be called any more.
        var isOver = false
        var lastHandler: UInt64 = 0
        var handlers = EventHandlers()
        var anyHandlers: [Step<IncomingEvent>] = []
        var middlewares: [Step<IncomingEvent>] = []
        var outgoingHandlers: [(id: HandlerID, body: @Sendable (EventName, Arguments) -> Void)] = []
        var errorHandlers: [@Sendable (any Error) -> Void] = []
        var disconnectingHandlers: [Step<Disconnection>] = []
        var disconnectHandlers: [Step<Disconnection>] = []

        init(principal: Principal) {
            self.principal = principal
        }

        var seat: RoomSeat? { self.place?.seat }

        mutating func nextHandlerID() -> HandlerID {
            self.lastHandler += 1
            return HandlerID(number: self.lastHandler)
        }

        mutating func forgetHandlers() {
            self.isOver = true
            self.handlers = EventHandlers()
            self.anyHandlers = []
            self.middlewares = []
            self.outgoingHandlers = []
            self.errorHandlers = []
            self.disconnectingHandlers = []
            self.disconnectHandlers = []
        }
    }

    init(
        id: String, namespace: Namespace, client: SocketClient, handshake: Handshake, principal: Principal,
        privateID: String?,
        data: SocketData = SocketData(), rooms: Set<String> = [], recovered: Bool = false
    ) {
        self.id = id
        self.namespace = namespace
        self.client = client
        self.handshake = handshake
        self.privateID = privateID
        self.data = data
        self.recovered = recovered
        self.state = Mutex(State(principal: principal))
        if !rooms.isEmpty { self.state.withLock { $0.rooms = Set(rooms.map(ExactString.init)) } }
    }

    /// Whether the client is there: it has joined the namespace, and neither side has left.
    public var connected: Bool {
        self.state.withLock { $0.phase == .connected }
    }

    /// Whose the token is that the client has shown: as `token` of its `auth`, as `token` or `access_token` in the query, or in
    /// `Authorization`. ``HibikiMessaging/Principal/anonymous`` if it has shown none, or the server takes none.
    public var principal: Principal { self.state.withLock { $0.principal } }

    /// `polling` or `websocket`.
    public var transportName: String { self.client.connection.transportName }

    package func deliver(_ batch: EngineBatch) {
        self.client.connection.deliver(batch)
        guard self.isWatched.load(ordering: .acquiring) else { return }
        for message in batch.messages { self.tellOutgoing(message.packet) }
    }

    /// Tells those who watch errors of this socket.
    func report(_ error: any Error) {
        let handlers = self.state.withLock { $0.errorHandlers }
        self.namespace.server.logger.debug(
            "Socket.IO socket error",
            metadata: [
                "connection": "\(self.handshake.connection)", "socket": "\(self.id)", "error": "\(type(of: error))",
            ])
        for handler in handlers { handler(error) }
    }
}

extension Socket: Hashable {
    public static func == (one: Socket, other: Socket) -> Bool { one === other }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(self))
    }
}
