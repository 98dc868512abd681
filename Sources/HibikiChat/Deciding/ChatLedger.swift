// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire

/// A value that takes orders and gives changes. Each order sees what those before it in the same batch have done.
struct ChatLedger {
    let limits: ChatLimits
    let policy: ChatPolicy
    /// What was found, with what has been decided since.
    private(set) var facts: ChatFacts
    private let found: ChatFacts
    private var newRooms: Set<RoomID> = []
    private var changedRooms: Set<RoomID> = []
    private var changedMembers: Set<MemberKey> = []
    private var newMessages: [MessageID] = []
    private var changedMessages: Set<MessageID> = []
    private var touchedReactions: Set<Reaction> = []
    private var changedInvites: Set<InviteToken> = []
    private var changedReports: Set<ReportKey> = []
    private var touchedContacts: Set<ContactKey> = []
    private var plain = ChatChanges()
    /// What the order that is being decided has to tell.
    private var happenings: [Happening] = []

    init(_ facts: ChatFacts, limits: ChatLimits = ChatLimits(), policy: ChatPolicy = ChatPolicy()) {
        self.limits = limits
        self.policy = policy
        self.facts = facts
        self.found = facts
    }

    /// Decides one order. A refused one changes nothing.
    mutating func decide(_ order: ChatOrder) -> ChatOutcome {
        self.happenings = []
        do throws(WireError) {
            let result = try self.apply(order)
            return ChatOutcome(result: .success(result), happenings: self.happenings)
        } catch {
            return ChatOutcome(result: .failure(error), happenings: [])
        }
    }

    private mutating func apply(_ order: ChatOrder) throws(WireError) -> ChatResult {
        switch order.command {
        case .createRoom(let new): try self.create(new, order)
        case .updateRoom(let room, let update): try self.update(room, update, order)
        case .joinRoom(let room, let invite, _): try self.join(room, invite, order)
        case .leaveRoom(let room): try self.leave(room, order)
        case .invitePerson(let room, let user): try self.invite(user, to: room, order)
        case .createInvite(let room, let expiry, let uses): try self.createInvite(room, expiry, uses, order)
        case .revokeInvite(let room, let token): try self.revoke(token, of: room, order)
        case .setRole(let room, let user, let role): try self.setRole(role, of: user, in: room, order)
        case .kick(let room, let user): try self.kick(user, from: room, order)
        case .ban(let room, let user, let until): try self.ban(user, from: room, until: until, order)
        case .unban(let room, let user): try self.unban(user, in: room, order)
        case .mute(let room, let user, let until): try self.mute(user, in: room, until: until ?? .never, order)
        case .unmute(let room, let user): try self.mute(user, in: room, until: nil, order)
        case .send(let message): try self.send(message, order)
        case .edit(let id, let content): try self.edit(id, content, order)
        case .delete(let id, let deletion): try self.delete(id, deletion, order)
        case .react(let id, let emoji): try self.react(id, emoji, order)
        case .unreact(let id, let emoji): try self.unreact(id, emoji, order)
        case .pin(let id): try self.pin(id, order)
        case .unpin(let id): try self.unpin(id, order)
        case .report(let id, let reason): try self.report(id, reason, order)
        case .markRead(let id): try self.mark(id, isRead: true, order)
        case .markDelivered(let id): try self.mark(id, isRead: false, order)
        case .settleReport(let report, let outcome, let note): try self.settle(report, outcome, note, order)
        case .addContact(let contact): try self.addContact(contact, order)
        case .removeContact(let contact): self.removeContact(contact, order)
        case .typing, .stopTyping, .room, .rooms, .publicRooms, .members, .history, .events, .message, .edits, .pins,
            .reports, .invites, .search, .export, .contacts, .erase:
            throw WireError(.internalError, "a command that changes nothing was to be stored")
        }
    }

    /// All that has changed, each row once.
    var changes: ChatChanges {
        var changes = self.plain
        changes.newRooms = self.newRooms.sorted().compactMap { self.facts.rooms[$0] }
        changes.rooms = self.changedRooms.subtracting(self.newRooms).sorted().compactMap { self.facts.rooms[$0] }
        changes.members = self.changedMembers.compactMap { self.facts.members[$0] }
            .sorted { ($0.room, $0.user) < ($1.room, $1.user) }
        changes.newMessages = self.newMessages.compactMap { self.facts.messages[$0] }
        changes.messages = self.changedMessages.subtracting(self.newMessages).sorted()
            .compactMap { self.facts.messages[$0] }
        changes.invites = self.changedInvites.sorted().compactMap { self.facts.invites[$0] }
        changes.reports = self.changedReports.compactMap { self.facts.reports[$0] }
            .sorted { ($0.message.room, $0.number) < ($1.message.room, $1.number) }
        for key in self.touchedContacts.sorted(by: { ($0.person, $0.contact) < ($1.person, $1.contact) }) {
            switch (self.found.contacts[key], self.facts.contacts[key]) {
            case (nil, let new?): changes.newContacts.append(new)
            case (.some, nil): changes.removedContacts.append(key)
            case (nil, nil), (.some, .some): break
            }
        }
        for reaction in self.touchedReactions {
            let wasThere = self.found.reactions.contains(reaction)
            guard wasThere != self.facts.reactions.contains(reaction) else { continue }
            if wasThere { changes.removedReactions.append(reaction) } else { changes.newReactions.append(reaction) }
        }
        return changes
    }
}

