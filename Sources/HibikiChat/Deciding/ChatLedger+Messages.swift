// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire

extension ChatLedger {
    mutating func edit(_ id: MessageID, _ content: String, _ order: ChatOrder) throws(WireError) -> ChatResult {
        var (room, _, message) = try self.enter(id, order)
        guard !message.isDeleted else { throw .noSuchMessage }
        guard message.user == order.person.id else { throw .denied("only whoever wrote it") }
        guard !content.isEmpty || !message.attachments.isEmpty else { throw .invalid("content: missing") }
        guard !content.utf8.elementsEqual(message.content.utf8) else { return .message(message) }
        guard message.edits < self.limits.edits else { throw .tooMany("edited too often") }
        if let limit = self.limits.editable, order.now.since(message.timestamp) > .milliseconds(limit) {
            throw .denied("too late to edit it")
        }
        message.edits += 1
        self.add(
            Edit(
                message: id, number: message.edits, content: message.content,
                writtenAt: message.editedAt ?? message.timestamp, replacedBy: order.person.id))
        message.content = content
        message.editedAt = order.now
        self.happen(.messageEdited(message.sequence), in: &room, message: &message, order)
        self.put(message)
        self.put(room)
        return .message(message)
    }

    mutating func delete(
        _ id: MessageID, _ deletion: Message.Deletion, _ order: ChatOrder
    ) throws(WireError) -> ChatResult {
        var (room, member, message) = try self.enter(id, order)
        let isModerator = order.person.isAdministrator || (member?.role ?? .reader) >= .moderator
        guard isModerator || message.user == order.person.id else {
            throw .denied("only whoever wrote it, and moderators")
        }
        guard message.deletion != deletion else { return .changed(room.id, revision: room.revision) }
        if message.pinnedAt != nil { room.pins -= 1 }
        message.pinnedAt = nil
        message.pinnedBy = nil
        let mentions = message.mentions
        message.deletion = deletion
        message.deletedAt = order.now
        message.deletedBy = order.person.id
        if deletion == .hard { self.empty(&message) }
        self.unquote(id)
        self.happen(.messageDeleted(message.sequence, deletion), in: &room, message: &message, order)
        self.tell(.withdrawn(.message(message, mentions: mentions)))
        self.put(message)
        self.put(room)
        return .changed(room.id, revision: room.revision)
    }

    private mutating func empty(_ message: inout Message) {
        message.content = ""
        message.userName = nil
        message.quote = nil
        message.mentions = []
        message.reactions = []
        message.attachments = []
        message.editedAt = nil
        message.edits = 0
        self.purge(message.id)
    }

    mutating func pin(_ id: MessageID, _ order: ChatOrder) throws(WireError) -> ChatResult {
        var (room, _, message) = try self.enter(id, order)
        guard !message.isDeleted else { throw .noSuchMessage }
        guard message.pinnedAt == nil else { return .changed(room.id, revision: room.revision) }
        guard room.pins < self.limits.pins else { throw .tooMany("too many pins") }
        room.pins += 1
        message.pinnedAt = order.now
        message.pinnedBy = order.person.id
        self.happen(.pinned(message.sequence, isPinned: true), in: &room, message: &message, order)
        self.put(message)
        self.put(room)
        return .changed(room.id, revision: room.revision)
    }

    mutating func unpin(_ id: MessageID, _ order: ChatOrder) throws(WireError) -> ChatResult {
        var (room, _, message) = try self.enter(id, order)
        guard message.pinnedAt != nil else { return .changed(room.id, revision: room.revision) }
        room.pins -= 1
        message.pinnedAt = nil
        message.pinnedBy = nil
        self.happen(.pinned(message.sequence, isPinned: false), in: &room, message: &message, order)
        self.put(message)
        self.put(room)
        return .changed(room.id, revision: room.revision)
    }
}
