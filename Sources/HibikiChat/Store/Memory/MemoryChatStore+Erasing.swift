// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Synchronization

extension MemoryChatStore {
    public func begin(_ erasure: Erasure) async throws -> Erasure {
        self.state.withLock { state in
            let known = state.erasures[erasure.user] ?? erasure
            state.erasures[erasure.user] = known
            return known
        }
    }

    public func erasures(limit: Int) async throws -> [Erasure] {
        self.state.withLock { Array($0.erasures.values.sorted { $0.user < $1.user }.prefix(limit)) }
    }

    public func erase(_ erasure: Erasure, _ step: ErasureStep, limit: Int) async throws -> ErasedPortion {
        self.state.withLock { state in
            guard case .rooms(let after) = step else {
                state.eraseNames(erasure)
                return ErasedPortion(next: nil)
            }
            let joined = state.roomsOfUsers[erasure.user, default: []].filter { id in after.map { id > $0 } ?? true }
                .min()
            guard
                let id = joined
                    ?? state.rooms.keys.sorted().first(where: { state.rooms[$0]?.holds(erasure.user) ?? false })
            else { return ErasedPortion(next: .names) }
            let pair = state.rooms[id]?.room.pair
            let erased = state.rooms[id]?.erase(erasure, limit: limit)
            if let erased, let pair {
                state.pairs[pair] = nil
                if let new = erased.room.pair { state.pairs[new] = id }
            }
            if state.rooms[id]?.members[erasure.user] == nil { state.roomsOfUsers[erasure.user]?.remove(id) }
            return ErasedPortion(room: erased, next: .rooms(after: joined ?? after))
        }
    }
}

extension MemoryChat {
    fileprivate mutating func eraseNames(_ erasure: Erasure) {
        for id in self.rooms.keys { self.rooms[id]?.eraseNames(erasure) }
        self.clientKeys = self.clientKeys.filter { $0.key.user != erasure.user }
        for (token, invite) in self.invites where invite.createdBy == erasure.user {
            self.invites[token]?.createdBy = erasure.pseudonym
        }
        self.contacts[erasure.user] = nil
        for person in self.contacts.keys { self.contacts[person]?[erasure.user] = nil }
        self.erasures[erasure.user] = nil
    }
}

extension MemoryRoom {
    /// Whether there is anything of the person that takes a look at the room to be taken out.
    fileprivate func holds(_ user: UserID) -> Bool {
        self.messages.contains { $0.user == user || $0.mentions.contains(.person(user)) }
            || self.reactions.values.contains { $0.contains { $0.user == user } }
    }

    /// Takes a person out of the room, at most so many messages and reactions; `nil` where there is nothing to be told of.
    fileprivate mutating func erase(_ erasure: Erasure, limit: Int) -> ErasedRoom? {
        let user = erasure.user
        let member = self.members[user]
        let rest = member.flatMap(erasure.remainder)
        let own = self.messages.indices.filter { self.messages[$0].user == user }.prefix(limit)
        let reactions = self.reactions.values.joined().filter { $0.user == user }
            .sorted { ($0.message.sequence, $0.emoji) < ($1.message.sequence, $1.emoji) }.prefix(limit)
        for index in self.messages.indices {
            self.messages[index].mentions = self.messages[index].mentions.map {
                $0 == .person(user) ? .person(erasure.pseudonym) : $0
            }
        }
        guard member != rest || !own.isEmpty || !reactions.isEmpty else { return nil }
        self.members[user] = rest
        let heir = member.flatMap(self.heir)
        heir.map { self.members[$0]?.role = .owner }
        let pins = own.count { self.messages[$0].pinnedAt != nil }
        let events = erasure.takeOut(member, pins: pins, heir: heir, of: &self.room)
        self.erase(reactions, erasure)
        for index in own { self.eraseMessage(at: index, erasure) }
        self.events += events
        return ErasedRoom(room: self.room, events: events, wasJoined: member?.isJoined ?? false)
    }

    /// Where nothing but the name stands.
    fileprivate mutating func eraseNames(_ erasure: Erasure) {
        let user = erasure.user
        self.edits = self.edits.mapValues { edits in
            edits.map { edit in
                var edit = edit
                if edit.replacedBy == user { edit.replacedBy = erasure.pseudonym }
                return edit
            }
        }
        if self.room.createdBy == user { self.room.createdBy = erasure.pseudonym }
        for index in self.messages.indices { self.messages[index].eraseNames(erasure) }
        for index in self.reports.indices { self.reports[index].erase(erasure) }
        for index in self.events.indices { self.events[index].erase(erasure) }
    }

    /// Who owns the room after its last owner.
    private func heir(of member: Membership) -> UserID? {
        guard member.isJoined, member.role == .owner, self.room.owners == 1 else { return nil }
        let others = self.members.values.filter { $0.isJoined && $0.user != member.user }
        return others.min { ($1.role, $0.since, $0.user) < ($0.role, $1.since, $1.user) }?.user
    }

    private mutating func erase(_ reactions: some Sequence<Reaction>, _ erasure: Erasure) {
        for reaction in reactions {
            let sequence = reaction.message.sequence
            self.reactions[sequence]?.remove(reaction)
            guard let index = self.index(sequence) else { continue }
            self.messages[index].reactions.withdraw(reaction.emoji, of: erasure.user)
            self.messages[index].revision = self.room.revision
        }
    }

    private mutating func eraseMessage(at index: Int, _ erasure: Erasure) {
        let sequence = self.messages[index].sequence
        self.messages[index].empty(erasure, revision: self.room.revision)
        self.edits[sequence] = nil
        self.reactions[sequence] = nil
        self.forgetReactions(to: [sequence])
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
        if self.quote?.user == erasure.user {
            self.quote?.user = erasure.pseudonym
            self.quote?.content = nil
        }
    }
}

extension Report {
    /// The words of somebody who is erased go with the name.
    fileprivate mutating func erase(_ erasure: Erasure) {
        if self.reporter == erasure.user {
            self.reporter = erasure.pseudonym
            self.reason = ""
        }
        guard let settlement = self.settlement, settlement.by == erasure.user else { return }
        self.settlement = Settlement(
            by: erasure.pseudonym, timestamp: settlement.timestamp, outcome: settlement.outcome, note: "")
    }
}

extension ChatEvent {
    /// The pseudonym in the place of the person.
    fileprivate mutating func erase(_ erasure: Erasure) {
        if self.actor == erasure.user {
            self = self.withoutReaction
            self.actor = erasure.pseudonym
        }
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