// MARK: Writing down

extension ChatLedger {
    mutating func put(_ room: Room, isNew: Bool = false) {
        self.facts.rooms[room.id] = room
        if isNew { self.newRooms.insert(room.id) } else { self.changedRooms.insert(room.id) }
        if isNew, let pair = room.pair { self.facts.pairs[pair] = room.id }
    }

    mutating func put(_ member: Membership) {
        self.facts.members[member.key] = member
        self.changedMembers.insert(member.key)
    }

    mutating func put(_ message: Message, isNew: Bool = false) {
        self.facts.messages[message.id] = message
        guard isNew else {
            self.changedMessages.insert(message.id)
            return
        }
        self.newMessages.append(message.id)
        guard let id = message.clientID else { return }
        self.facts.clientKeys[ClientKey(room: message.room, user: message.user, id: id)] = message.id
    }

    mutating func put(_ invite: Invite) {
        self.facts.invites[invite.token] = invite
        self.changedInvites.insert(invite.token)
    }

    mutating func put(_ reaction: Reaction, isThere: Bool) {
        if isThere { self.facts.reactions.insert(reaction) } else { self.facts.reactions.remove(reaction) }
        self.touchedReactions.insert(reaction)
    }

    mutating func add(_ edit: Edit) { self.plain.edits.append(edit) }

    mutating func put(_ report: Report) {
        self.facts.reports[report.key] = report
        self.changedReports.insert(report.key)
    }

    /// - Parameter contact: `nil` where it is to be there no more.
    mutating func put(_ contact: Contact?, at key: ContactKey) {
        let change = (contact == nil ? 0 : 1) - (self.facts.contacts[key] == nil ? 0 : 1)
        self.facts.contacts[key] = contact
        self.facts.contactCounts[key.person, default: 0] += change
        self.touchedContacts.insert(key)
    }

    mutating func unquote(_ id: MessageID) { self.plain.unquoted.append(id) }
    mutating func purge(_ id: MessageID) { self.plain.purged.append(id) }

    mutating func tell(_ happening: Happening) { self.happenings.append(happening) }

    /// Gives the room its next revision and writes the event down. The message of the event, as it is to be, gets the revision.
    mutating func happen(
        _ kind: ChatEvent.Kind, in room: inout Room, message: inout Message, _ order: ChatOrder
    ) {
        message.revision = room.revision + 1
        self.happen(kind, in: &room, about: message, order)
    }

    mutating func happen(
        _ kind: ChatEvent.Kind, in room: inout Room, about message: Message? = nil, _ order: ChatOrder
    ) {
        room.revision += 1
        let event = ChatEvent(
            room: room.id, revision: room.revision, timestamp: order.now, actor: order.person.id, kind: kind)
        self.plain.events.append(event)
        self.tell(.event(EventRow(event: event, message: message), room))
    }
}

// MARK: Who may

extension ChatLedger {
    /// The room of a command and the person in it, if the person may give that command.
    ///
    /// An administrator who has not joined acts as an owner would.
    func enter(_ id: RoomID, _ order: ChatOrder) throws(WireError) -> (room: Room, member: Membership?) {
        guard let room = self.facts.rooms[id] else { throw .noSuchRoom }
        let member = self.facts.members[order.own(id)]
        guard !order.person.isAdministrator else { return (room, member) }
        let access = RoomAccess(room: room, membership: member)
        try access.allow(order.command.right(in: room.kind) ?? .read, at: order.now)
        return (room, member)
    }

    /// The message of a command, in a room that the person may act in.
    func enter(
        _ id: MessageID, _ order: ChatOrder
    ) throws(WireError) -> (room: Room, member: Membership?, message: Message) {
        let (room, member) = try self.enter(id.room, order)
        guard let message = self.facts.messages[id], message.deletion != .hard else { throw .noSuchMessage }
        return (room, member, message)
    }
}
