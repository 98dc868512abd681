// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire

/// A member, as its event loop keeps it.
final class MemberEntry {
    struct Place {
        let room: Room
        var index: Int
        /// The newest event that the namespace had when the member joined.
        let joined: UInt64
    }

    let seat: RoomSeat
    let member: any RoomMember
    fileprivate(set) var places: [Place] = []
    fileprivate var index = 0
    /// The last selection that has come past here; see ``RoomTable/select(_:_:)``.
    fileprivate var mark: UInt64 = 0
    /// Events that it has already, by log: only those from an offset on are new to it. Almost always empty.
    var marks: [LogMark] = []
    /// Where it stood when it was added, and the last event that was handed to it; only with recovery.
    var history: MemberHistory?

    init(seat: RoomSeat, member: any RoomMember, history: MemberHistory? = nil) {
        self.seat = seat
        self.member = member
        self.history = history
    }

    var id: String { self.seat.id }
    var roomNames: [String] { [self.id] + self.places.map(\.room.name) }

    func isMember(of name: String) -> Bool {
        self.id.isExactly(name) || self.places.contains { $0.room.name.isExactly(name) }
    }

    func belongs(to audience: Audience) -> Bool {
        !(audience.leftOut.map(self.id.isExactly) ?? false)
            && (audience.rooms.isEmpty || audience.rooms.contains(where: self.isMember))
            && !audience.except.contains(where: self.isMember)
    }
}

/// The members that a room has on one event loop.
final class Room {
    let name: String
    fileprivate(set) var members: [MemberEntry] = []

    init(name: String) {
        self.name = name
    }
}

/// Who is in which room on one event loop. The room that a member has by its own id is kept by no list.
struct RoomTable {
    private(set) var entries: [MemberEntry] = []
    private(set) var rooms: [ExactString: Room] = [:]
    private var byID: [ExactString: MemberEntry] = [:]
    private var selections: UInt64 = 0

    func entry(of seat: RoomSeat) -> MemberEntry? {
        guard let entry = self.byID[ExactString(seat.id)], entry.seat === seat else { return nil }
        return entry
    }

    func entry(id: String) -> MemberEntry? { self.byID[ExactString(id)] }

    mutating func insert(_ entry: MemberEntry) {
        entry.index = self.entries.count
        self.entries.append(entry)
        self.byID[ExactString(entry.id)] = entry
    }

    /// Takes a member out; it has to have left its rooms.
    mutating func remove(_ entry: MemberEntry) {
        guard self.entry(of: entry.seat) === entry else { return }
        self.byID[ExactString(entry.id)] = nil
        let last = self.entries.removeLast()
        if last !== entry {
            last.index = entry.index
            self.entries[entry.index] = last
        }
    }

    enum Change { case none, changed, firstOrLast }

    mutating func join(_ entry: MemberEntry, _ name: String, at offset: UInt64) -> Change {
        guard !entry.isMember(of: name) else { return .none }
        let room: Room
        let key = ExactString(name)
        if let known = self.rooms[key] {
            room = known
        } else {
            room = Room(name: name)
            self.rooms[key] = room
        }
        entry.places.append(MemberEntry.Place(room: room, index: room.members.count, joined: offset))
        room.members.append(entry)
        return room.members.count == 1 ? .firstOrLast : .changed
    }

    mutating func leave(_ entry: MemberEntry, _ name: String) -> Change {
        guard let number = entry.places.firstIndex(where: { $0.room.name.isExactly(name) }) else { return .none }
        let place = entry.places.remove(at: number)
        let last = place.room.members.removeLast()
        if last !== entry {
            place.room.members[place.index] = last
            if let moved = last.places.firstIndex(where: { $0.room === place.room }) {
                last.places[moved].index = place.index
            }
        }
        guard place.room.members.isEmpty else { return .changed }
        self.rooms[ExactString(name)] = nil
        return .firstOrLast
    }

    /// Calls `body` once for each member of the audience. `body` must not change the table.
    mutating func select(_ audience: Audience, _ body: (MemberEntry) -> Void) {
        if audience.except.isEmpty, audience.leftOut == nil, audience.rooms.count <= 1 {
            self.selectPlain(audience.rooms.first, body)
            return
        }
        self.selections += 1
        let mark = self.selections
        if let leftOut = audience.leftOut {
            self.byID[ExactString(leftOut)]?.mark = mark
        }
        for name in audience.except {
            let key = ExactString(name)
            self.byID[key]?.mark = mark
            for member in self.rooms[key]?.members ?? [] { member.mark = mark }
        }
        if audience.rooms.isEmpty {
            for entry in self.entries where entry.mark != mark { body(entry) }
            return
        }
        for name in audience.rooms {
            let key = ExactString(name)
            self.visit(self.byID[key], mark, body)
            for entry in self.rooms[key]?.members ?? [] { self.visit(entry, mark, body) }
        }
    }

    private func visit(_ entry: MemberEntry?, _ mark: UInt64, _ body: (MemberEntry) -> Void) {
        guard let entry, entry.mark != mark else { return }
        entry.mark = mark
        body(entry)
    }

    /// One room or all: nobody can come twice. A member is never in a list of the room that has its id.
    private func selectPlain(_ room: String?, _ body: (MemberEntry) -> Void) {
        guard let room else { return self.entries.forEach(body) }
        let key = ExactString(room)
        if let entry = self.byID[key] { body(entry) }
        self.rooms[key]?.members.forEach(body)
    }
}
