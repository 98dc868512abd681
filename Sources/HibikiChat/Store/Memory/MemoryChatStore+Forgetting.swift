// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Synchronization

extension MemoryChatStore {
    public func erase(_ erasure: Erasure) async throws -> [ErasedRoom] {
        self.state.withLock { state in
            var erased: [ErasedRoom] = []
            for id in state.rooms.keys.sorted() {
                guard let room = state.rooms[id]?.erase(erasure) else { continue }
                erased.append(room)
            }
            state.pairs = state.pairs.filter { $0.key.first != erasure.user && $0.key.second != erasure.user }
            for room in erased.map(\.room) {
                if let pair = room.pair { state.pairs[pair] = room.id }
            }
            let rooms = state.roomsOfUsers[erasure.user] ?? []
            state.roomsOfUsers[erasure.user] = rooms.filter { state.rooms[$0]?.members[erasure.user] != nil }
            state.clientKeys = state.clientKeys.filter { $0.key.user != erasure.user }
            for (token, invite) in state.invites where invite.createdBy == erasure.user {
                state.invites[token]?.createdBy = erasure.pseudonym
            }
            return erased
        }
    }

    public func trim(_ retention: ChatRetention, limit: Int) async throws -> TrimCount {
        self.state.withLock { state in
            var count = TrimCount(messages: 0, events: 0)
            for id in state.rooms.keys.sorted() {
                guard var room = state.rooms[id] else { continue }
                let forgotten = room.trim(messagesBefore: retention.messagesBefore, limit: limit - count.messages)
                count.messages += forgotten.count
                for message in forgotten {
                    guard let clientID = message.clientID else { continue }
                    state.clientKeys[ClientKey(room: id, user: message.user, id: clientID)] = nil
                }
                count.events += room.trim(eventsBefore: retention.eventsBefore, limit: limit - count.events)
                state.rooms[id] = room
            }
            return count
        }
    }
}

extension MemoryRoom {
    /// The oldest messages before a time, at most so many.
    fileprivate mutating func trim(messagesBefore time: Timestamp?, limit: Int) -> [Message] {
        guard let time else { return [] }
        let forgotten = Array(self.messages.prefix { $0.timestamp < time }.prefix(max(0, limit)))
        self.messages.removeFirst(forgotten.count)
        self.room.firstSequence += Int64(forgotten.count)
        for message in forgotten {
            self.edits[message.sequence] = nil
            self.reactions[message.sequence] = nil
            if message.pinnedAt != nil { self.room.pins -= 1 }
        }
        self.reports.removeAll { $0.message.sequence < self.room.firstSequence }
        return forgotten
    }

    fileprivate mutating func trim(eventsBefore time: Timestamp?, limit: Int) -> Int {
        guard let time else { return 0 }
        let forgotten = self.events.prefix { $0.timestamp < time }.prefix(max(0, limit)).count
        self.events.removeFirst(forgotten)
        self.room.firstRevision += Int64(forgotten)
        return forgotten
    }

    /// Takes a person out of the room; `nil` where there is nothing of him.
    fileprivate mutating func erase(_ erasure: Erasure) -> ErasedRoom? {
        let user = erasure.user
        let member = self.members[user]
        let rest = member.flatMap(erasure.remainder)
        guard member != rest || self.messages.contains(where: { $0.user == user }) else { return nil }
        self.members[user] = rest
        let heir = member.flatMap(self.heir)
        heir.map { self.members[$0]?.role = .owner }
        let pins = self.messages.count { $0.user == user && $0.pinnedAt != nil }
        let events = erasure.takeOut(member, pins: pins, heir: heir, of: &self.room)
        self.eraseReactions(erasure)
        for index in self.messages.indices { self.eraseMessage(at: index, erasure) }
        self.edits = self.edits.mapValues { edits in
            edits.map { edit in
                var edit = edit
                if edit.replacedBy == user { edit.replacedBy = erasure.pseudonym }
                return edit
            }
        }
        for index in self.reports.indices where self.reports[index].reporter == user {
            self.reports[index].reporter = erasure.pseudonym
        }
        for index in self.events.indices { self.events[index].erase(erasure) }
        self.events += events
        return ErasedRoom(room: self.room, events: events)
    }

    /// Who owns the room after its last owner.
    private func heir(of member: Membership) -> UserID? {
        guard member.isJoined, member.role == .owner, self.room.owners == 1 else { return nil }
        let others = self.members.values.filter { $0.isJoined && $0.user != member.user }
        return others.min { ($1.role, $0.since, $0.user) < ($0.role, $1.since, $1.user) }?.user
    }

    private mutating func eraseReactions(_ erasure: Erasure) {
        for (sequence, reactions) in self.reactions {
            guard let index = self.index(sequence) else { continue }
            for reaction in reactions where reaction.user == erasure.user {
                self.reactions[sequence]?.remove(reaction)
                self.messages[index].reactions.withdraw(reaction.emoji, of: erasure.user)
                self.messages[index].revision = self.room.revision
            }
        }
    }

    private mutating func eraseMessage(at index: Int, _ erasure: Erasure) {
        if self.messages[index].user == erasure.user {
            let sequence = self.messages[index].sequence
            self.messages[index].empty(erasure, revision: self.room.revision)
            self.edits[sequence] = nil
            self.reactions[sequence] = nil
            self.unquote(sequence)
        }
        self.messages[index].eraseNames(erasure)
    }
}

extension Message {
    /// What is left of a message of somebody who is erased.
    fileprivate mutating func empty(_ erasure: Erasure, revision: Int64) {
        self.revision = revision
        self.user = erasure.pseudonym
        self.userName = nil
        self.content = ""
        self.clientID = nil
        self.editedAt = nil
        self.edits = 0
        self.deletedAt = self.deletedAt ?? erasure.at
        self.deletedBy = self.deletedBy ?? erasure.pseudonym
        self.deletion = .hard
        self.quote = nil
        self.mentions = []
        self.reactions = []
        self.attachments = []
        self.pinnedAt = nil
        self.pinnedBy = nil
    }

    fileprivate mutating func eraseNames(_ erasure: Erasure) {
        if self.deletedBy == erasure.user { self.deletedBy = erasure.pseudonym }
        if self.pinnedBy == erasure.user { self.pinnedBy = erasure.pseudonym }
        if self.quote?.user == erasure.user { self.quote?.user = erasure.pseudonym }
        self.mentions = self.mentions.map { $0 == .person(erasure.user) ? .person(erasure.pseudonym) : $0 }
    }
}

extension ChatEvent {
    /// The pseudonym in the place of the person.
    fileprivate mutating func erase(_ erasure: Erasure) {
        if self.actor == erasure.user { self.actor = erasure.pseudonym }
        switch self.kind {
        case .userJoined(let user, let role, _) where user == erasure.user:
            self.kind = .userJoined(erasure.pseudonym, role, name: nil)
        case .userLeft(let user, let standing) where user == erasure.user:
            self.kind = .userLeft(erasure.pseudonym, standing)
        case .roleChanged(let user, let role) where user == erasure.user:
            self.kind = .roleChanged(erasure.pseudonym, role)
        case .muted(let user, let until) where user == erasure.user:
            self.kind = .muted(erasure.pseudonym, until: until)
        case .userJoined, .userLeft, .roleChanged, .muted, .message, .messageEdited, .messageDeleted, .reaction,
            .pinned,
            .readReceipt, .deliveryReceipt, .roomUpdated, .personErased:
            break
        }
    }
}
