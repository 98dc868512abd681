// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire

extension ChatLedger {
    mutating func create(_ new: CreateRoom, _ order: ChatOrder) throws(WireError) -> ChatResult {
        if new.kind == .direct { return try self.createDirect(new, order) }
        guard new.kind == .group || self.policy.anybodyCreatesPublicRooms || order.person.isAdministrator else {
            throw .denied("only administrators create public rooms")
        }
        let id = new.room ?? order.freshRoom
        guard self.facts.rooms[id] == nil else { throw .conflict("there is a room of this name") }
        var room = Room(
            id: id, kind: new.kind, name: Self.orNil(new.name), about: Self.orNil(new.about), createdAt: order.now,
            createdBy: order.person.id)
        self.put(room, isNew: true)
        self.enroll(order.person.id, order.person.name, as: .owner, in: &room, order)
        for user in new.members where self.facts.members[MemberKey(id, user)]?.isJoined != true {
            self.enroll(user, nil, as: .member, in: &room, order)
        }
        self.put(room, isNew: true)
        return .room(RoomAccess(room: room, membership: self.facts.members[order.own(id)]))
    }

    /// Finds or makes the room of two people.
    private mutating func createDirect(_ new: CreateRoom, _ order: ChatOrder) throws(WireError) -> ChatResult {
        guard let other = new.members.first, new.members.count == 1 else {
            throw .invalid("members: a direct room names the other person")
        }
        let pair = DirectPair(order.person.id, other)
        if let known = self.facts.pairs[pair], let room = self.facts.rooms[known] {
            return .room(RoomAccess(room: room, membership: self.facts.members[order.own(known)]))
        }
        // The name is made up: one that somebody chose could keep a pair from ever having a room.
        let id = order.freshRoom
        guard self.facts.rooms[id] == nil else { throw .conflict("there is a room of this name") }
        var room = Room(id: id, kind: .direct, pair: pair, createdAt: order.now, createdBy: order.person.id)
        self.enroll(order.person.id, order.person.name, as: .member, in: &room, order)
        if other != order.person.id { self.enroll(other, nil, as: .member, in: &room, order) }
        self.put(room, isNew: true)
        return .room(RoomAccess(room: room, membership: self.facts.members[order.own(id)]))
    }

    mutating func update(_ id: RoomID, _ update: RoomUpdate, _ order: ChatOrder) throws(WireError) -> ChatResult {
        var (room, _) = try self.enter(id, order)
        guard room.kind != .direct else { throw .denied("a direct room has no name of its own") }
        let old = room
        if let name = update.name { room.name = Self.orNil(name) }
        if let about = update.about { room.about = Self.orNil(about) }
        guard room != old else { return .changed(id, revision: room.revision) }
        self.happen(.roomUpdated, in: &room, order)
        self.put(room)
        return .changed(id, revision: room.revision)
    }

    /// Makes somebody a member. Whoever joins has nothing unread; a mute outlives leaving and coming back.
    mutating func enroll(
        _ user: UserID, _ name: String?, as role: Role, in room: inout Room, _ order: ChatOrder
    ) {
        let key = MemberKey(room.id, user)
        var member =
            self.facts.members[key] ?? Membership(key, name: name, role: role, standing: .joined, since: order.now)
        member.name = name ?? member.name
        member.role = role
        member.standing = .joined
        member.since = order.now
        member.lastSequence = 0
        member.lastRevision = 0
        member.bannedUntil = nil
        member.lastRead = room.sequence
        member.lastDelivered = room.sequence
        room.members += 1
        if role == .owner { room.owners += 1 }
        // From here on, so that the person hears of the own arrival.
        self.tell(.admitted(user, room))
        self.happen(.userJoined(user, role, name: member.name), in: &room, order)
        self.put(member)
    }

    static func orNil(_ text: String?) -> String? {
        text.flatMap { $0.isEmpty ? nil : $0 }
    }
}
