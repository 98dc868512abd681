// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire

/// Keeping order in a room.
extension ChatLedger {
    /// The target of a measure, if the person stands above it.
    private func target(
        _ user: UserID, in id: RoomID, _ order: ChatOrder
    ) throws(WireError) -> (room: Room, target: Membership?) {
        let (room, member) = try self.enter(id, order)
        guard room.kind != .direct else { throw .denied("a direct room has no moderators") }
        guard user != order.person.id else { throw .denied("not to oneself") }
        let target = self.facts.members[MemberKey(id, user)]
        if let target, target.isJoined, !order.person.isAdministrator, target.role >= member?.role ?? .reader {
            throw .denied("only to somebody of a lower role")
        }
        return (room, target)
    }

    mutating func kick(_ user: UserID, from id: RoomID, _ order: ChatOrder) throws(WireError) -> ChatResult {
        var (room, target) = try self.target(user, in: id, order)
        guard var target else { throw .noSuchMember }
        switch target.standing {
        case .joined:
            self.remove(target, as: .kicked, from: &room, order)
            self.put(room)
        case .invited:
            target.standing = .left
            self.put(target)
        case .left, .kicked, .banned: throw .noSuchMember
        }
        return .changed(id, revision: room.revision)
    }

    mutating func ban(
        _ user: UserID, from id: RoomID, until: Timestamp?, _ order: ChatOrder
    ) throws(WireError) -> ChatResult {
        var (room, target) = try self.target(user, in: id, order)
        if let target, target.isJoined {
            self.remove(target, as: .banned, from: &room, order)
            self.put(room)
        }
        var member =
            self.facts.members[MemberKey(id, user)]
            ?? Membership(MemberKey(id, user), name: nil, role: .member, standing: .banned, since: order.now)
        member.standing = .banned
        member.bannedUntil = until
        self.put(member)
        return .changed(id, revision: room.revision)
    }

    mutating func unban(_ user: UserID, in id: RoomID, _ order: ChatOrder) throws(WireError) -> ChatResult {
        let (room, target) = try self.target(user, in: id, order)
        guard var target, target.standing == .banned else { throw .noSuchMember }
        target.standing = .left
        target.bannedUntil = nil
        target.since = order.now
        // A ban shows nothing of the room, and its end does not either.
        target.lastSequence = 0
        target.lastRevision = 0
        self.put(target)
        return .changed(id, revision: room.revision)
    }

    /// - Parameter until: `nil` lifts the mute.
    mutating func mute(
        _ user: UserID, in id: RoomID, until: Timestamp?, _ order: ChatOrder
    ) throws(WireError) -> ChatResult {
        var (room, target) = try self.target(user, in: id, order)
        guard var target, target.isJoined else { throw .noSuchMember }
        guard target.mutedUntil != until else { return .changed(id, revision: room.revision) }
        target.mutedUntil = until
        self.put(target)
        self.happen(.muted(user, until: until), in: &room, order)
        self.put(room)
        return .changed(id, revision: room.revision)
    }

    mutating func setRole(
        _ role: Role, of user: UserID, in id: RoomID, _ order: ChatOrder
    ) throws(WireError) -> ChatResult {
        var (room, _) = try self.enter(id, order)
        guard room.kind != .direct else { throw .denied("a direct room has no roles") }
        guard var target = self.facts.members[MemberKey(id, user)], target.isJoined else { throw .noSuchMember }
        guard target.role != role else { return .changed(id, revision: room.revision) }
        if target.role == .owner {
            guard room.owners > 1 else { throw .conflict("make somebody else an owner first") }
            room.owners -= 1
        }
        if role == .owner { room.owners += 1 }
        target.role = role
        self.put(target)
        self.happen(.roleChanged(user, role), in: &room, order)
        self.put(room)
        return .changed(id, revision: room.revision)
    }
}
