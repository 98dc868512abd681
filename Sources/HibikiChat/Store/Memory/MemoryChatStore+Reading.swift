// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Synchronization

extension MemoryChatStore {
    public func access(_ key: MemberKey) async throws -> RoomAccess? {
        self.state.withLock { $0.access(key) }
    }

    public func history(_ query: HistoryQuery) async throws -> HistoryRows? {
        self.state.withLock { state in
            guard let access = state.access(query.key), let room = state.rooms[query.key.room] else { return nil }
            let anchor = room.anchor(of: query)
            let split = room.messages.partitionPoint { $0.sequence >= anchor }
            let earlier = room.messages[..<split].reversed().lazy.filter(query.lists).prefix(query.before + 1)
            let later = room.messages[split...].lazy.filter(query.lists).prefix(query.after + 2)
            return HistoryRows(access: access, anchor: anchor, earlier: Array(earlier), later: Array(later))
        }
    }

    public func events(_ query: EventsQuery) async throws -> EventRows? {
        self.state.withLock { state in
            guard let access = state.access(query.key), let room = state.rooms[query.key.room] else { return nil }
            let first = room.events.partitionPoint { $0.revision > query.since }
            let events = room.events[first...].prefix { $0.revision <= query.window.lastRevision }.prefix(query.limit)
            let rows = events.map { event in
                EventRow(event: event, message: event.sequence.flatMap { room.message($0) })
            }
            return EventRows(access: access, rows: rows)
        }
    }

    public func pinned(_ key: MemberKey, within window: ReadingWindow, limit: Int) async throws -> MessageRows? {
        self.state.withLock { state in
            guard let access = state.access(key), let room = state.rooms[key.room] else { return nil }
            let pinned = room.messages.filter { $0.pinnedAt != nil && window.holds($0) }
                .sorted { ($0.pinnedAt ?? .never, $0.sequence) > ($1.pinnedAt ?? .never, $1.sequence) }
            return MessageRows(access: access, messages: Array(pinned.prefix(limit)))
        }
    }

    public func message(_ id: MessageID, for reader: UserID) async throws -> MessageRows? {
        self.state.withLock { state in
            guard let access = state.access(MemberKey(id.room, reader)) else { return nil }
            let message = state.rooms[id.room]?.message(id.sequence)
            return MessageRows(access: access, messages: message.map { [$0] } ?? [])
        }
    }

    public func edits(of id: MessageID, limit: Int) async throws -> [Edit] {
        self.state.withLock { Array($0.rooms[id.room]?.edits[id.sequence]?.prefix(limit) ?? []) }
    }

    public func reactions(of user: UserID, to messages: [MessageID]) async throws -> Set<Reaction> {
        self.state.withLock { state in
            messages.reduce(into: []) { found, id in
                let reactions = state.rooms[id.room]?.reactions[id.sequence] ?? []
                found.formUnion(reactions.filter { $0.user == user })
            }
        }
    }

    public func members(_ key: MemberKey, all: Bool, after: UserID?, limit: Int) async throws -> MemberRows? {
        self.state.withLock { state in
            guard let access = state.access(key), let room = state.rooms[key.room] else { return nil }
            let members = room.members.values
                .filter { member in (all || member.isJoined) && after.map { member.user > $0 } ?? true }
                .sorted { $0.user < $1.user }
            return MemberRows(access: access, members: Array(members.prefix(limit)))
        }
    }

    public func reports(
        _ room: RoomID, _ listed: Report.State?, after number: Int64, limit: Int
    ) async throws -> [Report] {
        self.state.withLock { state in
            let reports = (state.rooms[room]?.reports ?? []).lazy
                .filter { $0.number > number && $0.state == listed ?? $0.state }
            return Array(reports.prefix(limit))
        }
    }

    public func invites(_ room: RoomID, limit: Int) async throws -> [Invite] {
        self.state.withLock { state in
            let invites = state.invites.values.filter { $0.room == room && !$0.isRevoked }
                .sorted { ($0.createdAt, $0.token) < ($1.createdAt, $1.token) }
            return Array(invites.prefix(limit))
        }
    }

    public func search(_ query: SearchQuery) async throws -> [Message] {
        self.state.withLock { state in
            var found: [Message] = []
            for id in state.roomsOfUsers[query.reader] ?? [] {
                guard let room = state.rooms[id], room.members[query.reader]?.isJoined == true else { continue }
                found += room.messages.filter(query.matches)
            }
            found.sort { ($0.timestamp, $0.id) > ($1.timestamp, $1.id) }
            return Array(found.prefix(query.limit))
        }
    }
}

extension MemoryRoom {
    /// The anchor as a sequence.
    fileprivate func anchor(of query: HistoryQuery) -> Int64 {
        let listed = self.messages.lazy.filter(query.lists)
        let newest = listed.last?.sequence ?? 0
        switch query.anchor {
        case .newest: return newest
        case .oldest: return listed.first?.sequence ?? 0
        case .sequence(let sequence): return sequence
        case .date(let date): return listed.first { $0.timestamp >= date }?.sequence ?? newest
        case .firstUnread:
            let lastRead = self.members[query.key.user]?.lastRead ?? 0
            return listed.first { $0.sequence > lastRead }?.sequence ?? newest
        }
    }
}

extension HistoryQuery {
    /// Whether a message belongs into the page's room as the reader sees it.
    fileprivate func lists(_ message: Message) -> Bool {
        guard message.deletion != .hard, self.window.holds(message) else { return false }
        return self.thread.map { message.sequence == $0 || message.thread == $0 } ?? true
    }
}

extension Array {
    /// The first index from which on a condition holds, in an array in which it holds for the rest once it holds.
    fileprivate func partitionPoint(_ condition: (Element) -> Bool) -> Int {
        var low = 0
        var high = self.count
        while low < high {
            let middle = (low + high) / 2
            if condition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
