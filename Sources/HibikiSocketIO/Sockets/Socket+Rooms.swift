// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import Synchronization

extension Socket {
    /// The rooms that the socket is in, its own among them. While the socket ends, those that it was in; empty
    /// afterwards.
    public var rooms: Set<String> {
        self.state.withLock { $0.hasLeftRooms ? [] : Set($0.rooms.map(\.text)).union([self.id]) }
    }

    /// Puts the socket into rooms. It is in them for everything that the caller emits afterwards.
    ///
    /// Beyond ``SocketIOServer/Configuration/roomsPerSocket`` it has no effect, and ``onError(_:)`` is told. Nor has it
    /// after the end.
    public func join(_ rooms: String...) {
        self.join(rooms)
    }

    public func join(_ rooms: String...) async {
        self.join(rooms)
    }

    public func join(_ rooms: some Sequence<String>) {
        let limit = self.namespace.server.configuration.roomsPerSocket
        var new: [String] = []
        let (seat, isOverLimit) = self.state.withLock { state -> (RoomSeat?, Bool) in
            guard state.phase != .ended else { return (nil, false) }
            for room in rooms where !room.isExactly(self.id) && !state.rooms.contains(ExactString(room)) {
                guard state.rooms.count < limit else { return (state.seat, true) }
                state.rooms.insert(ExactString(room))
                new.append(room)
            }
            return (state.seat, false)
        }
        if let seat, !new.isEmpty { self.namespace.rooms?.join(seat, new) }
        if isOverLimit { self.report(RoomLimitError(limit: limit)) }
    }

    public func leave(_ room: String) {
        self.leave([room])
    }

    public func leave(_ room: String) async {
        self.leave([room])
    }

    /// Takes the socket out of rooms. Its own it does not leave.
    public func leave(_ rooms: some Sequence<String>) {
        var left: [String] = []
        let seat = self.state.withLock { state -> RoomSeat? in
            guard state.phase != .ended else { return nil }
            left = rooms.filter { state.rooms.remove(ExactString($0)) != nil }
            return state.seat
        }
        if let seat, !left.isEmpty { self.namespace.rooms?.leave(seat, left) }
    }

    /// Somebody else has put the socket into rooms.
    func note(joined rooms: [String]) {
        self.state.withLock { $0.rooms.formUnion(rooms.map(ExactString.init)) }
    }

    func note(left rooms: [String]) {
        self.state.withLock { $0.rooms.subtract(rooms.map(ExactString.init)) }
    }

    // MARK: Others in the namespace

    /// Everybody in the namespace but this socket.
    public var broadcast: BroadcastOperator {
        BroadcastOperator(.namespace(self.namespace), leftOut: self.id)
    }

    /// Everybody in any of the rooms but this socket; each gets an event once.
    public func to(_ rooms: String...) -> BroadcastOperator { self.broadcast.to(rooms) }
    public func to(_ rooms: some Sequence<String>) -> BroadcastOperator { self.broadcast.to(rooms) }
    /// The same as ``to(_:)-(String...)``.
    public func `in`(_ rooms: String...) -> BroadcastOperator { self.broadcast.to(rooms) }
    public func `in`(_ rooms: some Sequence<String>) -> BroadcastOperator { self.broadcast.to(rooms) }
    /// Everybody who is in none of the rooms, but this socket.
    public func except(_ rooms: String...) -> BroadcastOperator { self.broadcast.except(rooms) }
    public func except(_ rooms: some Sequence<String>) -> BroadcastOperator { self.broadcast.except(rooms) }
    /// Everybody on this node but this socket.
    public var local: BroadcastOperator { self.broadcast.local }

    // MARK: Flags

    /// Events that are dropped if they cannot leave at once.
    public var volatile: SocketOperator { SocketOperator(self).volatile }
    /// Whether an event is worth compressing.
    public func compress(_ isCompressible: Bool) -> SocketOperator { SocketOperator(self).compress(isCompressible) }
    /// How long to wait for an ack.
    public func timeout(_ timeout: Duration) -> SocketOperator { SocketOperator(self).timeout(timeout) }
}

/// A socket is in as many rooms as it may.
public struct RoomLimitError: Error, Hashable, Sendable {
    public var limit: Int
}
