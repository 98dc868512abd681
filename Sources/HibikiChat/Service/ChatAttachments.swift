// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
import HibikiWire

/// Who knows the files that messages carry: the server's uploads.
public protocol ChatAttachments: Sendable {
    /// The attachments of a message that somebody wants to send, as they really are.
    ///
    /// Whoever may read a message may have its files. So a person may attach his own files only; else he could send himself another's.
    ///
    /// - Throws: ``WireError``, if one of them is not there or not this person's.
    func check(_ attachments: [Attachment], of person: ChatPerson) async throws -> [Attachment]
}

/// A store that finds the messages that carry a file.
public protocol ChatAttachmentIndex: Sendable {
    /// Messages that are not deleted, the oldest first; but before all others those of rooms in which `reader` is or was a member. Else a file that was
    /// sent often elsewhere would not be found where he may read it.
    func messages(carrying attachment: String, for reader: UserID?, limit: Int) async throws -> [MessageID]
}

extension ChatService {
    /// In how many messages a file is looked for on behalf of somebody who wants to have it.
    private static let carriers = 100

    /// Whether a person may have a file: whoever may read a message that carries it. So somebody who was removed from a room may have
    /// what was there before the removal, and nothing that came later.
    ///
    /// A store that is no ``ChatAttachmentIndex`` gives files to nobody.
    public func mayDownload(_ attachment: String, _ person: ChatPerson, at now: Timestamp) async throws -> Bool {
        guard let index = self.store as? any ChatAttachmentIndex else { return false }
        for id in try await index.messages(carrying: attachment, for: person.id, limit: Self.carriers) {
            if try await self.mayRead(id, person, at: now) { return true }
        }
        return false
    }

    /// Whether any message still carries a file. If not, it may be cleaned away.
    public func isAttached(_ attachment: String) async throws -> Bool {
        guard let index = self.store as? any ChatAttachmentIndex else { return true }
        return try await !index.messages(carrying: attachment, for: nil, limit: 1).isEmpty
    }

    private func mayRead(_ id: MessageID, _ person: ChatPerson, at now: Timestamp) async throws -> Bool {
        do {
            return try await !self.message(id, person, at: now).isDeleted
        } catch is WireError {
            return false
        }
    }
}
