// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization

extension MemoryChatStore {
    public func rooms(
        of user: UserID, after: RoomID?, limit: Int, counting: Int64
    ) async throws -> [RoomSummary] {
        self.state.withLock { state in
            let ids = (state.roomsOfUsers[user] ?? []).filter { id in after.map { id > $0 } ?? true }.sorted()
            var summaries: [RoomSummary] = []
            for id in ids {
                guard summaries.count < limit else { break }
                guard let room = state.rooms[id], let summary = room.summary(for: user, counting: counting) else {
                    continue
                }
                summaries.append(summary)
            }
            return summaries
        }
    }

    public func publicRooms(after: RoomID?, limit: Int) async throws -> [Room] {
        self.state.withLock { state in
            let rooms = state.rooms.values.map(\.room)
                .filter { room in room.kind == .public && after.map { room.id > $0 } ?? true }
                .sorted { $0.id < $1.id }
            return Array(rooms.prefix(limit))
        }
    }

    public func joined(in rooms: [RoomID], upTo members: Int) async throws -> [MemberKey] {
        self.state.withLock { state in
            rooms.flatMap { id -> [MemberKey] in
                guard let room = state.rooms[id], room.room.members <= members else { return [] }
                return room.members.values.filter(\.isJoined).map(\.key)
            }
        }
    }

    public func unread(of keys: [MemberKey], counting: Int64) async throws -> [UnreadCount] {
        self.state.withLock { state in
            keys.compactMap { key in
                guard let room = state.rooms[key.room], let member = room.members[key.user], member.isJoined else {
                    return nil
                }
                return room.unread(of: member, counting: counting)
            }
        }
    }

    public func moderators(of room: RoomID, limit: Int) async throws -> [UserID] {
        self.state.withLock { state in
            let members = (state.rooms[room]?.members ?? [:]).values
            return Array(members.filter { $0.isJoined && $0.role >= .moderator }.map(\.user).sorted().prefix(limit))
        }
    }

    public func contacts(of user: UserID, after: UserID?, limit: Int) async throws -> [Contact] {
        self.state.withLock { state in
            let contacts = (state.contacts[user] ?? [:]).values
                .filter { contact in after.map { contact.key.contact > $0 } ?? true }
                .sorted { $0.key.contact < $1.key.contact }
            return Array(contacts.prefix(limit))
        }
    }

    public func listing(_ user: UserID, among people: [UserID]) async throws -> Set<UserID> {
        self.state.withLock { state in Set(people.filter { state.contacts[$0]?[user] != nil }) }
    }

    public func companions(of user: UserID, after: UserID?, limit: Int) async throws -> [UserID] {
        self.state.withLock { state in
            let companions = state.companions(of: user).filter { person in after.map { person > $0 } ?? true }
            return Array(companions.sorted().prefix(limit))
        }
    }

    public func companions(of user: UserID, among people: [UserID]) async throws -> Set<UserID> {
        self.state.withLock { $0.companions(of: user).intersection(people) }
    }
}

extension MemoryChat {
    fileprivate func companions(of user: UserID) -> Set<UserID> {
        var companions: Set<UserID> = []
        for id in self.roomsOfUsers[user] ?? [] {
            guard let room = self.rooms[id], room.room.kind != .public, room.members[user]?.isJoined == true else {
                continue
            }
            companions.formUnion(room.members.values.lazy.filter(\.isJoined).map(\.user))
        }
        companions.remove(user)
        return companions
    }
}

extension MemoryRoom {
    /// The room in somebody's list; `nil` for whoever is not in it and not invited.
    fileprivate func summary(for user: UserID, counting: Int64) -> RoomSummary? {
        guard let member = self.members[user] else { return nil }
        switch member.standing {
        case .joined:
            let count = self.unread(of: member, counting: counting)
            return RoomSummary(
                room: self.room, membership: member, unread: count.unread, unreadMentions: count.unreadMentions,
                last: self.messages.last { $0.deletion != .hard })
        case .invited: return RoomSummary(room: self.room, membership: member, unread: 0, unreadMentions: 0, last: nil)
        case .left, .kicked, .banned: return nil
        }
    }

    fileprivate func unread(of member: Membership, counting: Int64) -> UnreadCount {
        let after = max(member.lastRead, self.room.sequence - counting)
        var count = UnreadCount(key: member.key, lastRead: member.lastRead, unread: 0, unreadMentions: 0)
        for message in self.messages.reversed() {
            guard message.sequence > after else { break }
            guard message.user != member.user, message.kind != .system, !message.isDeleted else { continue }
            count.unread += 1
            if message.mentions.contains(.everybody) || message.mentions.contains(.person(member.user)) {
                count.unreadMentions += 1
            }
        }
        return count
    }
}
