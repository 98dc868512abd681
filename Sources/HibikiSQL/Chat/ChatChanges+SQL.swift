// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat

extension ChatChanges {
    /// What stores them, each kind in one step.
    var statements: [SQLStatement] {
        self.roomStatements + self.messageStatements + self.partStatements
            + ChatTables.event.insert(self.events.map(\.row))
            // Behind the events, among which there may be some about what goes.
            + SQLStatement.forgetReactions(to: self.purged)
    }

    private var roomStatements: [SQLStatement] {
        ChatTables.room.insert(self.newRooms.map(\.row)) + ChatTables.room.upsert(self.rooms.map(\.row))
            + ChatTables.member.upsert(self.members.map(\.row)) + ChatTables.invite.upsert(self.invites.map(\.row))
    }

    /// Rows of mentions and attachments stay until their message is emptied: a soft-deleted one still has its lists, and the erasure
    /// of a person finds it by them. Whoever looks for them looks at the message too.
    private var messageStatements: [SQLStatement] {
        let mentions = self.newMessages.flatMap { message in
            message.mentions.map { message.id.key + [.text($0.text)] }
        }
        let attachments = self.newMessages.flatMap { message in
            Set(message.attachments.map(\.id.sqlValue)).map { message.id.key + [$0] }
        }
        return ChatTables.message.insert(self.newMessages.map(\.row)) + ChatTables.mention.insert(mentions)
            + ChatTables.attachment.insert(attachments)
            + ChatTables.message.upsert(self.messages.map(\.row))
            + SQLStatement.lookUp(
                "UPDATE chat_message SET quote_content = NULL WHERE (room, quote_sequence) IN ($KEYS)",
                keys: self.unquoted.map(\.key))
    }

    private var partStatements: [SQLStatement] {
        let purged = self.purged.map(\.key)
        let place = ["room", "sequence"]
        return ChatTables.edit.insert(self.edits.map(\.row)) + ChatTables.reaction.insert(self.newReactions.map(\.row))
            + ChatTables.reaction.delete(self.removedReactions.map(\.row))
            + ChatTables.report.upsert(self.reports.map(\.row))
            + ChatTables.contact.insert(self.newContacts.map(\.row))
            + ChatTables.contact.delete(self.removedContacts.map(\.key))
            + ChatTables.edit.delete(purged, by: place) + ChatTables.reaction.delete(purged, by: place)
            + ChatTables.mention.delete(purged, by: place) + ChatTables.attachment.delete(purged, by: place)
    }
}
