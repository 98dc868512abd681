// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIO
public import HibikiTransports

/// A namespace of Socket.IO.
public struct NamespaceRecord: Hashable, Sendable {
    public let name: String
    /// The sockets on this node.
    public let sockets: Int
}

/// A room of a namespace.
public struct RoomRecord: Hashable, Sendable {
    public let name: String
    /// Its sockets on this node.
    public let sockets: Int
}

/// A socket of Socket.IO as it was when it was looked at.
public struct SocketRecord: Hashable, Sendable {
    public let id: String
    /// Whose token its client has shown; `nil` if none.
    public let principal: String?
    /// Whom the connection comes from.
    public let address: String
    /// `polling` or `websocket`.
    public let transport: String
    /// Without its own.
    public let rooms: [String]
    /// When its connection began, in milliseconds since 1970.
    public let connected: Int64

    init(_ socket: Socket) {
        self.id = socket.id
        self.principal = socket.principal.id
        self.address = socket.handshake.address
        self.transport = socket.transportName
        self.rooms = socket.otherRooms
        self.connected = socket.handshake.issued
    }
}

extension ServerDirectory {
    /// In the order of their names; none on a server without Socket.IO.
    public func namespaces() -> [NamespaceRecord] {
        (self.socketIO?.namespaces ?? []).map { NamespaceRecord(name: $0.name, sockets: $0.socketCount) }
    }

    /// The rooms of a namespace in the order of their names, without those that sockets have for themselves; `nil` if there is no
    /// such namespace.
    ///
    /// - Parameters:
    ///   - after: where the page before has ended.
    ///   - limit: at most ``mostListed``.
    public func rooms(
        of namespace: String, prefix: String = "", after: String? = nil, limit: Int = 100
    ) async -> Page<RoomRecord, String>? {
        guard let namespace = self.socketIO?.namespace(named: namespace) else { return nil }
        let sizes = await namespace.sharedRoomSizes().filter { name, _ in
            name.utf8.starts(with: prefix.utf8)
                && after.map { $0.utf8.lexicographicallyPrecedes(name.utf8) } ?? true
        }
        let limit = min(limit, Self.mostListed)
        let all = sizes.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        let rooms = all.prefix(limit).map { RoomRecord(name: $0.key, sockets: $0.value) }
        return Page(items: rooms, next: all.count > limit ? rooms.last?.name : nil)
    }

    /// The sockets of a namespace, or of one of its rooms, in the order of their ids; `nil` if there is no such namespace.
    public func sockets(
        of namespace: String, in room: String? = nil, after: String? = nil, limit: Int = 100
    ) async -> Page<SocketRecord, String>? {
        guard let namespace = self.socketIO?.namespace(named: namespace) else { return nil }
        let limit = min(limit, Self.mostListed)
        let all = await namespace.localSockets(in: room)
            .filter { socket in after.map { $0 < socket.id } ?? true }
            .sorted { $0.id < $1.id }
        let sockets = all.prefix(limit).map(SocketRecord.init)
        return Page(items: sockets, next: all.count > limit ? sockets.last?.id : nil)
    }

    /// Ends a socket's connection, with all sockets on it.
    ///
    /// - Returns: whether it was there.
    public func close(socket id: String, of namespace: String, _ dismissal: Dismissal = .standard) async -> Bool {
        let sockets = await self.socketIO?.namespace(named: namespace)?.localSockets(in: id) ?? []
        guard let socket = sockets.first(where: { $0.id == id }) else { return false }
        socket.dismiss(dismissal)
        return true
    }
}
