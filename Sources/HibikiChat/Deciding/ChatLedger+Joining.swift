// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire

extension ChatLedger {
    mutating func join(_ id: RoomID, _ token: InviteToken?, _ order: ChatOrder) throws(WireError) -> ChatResult {
        guard var room = self.facts.rooms[id] else {
            guard self.policy.joiningCreates else { throw .noSuchRoom }
            return try self.create(CreateRoom(room: id, kind: .public), order)
        }
        let member = self.facts.members[order.own(id)]
        if let member, member.isJoined { return .room(RoomAccess(room: room, membership: member)) }
        guard room.kind != .direct else { throw .noSuchRoom }
        if let member, member.isBanned(at: order.now), !order.person.isAdministrator { throw .banned }
        let invite = try self.admission(to: room, member, token, order)
        guard room.members < self.limits.members else { throw .tooMany("the room is full") }
        if var invite {
            invite.usesLeft = invite.usesLeft.map { $0 - 1 }
            self.put(invite)
        }
        // A room that everybody has left belongs to whoever comes first. Whoever may only read does not write by coming again.
        let role: Role = room.members == 0 ? .owner : min(member?.role ?? .member, .member)
        self.enroll(order.person.id, order.person.name, as: role, in: &room, order)
        self.put(room)
        return .room(RoomAccess(room: room, membership: self.facts.members[order.own(id)]))
    }

    /// Whether somebody may come in; the link that is used up by it, if it took one.
    private func admission(
        to room: Room, _ member: Membership?, _ token: InviteToken?, _ order: ChatOrder
    ) throws(WireError) -> Invite? {
        if room.kind == .public || member?.standing == .invited || order.person.isAdministrator { return nil }
        guard let token, let invite = self.facts.invites[token], invite.room == room.id, invite.isGood(at: order.now)
        else {
            throw .noSuchRoom
        }
        return invite
    }

    mutating func leave(_ id: RoomID, _ order: ChatOrder) throws(WireError) -> ChatResult {
        guard var room = self.facts.rooms[id] else { throw .noSuchRoom }
        guard let member = self.facts.members[order.own(id)] else {
            throw room.kind == .public ? .notAMember : .noSuchRoom
        }
        guard room.kind != .direct else { throw .denied("a direct room is not left") }
        switch member.standing {
        case .joined: break
        case .invited:
            var declined = member
            declined.standing = .left
            self.put(declined)
            return .changed(id, revision: room.revision)
        case .left: return .changed(id, revision: room.revision)
        case .kicked, .banned: throw .notAMember
        }
        if member.role == .owner, room.owners == 1, room.members > 1 {
            throw .conflict("make somebody else an owner first")
        }
        self.remove(member, as: .left, from: &room, order)
        self.put(room)
        return .changed(id, revision: room.revision)
    }

    /// Takes a member out. The own removal is the last that the person hears of the room.
    mutating func remove(
        _ member: Membership, as standing: Membership.Standing, from room: inout Room, _ order: ChatOrder
    ) {
        var member = member
        room.members -= 1
        if member.role == .owner { room.owners -= 1 }
        self.happen(.userLeft(member.user, standing), in: &room, order)
        self.tell(.removed(member.user, room, standing))
        member.standing = standing
        member.since = order.now
        member.role = min(member.role, .member)
        member.lastSequence = room.sequence
        member.lastRevision = room.revision
        self.put(member)
    }

    mutating func invite(_ user: UserID, to id: RoomID, _ order: ChatOrder) throws(WireError) -> ChatResult {
        let (room, _) = try self.enter(id, order)
        guard room.kind != .direct else { throw .denied("a direct room has two people, for ever the same") }
        var member =
            self.facts.members[MemberKey(id, user)]
            ?? Membership(MemberKey(id, user), name: nil, role: .member, standing: .left, since: order.now)
        if member.isJoined { return .changed(id, revision: room.revision) }
        if member.isBanned(at: order.now) { throw .conflict("banned from this room") }
        if member.standing != .invited {
            member.standing = .invited
            member.since = order.now
            self.put(member)
        }
        self.tell(.invited(user, room, by: order.person.id))
        return .changed(id, revision: room.revision)
    }

    mutating func createInvite(
        _ id: RoomID, _ expiry: Timestamp?, _ uses: Int?, _ order: ChatOrder
    ) throws(WireError) -> ChatResult {
        let (room, _) = try self.enter(id, order)
        guard room.kind != .direct else { throw .denied("a direct room has two people, for ever the same") }
        guard uses != 0 else { throw .invalid("uses: expected 1 or more") }
        let invite = Invite(
            token: order.freshInvite, room: id, createdBy: order.person.id, createdAt: order.now, expiresAt: expiry,
            usesLeft: uses)
        self.put(invite)
        return .invite(invite)
    }

    mutating func revoke(_ token: InviteToken, of id: RoomID, _ order: ChatOrder) throws(WireError) -> ChatResult {
        let (room, _) = try self.enter(id, order)
        guard var invite = self.facts.invites[token], invite.room == id else {
            throw WireError(.notFound, "no such invite")
        }
        if !invite.isRevoked {
            invite.isRevoked = true
            self.put(invite)
        }
        return .changed(id, revision: room.revision)
    }
}
