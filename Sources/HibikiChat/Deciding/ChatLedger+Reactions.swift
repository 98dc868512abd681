// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire

extension ChatLedger {
    mutating func react(_ id: MessageID, _ emoji: Emoji, _ order: ChatOrder) throws(WireError) -> ChatResult {
        var (room, _, message) = try self.enter(id, order)
        guard !message.isDeleted else { throw .noSuchMessage }
        let reaction = Reaction(message: id, emoji: emoji, user: order.person.id)
        guard !self.facts.reactions.contains(reaction) else { return .changed(room.id, revision: room.revision) }
        if let index = message.reactions.firstIndex(where: { $0.emoji == emoji }) {
            message.reactions[index].count += 1
            if message.reactions[index].users.count < ReactionCount.namedUsers {
                message.reactions[index].users.append(order.person.id)
            }
        } else {
            guard message.reactions.count < self.limits.reactions else {
                throw .tooMany("too many different reactions")
            }
            message.reactions.append(ReactionCount(emoji: emoji, count: 1, users: [order.person.id]))
        }
        self.put(reaction, isThere: true)
        self.happen(.reaction(message.sequence, emoji, isAdded: true), in: &room, message: &message, order)
        self.put(message)
        self.put(room)
        return .changed(room.id, revision: room.revision)
    }

    mutating func unreact(_ id: MessageID, _ emoji: Emoji, _ order: ChatOrder) throws(WireError) -> ChatResult {
        var (room, _, message) = try self.enter(id, order)
        let reaction = Reaction(message: id, emoji: emoji, user: order.person.id)
        guard !message.isDeleted, self.facts.reactions.contains(reaction) else {
            return .changed(room.id, revision: room.revision)
        }
        message.reactions.withdraw(emoji, of: order.person.id)
        self.put(reaction, isThere: false)
        self.happen(.reaction(message.sequence, emoji, isAdded: false), in: &room, message: &message, order)
        self.put(message)
        self.put(room)
        return .changed(room.id, revision: room.revision)
    }
}

extension [ReactionCount] {
    /// Takes one reaction out of the counts. Among more than ``ReactionCount/namedUsers``, nobody moves up into the names.
    public mutating func withdraw(_ emoji: Emoji, of user: UserID) {
        guard let index = self.firstIndex(where: { $0.emoji == emoji }) else { return }
        self[index].count -= 1
        self[index].users.removeAll { $0 == user }
        if self[index].count <= 0 { self.remove(at: index) }
    }
}
