// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging

extension ChatEvent {
    var row: [SQLValue] {
        let columns = self.kind.columns
        return [
            .name(self.room), .integer(self.revision), .time(self.timestamp), .name(self.actor), .name(columns.name),
            columns.sequence.sqlValue, .name(columns.subject), columns.detail.sqlValue,
        ]
    }

    init(_ reader: inout SQLReader) throws {
        let room: RoomID = try reader.next()
        let revision: Int64 = try reader.next()
        let timestamp: Timestamp = try reader.next()
        let actor: UserID = try reader.next()
        let columns = Kind.Columns(
            name: ChatEventName(rawValue: try reader.next()), sequence: try reader.next(), subject: try reader.next(),
            detail: try reader.next())
        guard let kind = Kind(columns) else {
            throw SQLError(.column, "event \(revision) of \(room) is no \(columns.name.rawValue) of this version")
        }
        self.init(room: room, revision: revision, timestamp: timestamp, actor: actor, kind: kind)
    }
}

extension Reaction {
    var row: [SQLValue] { self.message.key + [.name(self.emoji), .name(self.user)] }

    init(_ reader: inout SQLReader) throws {
        let id = MessageID(try reader.next(), try reader.next())
        self.init(message: id, emoji: try reader.next(), user: try reader.next())
    }
}

extension Edit {
    var row: [SQLValue] {
        self.message.key
            + [.number(self.number), .text(self.content), .time(self.writtenAt), .name(self.replacedBy)]
    }

    init(_ reader: inout SQLReader) throws {
        let id = MessageID(try reader.next(), try reader.next())
        self.init(
            message: id, number: try reader.next(), content: try reader.next(), writtenAt: try reader.next(),
            replacedBy: try reader.next())
    }
}
