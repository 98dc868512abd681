// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire

extension ChatLedger {
    mutating func send(_ new: SendMessage, _ order: ChatOrder) throws(WireError) -> ChatResult {
        // Who was muted since, and sends again what was stored before, learns that it was.
        if self.facts.members[order.own(new.room)]?.isJoined == true, let known = self.duplicate(of: new, order) {
            return .sent(known, isDuplicate: true)
        }
        var (room, member) = try self.enter(new.room, order)
        if let known = self.duplicate(of: new, order) { return .sent(known, isDuplicate: true) }
        if let refusal = order.refusal { throw refusal }
        guard new.kind != .system || order.person.isAdministrator else {
            throw .denied("system messages come from administrators")
        }
        let quote = try self.quote(new)
        try self.checkThread(new)
        let mentions = try self.mentions(new, room, member, order)
        room.sequence += 1
        var message = Message(
            id: MessageID(room.id, room.sequence), revision: 0, user: order.person.id,
            userName: order.person.name ?? member?.name, content: new.content, timestamp: order.now, kind: new.kind,
            clientID: new.clientID, quote: quote, thread: new.thread?.sequence)
        message.mentions = mentions
        message.attachments = new.attachments
        self.happen(.message(message.sequence), in: &room, message: &message, order)
        self.put(message, isNew: true)
        self.put(room)
        self.countReply(message)
        for mention in mentions {
            switch mention {
            case .person(let user): self.tell(.mentioned(user, message))
            case .everybody: self.tell(.mentionedAll(message))
            }
        }
        return .sent(message, isDuplicate: false)
    }

    /// What was sent before under the same client id.
    private func duplicate(of new: SendMessage, _ order: ChatOrder) -> Message? {
        guard let id = new.clientID else { return nil }
        return self.facts.clientKeys[ClientKey(room: new.room, user: order.person.id, id: id)]
            .flatMap { self.facts.messages[$0] }
    }

    private func quote(_ new: SendMessage) throws(WireError) -> Quote? {
        guard let id = new.replyTo else { return nil }
        guard id.room == new.room, let quoted = self.facts.messages[id], !quoted.isDeleted else { throw .noSuchMessage }
        return Quote(
            sequence: quoted.sequence, user: quoted.user, content: quoted.content.prefix(utf8: self.limits.quote))
    }

    private func checkThread(_ new: SendMessage) throws(WireError) {
        guard let id = new.thread else { return }
        guard id.room == new.room, let root = self.facts.messages[id], root.deletion != .hard else {
            throw .noSuchMessage
        }
        guard root.thread == nil else { throw .invalid("threadId: a thread begins with a message that is in none") }
    }

    /// The root's row counts what was written; that changes nothing about when it was changed.
    private mutating func countReply(_ message: Message) {
        guard let thread = message.thread, var root = self.facts.messages[MessageID(message.room, thread)] else {
            return
        }
        root.replies += 1
        self.put(root)
    }

    /// Those who are meant, once each, if they are in the room.
    private func mentions(
        _ new: SendMessage, _ room: Room, _ member: Membership?, _ order: ChatOrder
    ) throws(WireError) -> [Mention] {
        var mentions: [Mention] = []
        for mention in new.mentions where !mentions.contains(mention) {
            switch mention {
            case .everybody:
                let role = order.person.isAdministrator ? .owner : member?.role ?? .reader
                guard role >= .moderator || room.members <= self.limits.mentionAll else {
                    throw .denied("in a room of this size moderators mention everybody")
                }
                mentions.append(mention)
            case .person(let user):
                if self.facts.members[MemberKey(room.id, user)]?.isJoined == true { mentions.append(mention) }
            }
        }
        return mentions
    }
}
