// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension ChatOrder {
    /// What must be known to decide it; `nil` for a command that changes nothing.
    var needs: ChatNeeds? {
        var needs = ChatNeeds()
        switch self.command {
        case .createRoom(let new): self.need(new, in: &needs)
        case .joinRoom(let room, let invite, _):
            self.need(room, in: &needs)
            if let invite { needs.invites.insert(invite) }
        case .updateRoom(let room, _), .leaveRoom(let room), .createInvite(let room, _, _): self.need(room, in: &needs)
        case .revokeInvite(let room, let token):
            self.need(room, in: &needs)
            needs.invites.insert(token)
        case .invitePerson(let room, let user), .setRole(let room, let user, _), .kick(let room, let user),
            .ban(let room, let user, _), .unban(let room, let user), .mute(let room, let user, _),
            .unmute(let room, let user):
            self.need(room, in: &needs)
            needs.members.insert(MemberKey(room, user))
        case .send(let message): self.need(message, in: &needs)
        case .edit(let id, _), .delete(let id, _), .pin(let id), .unpin(let id), .report(let id, _), .markRead(let id),
            .markDelivered(let id):
            self.need(id.room, in: &needs)
            needs.messages.insert(id)
        case .react(let id, let emoji), .unreact(let id, let emoji):
            self.need(id.room, in: &needs)
            needs.messages.insert(id)
            needs.reactions.insert(Reaction(message: id, emoji: emoji, user: self.person.id))
        case .settleReport(let report, _, _):
            self.need(report.room, in: &needs)
            needs.reports.insert(report)
        case .addContact(let contact), .removeContact(let contact):
            needs.contacts.insert(ContactKey(self.person.id, contact))
        case .typing, .stopTyping, .room, .rooms, .publicRooms, .members, .history, .events, .message, .edits, .pins,
            .reports,
            .invites, .search, .export, .contacts, .erase:
            return nil
        }
        return needs
    }

    private func need(_ room: RoomID, in needs: inout ChatNeeds) {
        needs.rooms.insert(room)
        needs.members.insert(self.own(room))
    }

    private func need(_ new: CreateRoom, in needs: inout ChatNeeds) {
        self.need(new.room ?? self.freshRoom, in: &needs)
        guard new.kind == .direct, let other = new.members.first else { return }
        needs.pairs.insert(DirectPair(self.person.id, other))
    }

    private func need(_ message: SendMessage, in needs: inout ChatNeeds) {
        self.need(message.room, in: &needs)
        if let id = message.clientID {
            needs.clientKeys.insert(ClientKey(room: message.room, user: self.person.id, id: id))
        }
        if let quoted = message.replyTo { needs.messages.insert(quoted) }
        if let thread = message.thread { needs.messages.insert(thread) }
        for case .person(let user) in message.mentions { needs.members.insert(MemberKey(message.room, user)) }
    }
}
