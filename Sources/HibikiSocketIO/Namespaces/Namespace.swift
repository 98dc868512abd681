// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIOCodec
import NIOCore
import Synchronization

/// One of the worlds of a server, with middlewares, sockets and rooms of its own. Clients join as many as they want
/// over one connection.
public final class Namespace: BroadcastSource, Joinable, Sendable {
    /// `/`, or `/` and a name.
    public let name: String
    /// The family that it belongs to, if a pattern or a closure has made it.
    public let parent: ParentNamespace?

    public let entrance: Entrance
    let server: SocketIOServer
    /// How clients come back; `nil` if they do not.
    let recovery: SocketIOServer.ConnectionStateRecovery?
    let state = Mutex(State())

    struct State {
        var rooms: NamespaceRooms?
        var socketCount = 0
        /// The sockets that may be recovered, by what their clients come back with.
        var recoverable: [String: Socket] = [:]
        /// Those that are on their way in.
        var joiningCount = 0
        var lastAckID: UInt64 = 0
        var bridge: (@Sendable (String) -> Topic?)?
        var bridgedPayload: (@Sendable (String, ByteBuffer) -> ByteBuffer)?
        var roomGuard: RoomGuard?
        var roomHandlers: [@Sendable (RoomChange) -> Void] = []
        var serverSideHandlers: [String: [ServerSideHandler]] = [:]
    }

    init(name: String, server: SocketIOServer, parent: ParentNamespace? = nil) {
        self.name = name
        self.server = server
        self.parent = parent
        let recovery = server.configuration.connectionStateRecovery
        self.recovery = recovery.flatMap { $0.namespaces?.contains(name) ?? true ? $0 : nil }
        self.entrance = Entrance(of: parent?.entrance)
    }

    // MARK: Everybody

    public var everyone: BroadcastOperator { BroadcastOperator(.namespace(self)) }

    /// How many sockets it has on this node.
    public var socketCount: Int { self.state.withLock { $0.socketCount } }

    /// Ids of acks are counted for the whole namespace.
    func nextAckID() -> UInt64 {
        self.state.withLock { state in
            defer { state.lastAckID += 1 }
            return state.lastAckID
        }
    }

    // MARK: Permissions

    struct RoomGuard: Sendable {
        let mayBeIn: @Sendable (Socket, String) async -> Bool
        let mayStayIn: @Sendable (Socket, String) -> Bool
    }

    /// Has a closure asked for each room of a socket, whether it may still be in it, when its client comes back or shows
    /// another token.
    ///
    /// - Parameters:
    ///   - mayBeIn: may take its time.
    ///   - mayStayIn: asked at the moment in which a socket that comes back is put into the room again, on its event loop. Somebody
    ///     who was taken out after `mayBeIn` had been asked was not found there; so whoever takes people out makes a note of it first,
    ///     and this looks there.
    package func guardRooms(
        _ mayBeIn: @escaping @Sendable (_ socket: Socket, _ room: String) async -> Bool,
        stillAllowed mayStayIn: @escaping @Sendable (_ socket: Socket, _ room: String) -> Bool = { _, _ in true }
    ) {
        self.state.withLock { $0.roomGuard = RoomGuard(mayBeIn: mayBeIn, mayStayIn: mayStayIn) }
    }

    var roomGuard: RoomGuard? { self.state.withLock { $0.roomGuard } }

    // MARK: Packets

    /// The packet of an event, or `nil` if it cannot be written, which has been reported then.
    func packet(_ name: EventName, id: UInt64? = nil, _ arguments: some WritableArguments) -> EncodedPacket? {
        do {
            return try self.server.format.event(name, namespace: self.name, id: id, arguments: arguments)
        } catch {
            self.server.report(.unwritable("\(error)"), encoding: name.text)
            return nil
        }
    }

    /// Why arguments cannot be written. Only what is not plain is written to find out.
    func problem(with arguments: some WritableArguments) -> EmitError? {
        guard arguments.plain == nil else { return nil }
        do {
            _ = try self.server.format.ack(0, namespace: self.name, arguments: arguments)
            return nil
        } catch {
            return .unwritable("\(error)")
        }
    }
}
