// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging

/// What a room has of a person, up to a number of rows of each kind, and what is to become of it.
struct ErasureFacts {
    private var room: Room?
    private var membership: Membership?
    /// Who owns the room if the person is its last owner.
    private var heir: Membership?
    /// The person's own messages, and how many of them are pinned.
    private var own: [MessageID] = []
    private var pins = 0
    /// The person's reactions.
    private var reactions: [Reaction] = []
    /// What others wrote that has one of these reactions, or mentions the person.
    private var messages: [MessageID: Message] = [:]
    /// Messages that mention the person.
    private var mentions: [MessageID] = []

    static func statements(_ person: UserID, in room: RoomID, limit: Int, _ dialect: SQLDialect) -> [SQLStatement] {
        let message = ChatTables.message.list("m")
        let fragments: [SQLFragment] = [
            "SELECT \(raw: ChatTables.room.list()) FROM chat_room WHERE id = \(room)\(raw: dialect.rowLock)",
            "SELECT \(raw: ChatTables.member.list()) FROM chat_member WHERE room = \(room) AND person = \(person)",
            """
            SELECT \(raw: ChatTables.member.list("m")) FROM chat_member b \
            JOIN chat_room r ON r.id = b.room AND r.owners = 1 \
            JOIN chat_member m ON m.room = b.room AND m.standing = 'joined' AND m.person <> b.person \
            WHERE b.room = \(room) AND b.person = \(person) AND b.standing = 'joined' AND b.role = 'owner' \
            ORDER BY CASE m.role WHEN 'moderator' THEN 0 WHEN 'member' THEN 1 ELSE 2 END, m.since, m.person LIMIT 1
            """,
            "SELECT sequence, pinned_at FROM chat_message WHERE room = \(room) AND person = \(person) LIMIT \(limit)",
            """
            SELECT \(raw: ChatTables.reaction.list("r")), \(raw: message) FROM chat_reaction r \
            JOIN chat_message m ON m.room = r.room AND m.sequence = r.sequence \
            WHERE r.person = \(person) AND r.room = \(room) LIMIT \(limit)
            """,
            """
            SELECT \(raw: message) FROM chat_mention n JOIN chat_message m ON m.room = n.room AND m.sequence = n.sequence \
            WHERE n.person = \(person) AND n.room = \(room) LIMIT \(limit)
            """,
        ]
        return fragments.map(\.statement)
    }

    init(_ results: [SQLRows]) throws {
        self.room = try results[0].first.map(Room.init(_:))
        // Else the same place would be found for ever.
        guard self.room != nil else { throw SQLError(.failed, "something of a person is in a room that is not there") }
        self.membership = try results[1].first.map(Membership.init(_:))
        self.heir = try results[2].first.map(Membership.init(_:))
        guard let room = self.room?.id else { return }
        for row in results[3] {
            var reader = row.reader
            self.own.append(MessageID(room, try reader.next()))
            if !reader.isNull { self.pins += 1 }
        }
        for row in results[4] {
            var reader = row.reader
            self.reactions.append(try Reaction(&reader))
            self.take(try Message(&reader))
        }
        for row in results[5] {
            let message = try Message(row)
            self.mentions.append(message.id)
            self.take(message)
        }
    }

    private mutating func take(_ message: Message) { self.messages[message.id] = message }

    func decide(_ erasure: Erasure) -> (erased: ErasedRoom?, statements: [SQLStatement]) {
        guard var room = self.room else { return (nil, []) }
        let rest = self.membership.flatMap(erasure.remainder)
        guard self.membership != rest || !self.own.isEmpty || !self.reactions.isEmpty else {
            let rest = self.mentions.isEmpty ? self.leftovers(of: erasure.user, in: room.id) : []
            return (nil, self.changed(erasure, in: room) + self.renamed(erasure) + rest)
        }
        let events = erasure.takeOut(self.membership, pins: self.pins, heir: self.heir?.user, of: &room)
        let statements =
            ChatTables.room.upsert([room.row]) + self.changed(erasure, in: room) + self.emptied(erasure, in: room)
            + self.renamed(erasure) + ChatTables.reaction.delete(self.reactions.map(\.row))
            + self.memberships(rest) + ChatTables.event.insert(events.map(\.row))
        return (ErasedRoom(room: room, events: events, wasJoined: self.membership?.isJoined ?? false), statements)
    }

