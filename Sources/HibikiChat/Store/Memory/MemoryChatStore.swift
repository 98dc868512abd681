// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization

/// Rooms and messages in memory: for tests, for demonstrations, and as the plainest reading of what ``ChatStore`` says.
///
/// What it returns is not durable; it is gone with the process.
public final class MemoryChatStore: ChatStore {
    let state: Mutex<MemoryChat>

    public init() {
        self.state = Mutex(MemoryChat())
    }

    /// One that goes its own way from where another one is.
    public init(copying other: MemoryChatStore) {
        let rows = other.state.withLock { $0 }
        self.state = Mutex(rows)
    }

    public func commit<Outcome: Sendable>(
        _ needs: ChatNeeds, _ decide: @Sendable (ChatFacts) -> (changes: ChatChanges, outcome: Outcome)
    ) async throws -> Outcome {
        self.state.withLock { state in
            let (changes, outcome) = decide(state.facts(needs))
            state.apply(changes)
            return outcome
        }
    }
}

/// All rows.
struct MemoryChat {
    var rooms: [RoomID: MemoryRoom] = [:]
    var pairs: [DirectPair: RoomID] = [:]
    var clientKeys: [ClientKey: MessageID] = [:]
    var invites: [InviteToken: Invite] = [:]
    /// By the person whose list it is, and the contact.
    var contacts: [UserID: [UserID: Contact]] = [:]
    var erasures: [UserID: Erasure] = [:]
    /// Where somebody has a membership of any standing.
    var roomsOfUsers: [UserID: Set<RoomID>] = [:]

    func access(_ key: MemberKey) -> RoomAccess? {
        self.rooms[key.room].map { RoomAccess(room: $0.room, membership: $0.members[key.user]) }
    }
}

/// The rows of one room.
struct MemoryRoom {
    var room: Room
    var members: [UserID: Membership] = [:]
    /// By sequence, without a gap, from ``Room/firstSequence`` on.
    var messages: [Message] = []
    /// By revision, without a gap, from ``Room/firstRevision`` on.
    var events: [ChatEvent] = []
    var edits: [Int64: [Edit]] = [:]
    var reactions: [Int64: Set<Reaction>] = [:]
    var reports: [Report] = []

    init(_ room: Room) {
        self.room = room
    }

    /// Where a message stands among ``messages``.
    func index(_ sequence: Int64) -> Int? {
        let index = sequence.subtractingReportingOverflow(self.room.firstSequence).partialValue
        return index >= 0 && index < self.messages.count ? Int(index) : nil
    }

    func message(_ sequence: Int64) -> Message? {
        self.index(sequence).map { self.messages[$0] }
    }

    mutating func put(_ report: Report) {
        guard let index = self.reports.firstIndex(where: { $0.number == report.number }) else {
            self.reports.append(report)
            return
        }
        self.reports[index] = report
    }

    mutating func put(_ message: Message) {
        if let index = self.index(message.sequence) { self.messages[index] = message }
    }
}

// MARK: Facts

extension MemoryChat {
    func facts(_ needs: ChatNeeds) -> ChatFacts {
        var facts = ChatFacts()
        for id in needs.rooms { facts.rooms[id] = self.rooms[id]?.room }
        for pair in needs.pairs {
            guard let id = self.pairs[pair] else { continue }
            facts.pairs[pair] = id
            facts.rooms[id] = self.rooms[id]?.room
            for user in [pair.first, pair.second] {
                facts.members[MemberKey(id, user)] = self.rooms[id]?.members[user]
            }
        }
        for key in needs.members { facts.members[key] = self.rooms[key.room]?.members[key.user] }
        for id in needs.messages { facts.messages[id] = self.rooms[id.room]?.message(id.sequence) }
        for key in needs.clientKeys {
            guard let id = self.clientKeys[key] else { continue }
            facts.clientKeys[key] = id
            facts.messages[id] = self.rooms[id.room]?.message(id.sequence)
        }
        for reaction in needs.reactions where self.has(reaction) { facts.reactions.insert(reaction) }
        for key in needs.reports {
            facts.reports[key] = self.rooms[key.room]?.reports.first { $0.number == key.number }
        }
        for key in needs.contacts {
            facts.contacts[key] = self.contacts[key.person]?[key.contact]
            facts.contactCounts[key.person] = self.contacts[key.person]?.count
        }
        for token in needs.invites { facts.invites[token] = self.invites[token] }
        return facts
    }

    private func has(_ reaction: Reaction) -> Bool {
        self.rooms[reaction.message.room]?.reactions[reaction.message.sequence]?.contains(reaction) ?? false
    }
}

// MARK: Changes

extension MemoryChat {
    mutating func apply(_ changes: ChatChanges) {
        for room in changes.newRooms {
            self.rooms[room.id] = MemoryRoom(room)
            if let pair = room.pair { self.pairs[pair] = room.id }
        }
        for room in changes.rooms { self.rooms[room.id]?.room = room }
        for member in changes.members {
            self.rooms[member.room]?.members[member.user] = member
            self.roomsOfUsers[member.user, default: []].insert(member.room)
        }
        for message in changes.newMessages {
            self.rooms[message.room]?.messages.append(message)
            guard let id = message.clientID else { continue }
            self.clientKeys[ClientKey(room: message.room, user: message.user, id: id)] = message.id
        }
        for message in changes.messages { self.rooms[message.room]?.put(message) }
        for invite in changes.invites { self.invites[invite.token] = invite }
        for report in changes.reports { self.rooms[report.message.room]?.put(report) }
        for contact in changes.newContacts {
            self.contacts[contact.key.person, default: [:]][contact.key.contact] = contact
        }
        for key in changes.removedContacts { self.contacts[key.person]?[key.contact] = nil }
        for event in changes.events { self.rooms[event.room]?.events.append(event) }
        self.applyDetails(changes)
    }

    private mutating func applyDetails(_ changes: ChatChanges) {
        for edit in changes.edits {
            self.rooms[edit.message.room]?.edits[edit.message.sequence, default: []].append(edit)
        }
        for reaction in changes.newReactions {
            self.rooms[reaction.message.room]?.reactions[reaction.message.sequence, default: []].insert(reaction)
        }
        for reaction in changes.removedReactions {
            self.rooms[reaction.message.room]?.reactions[reaction.message.sequence]?.remove(reaction)
        }
        for id in changes.purged {
            self.rooms[id.room]?.edits[id.sequence] = nil
            self.rooms[id.room]?.reactions[id.sequence] = nil
            self.rooms[id.room]?.forgetReactions(to: [id.sequence])
        }
        for id in changes.unquoted { self.rooms[id.room]?.unquote(id.sequence) }
    }
}

extension MemoryRoom {
    /// In the events.
    mutating func forgetReactions(to sequences: Set<Int64>) {
        for index in self.events.indices where self.events[index].sequence.map(sequences.contains) ?? false {
            self.events[index] = self.events[index].withoutReaction
        }
    }

    mutating func unquote(_ sequence: Int64) {
        // A quote stands behind what it quotes.
        for index in self.messages.indices.dropFirst((self.index(sequence) ?? -1) + 1)
        where self.messages[index].quote?.sequence == sequence {
            self.messages[index].quote?.content = nil
        }
    }
}
