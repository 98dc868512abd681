// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiChat
import HibikiMessaging

extension SQLChatStore {
    public func erase(_ erasure: Erasure) async throws -> [ErasedRoom] {
        let load = ErasureFacts.statements(erasure.user, self.database.dialect)
        return try await self.transaction(load: load) { results in
            let facts = try ErasureFacts(results)
            let rooms = facts.rooms(after: erasure)
            let changes =
                facts.changes(of: erasure, rooms.map(\.room)) + Self.renaming(erasure)
                + ChatTables.member.upsert(facts.memberships(after: erasure).map(\.row))
                + ChatTables.event.insert(rooms.flatMap(\.events).map(\.row))
            return (changes, rooms)
        }
    }

    /// What needs no look at the rows: the person's own messages, and the places where the name stands alone.
    private static func renaming(_ erasure: Erasure) -> [SQLStatement] {
        let person = erasure.user
        let pseudonym = erasure.pseudonym
        let own: SQLFragment = "(room, sequence) IN (SELECT room, sequence FROM chat_message WHERE person = \(person))"
        let emptied: SQLFragment = """
            UPDATE chat_message SET person = \(pseudonym), person_name = NULL, content = '', client_id = NULL, edited_at = NULL, edits = 0, \
            deleted_at = COALESCE(deleted_at, \(erasure.at)), deleted_by = COALESCE(deleted_by, \(pseudonym)), \
            deletion = 'hard', quote_sequence = NULL, quote_person = NULL, quote_content = NULL, \
            mentions = NULL, reactions = NULL, attachments = NULL, pinned_at = NULL, pinned_by = NULL, \
            features = 0, words = '', \
            revision = (SELECT r.revision FROM chat_room r WHERE r.id = chat_message.room) WHERE person = \(person)
            """
        let quotes: SQLFragment = """
            UPDATE chat_message SET quote_person = \(pseudonym), quote_content = NULL WHERE quote_person = \(person)
            """
        let parts: [SQLFragment] = [
            "DELETE FROM chat_edit WHERE \(own)", "DELETE FROM chat_reaction WHERE \(own)",
            "DELETE FROM chat_mention WHERE \(own)", "DELETE FROM chat_attachment WHERE \(own)",
            "DELETE FROM chat_reaction WHERE person = \(person)",
            "DELETE FROM chat_member WHERE person = \(person)",
        ]
        let names = [
            ("chat_mention", "person"), ("chat_message", "deleted_by"), ("chat_message", "pinned_by"),
            ("chat_event", "actor"), ("chat_invite", "created_by"), ("chat_report", "reporter"),
            ("chat_edit", "replaced_by"), ("chat_room", "created_by"),
        ].map { table, column -> SQLFragment in
            "UPDATE \(raw: table) SET \(raw: column) = \(pseudonym) WHERE \(raw: column) = \(person)"
        }
        return (parts + [emptied, quotes] + names).map(\.statement)
    }
}

/// The rows of a person that have to be looked at to be changed.
private struct ErasureFacts {
    private var rooms: [Room]
    private var memberships: [RoomID: Membership]
    /// How many messages of the person are pinned, in the rooms where there are any of that person.
    private var pins: [RoomID: Int] = [:]
    /// The person's reactions to what others wrote.
    private var reactions: [MessageID: [Reaction]]
    /// What others wrote that has a reaction of the person or mentions the person.
    private var messages: [Message]
    /// Events about the person.
    private var events: [ChatEvent]
    /// Who owns the rooms whose last owner the person is.
    private var heirs: [RoomID: Membership]