    /// Rows whose message is not there, of which no version has left any: they would be found for ever.
    private func leftovers(of person: UserID, in room: RoomID) -> [SQLStatement] {
        let leftovers: [SQLFragment] = [
            "DELETE FROM chat_reaction WHERE person = \(person) AND room = \(room)",
            "DELETE FROM chat_mention WHERE person = \(person) AND room = \(room)",
        ]
        return leftovers.map(\.statement)
    }

    private func memberships(_ rest: Membership?) -> [SQLStatement] {
        guard let membership = self.membership else { return [] }
        var heir = self.heir
        heir?.role = .owner
        return ChatTables.member.delete([membership.key.key])
            + ChatTables.member.upsert([rest, heir].compactMap { $0?.row })
    }

    /// What others wrote, without the person.
    private func changed(_ erasure: Erasure, in room: Room) -> [SQLStatement] {
        let reactions = Dictionary(grouping: self.reactions, by: \.message)
        let messages = self.messages.values.filter { $0.user != erasure.user }.map { message in
            var message = message
            message.mentions = message.mentions.map {
                $0 == .person(erasure.user) ? .person(erasure.pseudonym) : $0
            }
            guard let reactions = reactions[message.id] else { return message }
            for reaction in reactions { message.reactions.withdraw(reaction.emoji, of: erasure.user) }
            message.revision = room.revision
            return message
        }
        return ChatTables.message.upsert(messages.sorted { $0.sequence < $1.sequence }.map(\.row))
    }

    private func renamed(_ erasure: Erasure) -> [SQLStatement] {
        SQLStatement.lookUp(
            "UPDATE chat_mention SET person = $1 WHERE (room, sequence, person) IN ($KEYS)",
            [.name(erasure.pseudonym)], keys: self.mentions.map { $0.key + [.name(erasure.user)] })
    }

    /// What is left of the person's own messages.
    private func emptied(_ erasure: Erasure, in room: Room) -> [SQLStatement] {
        let keys = self.own.map(\.key)
        let place = ["room", "sequence"]
        let parts = [ChatTables.edit, ChatTables.reaction, ChatTables.mention, ChatTables.attachment]
        return parts.flatMap { $0.delete(keys, by: place) }
            + SQLStatement.forgetReactions(to: self.own)
            + SQLStatement.lookUp(
                """
                UPDATE chat_message SET person = $1, person_name = NULL, content = '', client_id = NULL, edited_at = NULL, \
                edits = 0, deleted_at = COALESCE(deleted_at, $2), deleted_by = COALESCE(deleted_by, $1), \
                deletion = 'hard', quote_sequence = NULL, quote_person = NULL, quote_content = NULL, \
                mentions = NULL, reactions = NULL, attachments = NULL, pinned_at = NULL, pinned_by = NULL, \
                features = 0, words = '', revision = $3 WHERE (room, sequence) IN ($KEYS)
                """,
                [.name(erasure.pseudonym), .time(erasure.at), .integer(room.revision)], keys: keys)
    }
}

extension SQLStatement {
    /// Takes what people have reacted with from the events about these messages.
    static func forgetReactions(to messages: [MessageID]) -> [SQLStatement] {
        self.lookUp(
            """
            UPDATE chat_event SET name = 'messageEdited', detail = NULL \
            WHERE name = 'reaction' AND (room, sequence) IN ($KEYS)
            """,
            keys: messages.map(\.key))
    }
}
