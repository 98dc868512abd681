// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
public import NIOCore
import Synchronization

/// What happens to the rooms of a namespace on this node.
public enum RoomChange: Hashable, Sendable {
    /// The first socket has joined.
    case created(String)
    /// The last socket has left.
    case deleted(String)
    case joined(String, socketID: String)
    case left(String, socketID: String)
}

extension Namespace {
    /// Calls a closure when rooms begin and end, and when sockets join and leave them. It is called on any thread, and
    /// must not block. To be called before the server is started, or in ``SocketIOServer/onNewNamespace(_:)``.
    public func onRoomChange(_ handler: @escaping @Sendable (RoomChange) -> Void) {
        self.state.withLock { $0.roomHandlers.append(handler) }
    }

    /// Makes rooms topics of the hub: what is published there reaches the room, and what is emitted to the room with at
    /// most one argument is published there.
    ///
    /// - Parameters:
    ///   - topic: names the topic of a room, or `nil` if the room has none.
    ///   - payload: what sockets get as the argument of an event, made of what was published; by default the same. Called once for
    ///     all of a namespace's sockets, if not more often.
    public func bridge(
        payload: (@Sendable (_ event: String, _ payload: ByteBuffer) -> ByteBuffer)? = nil,
        _ topic: @escaping @Sendable (_ room: String) -> Topic?
    ) {
        self.state.withLock { state in
            state.bridge = topic
            state.bridgedPayload = payload
        }
    }

    func topic(of room: String) -> Topic? {
        self.state.withLock { $0.bridge }?(room)
    }

    var watchesRooms: Bool { self.state.withLock { !$0.roomHandlers.isEmpty } }

    func roomChanged(_ event: RoomEvent) {
        let handlers = self.state.withLock { $0.roomHandlers }
        guard !handlers.isEmpty else { return }
        let change: RoomChange =
            switch event {
            case .createRoom(let room): .created(room)
            case .deleteRoom(let room): .deleted(room)
            case .joinRoom(let room, let id): .joined(room, socketID: id)
            case .leaveRoom(let room, let id): .left(room, socketID: id)
            }
        for handler in handlers { handler(change) }
    }

    /// The rooms that have sockets on this node, with how many.
    public func roomSizes() async -> [String: Int] {
        guard let rooms = self.rooms else { return [:] }
        return await withCheckedContinuation { continuation in
            rooms.roomSizes { continuation.resume(returning: $0) }
        }
    }
}