    static func statements(_ person: UserID, _ dialect: SQLDialect) -> [SQLStatement] {
        let message = ChatTables.message.list("m")
        let fragments: [SQLFragment] = [
            """
            SELECT \(raw: ChatTables.room.list()) FROM chat_room WHERE id IN ( \
            SELECT room FROM chat_member WHERE person = \(person) \
            UNION SELECT room FROM chat_message WHERE person = \(person) \
            UNION SELECT room FROM chat_reaction WHERE person = \(person)) ORDER BY id\(raw: dialect.rowLock)
            """,
            "SELECT \(raw: ChatTables.member.list()) FROM chat_member WHERE person = \(person)",
            """
            SELECT room, count(pinned_at) AS pins FROM chat_message WHERE person = \(person) GROUP BY room
            """,
            "SELECT \(raw: ChatTables.reaction.list()) FROM chat_reaction WHERE person = \(person)",
            """
            SELECT \(raw: message) FROM chat_message m WHERE m.person <> \(person) AND (m.room, m.sequence) IN ( \
            SELECT p.room, p.sequence FROM ( \
            SELECT room, sequence FROM chat_reaction WHERE person = \(person) \
            UNION SELECT room, sequence FROM chat_mention WHERE person = \(person)) p)
            """,
            "SELECT \(raw: ChatTables.event.list()) FROM chat_event WHERE subject = \(person)",
            """
            SELECT \(raw: ChatTables.member.list("o")) FROM (SELECT m.*, row_number() OVER (PARTITION BY m.room \
            ORDER BY CASE m.role WHEN 'moderator' THEN 0 WHEN 'member' THEN 1 ELSE 2 END, m.since, m.person) AS place \
            FROM chat_member b JOIN chat_room r ON r.id = b.room AND r.owners = 1 \
            JOIN chat_member m ON m.room = b.room AND m.standing = 'joined' AND m.person <> b.person \
            WHERE b.person = \(person) AND b.standing = 'joined' AND b.role = 'owner') o WHERE o.place = 1
            """,
        ]
        return fragments.map(\.statement)
    }

    init(_ results: [SQLRows]) throws {
        self.rooms = try results[0].map(Room.init(_:))
        let memberships = try results[1].map(Membership.init(_:))
        self.memberships = Dictionary(memberships.map { ($0.room, $0) }) { first, _ in first }
        for row in results[2] {
            var reader = row.reader
            let room: RoomID = try reader.next()
            self.pins[room] = try reader.next()
        }
        self.reactions = Dictionary(grouping: try results[3].map(Reaction.init(_:)), by: \.message)
        self.messages = try results[4].map(Message.init(_:))
        self.events = try results[5].map(ChatEvent.init(_:))
        let heirs = try results[6].map(Membership.init(_:))
        self.heirs = Dictionary(heirs.map { ($0.room, $0) }) { first, _ in first }
    }

    /// The rooms without the person, each with the events that say so.
    func rooms(after erasure: Erasure) -> [ErasedRoom] {
        let reacted = Set(self.reactions.keys.map(\.room))
        return self.rooms.compactMap { room in
            let member = self.memberships[room.id]
            let isKept = member == member.flatMap(erasure.remainder)
            guard !isKept || self.pins[room.id] != nil || reacted.contains(room.id) else { return nil }
            var room = room
            let events = erasure.takeOut(
                member, pins: self.pins[room.id] ?? 0, heir: self.heirs[room.id]?.user, of: &room)
            return ErasedRoom(room: room, events: events)
        }
    }

    /// What is left of the person's memberships, and the new owners.
    func memberships(after erasure: Erasure) -> [Membership] {
        self.memberships.values.compactMap(erasure.remainder)
            + self.heirs.values.map { heir in
                var heir = heir
                heir.role = .owner
                return heir
            }
    }

    func changes(of erasure: Erasure, _ rooms: [Room]) -> [SQLStatement] {
        let revisions = Dictionary(rooms.map { ($0.id, $0.revision) }) { first, _ in first }
        let messages = self.messages.map { message in
            var message = message
            message.mentions = message.mentions.map {
                $0 == .person(erasure.user) ? .person(erasure.pseudonym) : $0
            }
            guard let reactions = self.reactions[message.id] else { return message }
            for reaction in reactions { message.reactions.withdraw(reaction.emoji, of: erasure.user) }
            message.revision = revisions[message.room] ?? message.revision
            return message
        }
        return ChatTables.room.upsert(rooms.map(\.row)) + ChatTables.message.upsert(messages.map(\.row))
            + ChatTables.event.upsert(self.events.map { $0.about(erasure.pseudonym) }.map(\.row))
    }
}

extension ChatEvent {
    /// The same about somebody else, who has no name.
    fileprivate func about(_ person: UserID) -> ChatEvent {
        var event = self
        switch self.kind {
        case .userJoined(_, let role, _): event.kind = .userJoined(person, role, name: nil)
        case .userLeft(_, let standing): event.kind = .userLeft(person, standing)
        case .roleChanged(_, let role): event.kind = .roleChanged(person, role)
        case .muted(_, let until): event.kind = .muted(person, until: until)
        case .personErased: event.kind = .personErased(person)
        case .message, .messageEdited, .messageDeleted, .reaction, .pinned, .readReceipt, .deliveryReceipt,
            .roomUpdated:
            break
        }
        return event
    }
}
