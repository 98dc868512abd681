// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiWire

extension ChatLimits {
    /// Refuses what is too large before anybody waits for it.
    package func check(_ command: ChatCommand) throws(WireError) {
        switch command {
        case .createRoom(let new):
            try self.check(name: new.name, about: new.about)
            guard new.members.count <= self.invited else { throw .tooLarge("members: more than \(self.invited)") }
        case .joinRoom(_, _, let since):
            guard since ?? 0 >= 0 else { throw .invalid("since: expected 0 or more") }
        case .updateRoom(_, let update): try self.check(name: update.name, about: update.about)
        case .send(let message): try self.check(message)
        case .edit(_, let content): try self.check(content: content)
        case .report(_, let reason): try self.check(reason, called: "reason")
        case .settleReport(_, _, let note): try self.check(note, called: "note")
        case .createInvite(_, _, let uses):
            guard uses ?? 1 <= 1_000_000 else { throw .tooLarge("uses: more than 1000000") }
        default: break
        }
    }

    private func check(_ words: String, called name: String) throws(WireError) {
        guard words.utf8.count <= self.about else { throw .tooLarge("\(name): more than \(self.about) bytes") }
        try Self.refuseNull(words)
    }

    private func check(name: String?, about: String?) throws(WireError) {
        for text in [name ?? "", about ?? ""] { try Self.refuseNull(text) }
        guard name?.utf8.count ?? 0 <= self.name else { throw .tooLarge("name: more than \(self.name) bytes") }
        guard about?.utf8.count ?? 0 <= self.about else { throw .tooLarge("about: more than \(self.about) bytes") }
    }

    /// Databases have no U+0000 in their texts, and one message must not make a whole batch fail.
    private static func refuseNull(_ text: String) throws(WireError) {
        guard !text.utf8.contains(0) else { throw .invalid("a text holds U+0000") }
    }

    private func check(content: String) throws(WireError) {
        try Self.refuseNull(content)
        guard content.utf8.count <= self.content else { throw .tooLarge("content: more than \(self.content) bytes") }
    }

    private func check(_ message: SendMessage) throws(WireError) {
        try self.check(content: message.content)
        guard message.attachments.count <= self.attachments else {
            throw .tooLarge("attachments: more than \(self.attachments)")
        }
        guard message.mentions.count <= self.mentions else { throw .tooLarge("mentions: more than \(self.mentions)") }
        // A message of nothing but spaces shows nothing.
        guard message.content.utf8.contains(where: { $0 > 0x20 }) || !message.attachments.isEmpty else {
            throw .invalid("content: missing")
        }
        for attachment in message.attachments { try self.check(attachment) }
    }

    private func check(_ attachment: Attachment) throws(WireError) {
        guard attachment.id.isPlain(1...128), attachment.name.isPlain(1...255), attachment.type.isPlain(1...127),
            attachment.size >= 0, attachment.width ?? 0 >= 0, attachment.height ?? 0 >= 0
        else { throw .invalid("attachments: expected id, name, type and size") }
    }
}
