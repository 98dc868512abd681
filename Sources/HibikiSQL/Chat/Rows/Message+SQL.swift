// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging

extension Message {
    var row: [SQLValue] {
        let stands: [SQLValue] = [
            .name(self.room), .integer(self.sequence), .integer(self.revision), .name(self.user),
            self.userName.sqlValue, .text(self.content), .time(self.timestamp), .name(self.kind), .name(self.clientID),
            .time(self.editedAt), .number(self.edits), .time(self.deletedAt), .name(self.deletedBy),
            .name(self.deletion),
        ]
        let refers: [SQLValue] = [
            (self.quote?.sequence).sqlValue, .name(self.quote?.user), (self.quote?.content ?? nil).sqlValue,
            self.thread.sqlValue, .number(self.replies), MessageLists.text(self.mentions),
            MessageLists.text(self.reactions), MessageLists.text(self.attachments), .time(self.pinnedAt),
            .name(self.pinnedBy),
        ]
        return stands + refers + [.integer(self.features), .text(self.words)]
    }

    init(_ reader: inout SQLReader) throws {
        let id = MessageID(try reader.next(), try reader.next())
        let revision: Int64 = try reader.next()
        let user: UserID = try reader.next()
        let userName: String? = try reader.next()
        let content: String = try reader.next()
        let timestamp: Timestamp = try reader.next()
        let kind: Kind = try reader.next()
        let clientID: ClientMessageID? = try reader.next()
        let editedAt: Timestamp? = try reader.next()
        let edits: Int = try reader.next()
        let deletedAt: Timestamp? = try reader.next()
        let deletedBy: UserID? = try reader.next()
        let deletion: Deletion? = try reader.next()
        self.init(
            id: id, revision: revision, user: user, userName: userName, content: content, timestamp: timestamp,
            kind: kind, clientID: clientID, quote: try Quote(&reader), thread: try reader.next())
        self.editedAt = editedAt
        self.edits = edits
        self.deletedAt = deletedAt
        self.deletedBy = deletedBy
        self.deletion = deletion
        self.replies = try reader.next()
        self.mentions = try MessageLists.mentions(try reader.next())
        self.reactions = try MessageLists.reactions(try reader.next())
        self.attachments = try MessageLists.attachments(try reader.next())
        self.pinnedAt = try reader.next()
        self.pinnedBy = try reader.next()
    }

    /// The words that a search finds the message by. A deleted one is not found.
    private var words: String {
        self.isDeleted ? "" : SearchWords.words(of: self.content).joined(separator: " ")
    }
}

extension Quote {
    fileprivate init?(_ reader: inout SQLReader) throws {
        let sequence: Int64? = try reader.next()
        let user: UserID? = try reader.next()
        let content: String? = try reader.next()
        guard let sequence, let user else { return nil }
        self.init(sequence: sequence, user: user, content: content)
    }
}
