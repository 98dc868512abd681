// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
import HibikiSocketIO
public import HibikiTransports

/// What is connected to this node, who follows what, and what the log holds; and how to end it.
///
/// The API for back ends and the dashboard stand on it. It looks at connections some at a time, so that nobody who listens has to
/// wait for it, however many there are. What it says was true at some moment of the look, and may not be any more.
public struct ServerDirectory: Sendable {
    /// The most that one list holds.
    public static let mostListed = 1_000

    let hub: Hub
    let door: FrontDoor
    let socketIO: SocketIOServer?

    // MARK: Connections

    /// The connections that are open now.
    public var connectionCount: Int { self.door.connectionCount }

    /// Connections, in the order of their ids.
    ///
    /// - Parameters:
    ///   - after: where the page before has ended.
    ///   - limit: at most ``mostListed``.
    public func connections(
        _ filter: ConnectionFilter = ConnectionFilter(), after: ConnectionID? = nil, limit: Int = 100
    ) async -> Page<ConnectionRecord, ConnectionID> {
        let page = await self.door.connections(matching: filter, after: after, limit: min(limit, Self.mostListed))
        return Page(items: page.records, next: page.hasMore ? page.records.last?.id : nil)
    }

    /// `nil` for an id that no connection has any more.
    public func connection(_ id: ConnectionID) async -> ConnectionRecord? {
        await self.door.connection(id)
    }

    /// Ends a connection in the way of its transport: with a close code, an event, an answer, or a packet.
    ///
    /// - Returns: whether it was there, and did not end already.
    public func close(_ id: ConnectionID, _ dismissal: Dismissal = .standard) async -> Bool {
        await self.door.dismiss(id, dismissal)
    }

    // MARK: Users

    /// What was done to somebody.
    public struct Tally: Hashable, Sendable {
        /// WebSockets, event streams and polls that wait.
        public var connections: Int
        /// Sockets of Socket.IO, whatever carries them.
        public var sockets: Int
    }

    /// Ends all connections on which a principal has shown its token: WebSockets, event streams, polls that wait, and sockets of
    /// all namespaces with what carries them.
    ///
    /// It is no ban: whoever still has a token that counts may come back.
    public func disconnect(principal: String, _ dismissal: Dismissal = .standard) async -> Tally {
        let sockets = await self.socketIO?.sockets(of: principal) ?? []
        for socket in sockets { socket.dismiss(dismissal) }
        let connections = await self.door.dismiss(
            where: { $0.sockets.isEmpty && Self.isSame($0.principal, principal) }, dismissal)
        return Tally(connections: connections, sockets: sockets.count)
    }

    /// Who is meant among those that follow a topic.
    public enum Follower: Hashable, Sendable {
        case principal(String)
        case client(ClientID)
    }

    /// Takes somebody out of a topic, and tells the clients. A poll that waits is answered: the next is a request of its own, which
    /// permissions decide about.
    public func unsubscribe(_ follower: Follower, from topic: Topic) async -> Tally {
        let connections = await self.door.unsubscribe(where: { follower.isOn($0) }, from: topic)
        guard case .principal(let principal) = follower else { return Tally(connections: connections, sockets: 0) }
        let sockets = await self.socketIO?.sockets(of: principal) ?? []
        return Tally(connections: connections, sockets: sockets.count { $0.unsubscribe(from: topic) })
    }

    static func isSame(_ one: String?, _ other: String) -> Bool {
        one.map { $0.utf8.elementsEqual(other.utf8) } ?? false
    }
}

extension ServerDirectory.Follower {
    fileprivate func isOn(_ record: ConnectionRecord) -> Bool {
        switch self {
        case .principal(let principal): ServerDirectory.isSame(record.principal, principal)
        case .client(let client): record.client == client
        }
    }
}

/// A part of a list.
public struct Page<Item: Sendable, Cursor: Sendable>: Sendable {
    public var items: [Item]
    /// Where the next page begins; `nil` if this was the last one.
    public var next: Cursor?

    public init(items: [Item], next: Cursor? = nil) {
        self.items = items
        self.next = next
    }
}
