// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiChat
import HibikiMessaging

extension SQLChatStore {
    public func trim(_ retention: ChatRetention, limit: Int) async throws -> TrimCount {
        let old = OldRows(retention, limit: limit, self.database.dialect)
        guard let load = old.statements else { return TrimCount(messages: 0, events: 0) }
        return try await self.transaction(load: load) { results in
            var trimming = Trimming(rooms: try results[0].map(Room.init(_:)))
            try trimming.forget(messages: results[1])
            try trimming.forget(events: results[2])
            return (trimming.statements, trimming.count)
        }
    }
}

/// The statements that find what is too old: the rooms, which they lock, then the messages, then the events.
private struct OldRows {
    /// A table of rows that are numbered in their rooms and have a time.
    private struct Kind {
        let table: String
        let number: String
        let time: String
        /// The column of the room that says which row is its first.
        let first: String
        /// A third column to be read.
        let detail: String
        let before: Timestamp

        /// Rooms with rows that are too old, by the age of these. A room keeps no row before one that it has forgotten: so where the
        /// first row is not too old nothing can go, and the room must not be in the way of others.
        func rooms(_ limit: Int) -> SQLFragment {
            """
            SELECT x.room FROM \(raw: self.table) x JOIN chat_room c ON c.id = x.room \
            JOIN \(raw: self.table) f ON f.room = x.room AND f.\(raw: self.number) = c.\(raw: self.first) \
            WHERE x.\(raw: self.time) < \(self.before) AND f.\(raw: self.time) < \(self.before) \
            ORDER BY x.\(raw: self.time), x.room, x.\(raw: self.number) LIMIT \(limit)
            """
        }

        /// The first rows of the first of these rooms.
        func rows(_ limit: Int) -> SQLFragment {
            """
            SELECT x.room, x.\(raw: self.number), \(raw: self.detail) FROM \(raw: self.table) x \
            JOIN chat_room c ON c.id = x.room AND x.\(raw: self.number) < c.\(raw: self.first) + \(limit) \
            WHERE x.room IN (SELECT o.room FROM (\(self.rooms(limit))) o) AND x.\(raw: self.time) < \(self.before) \
            ORDER BY x.room, x.\(raw: self.number) LIMIT \(limit)
            """
        }
    }

    var statements: [SQLStatement]?

    init(_ retention: ChatRetention, limit: Int, _ dialect: SQLDialect) {
        guard retention.messagesBefore != nil || retention.eventsBefore != nil else { return }
        // Nothing is older than the beginning of time.
        let messages = Kind(
            table: "chat_message", number: "sequence", time: "sent_at", first: "first_sequence",
            detail: "x.pinned_at", before: retention.messagesBefore ?? .beginning)
        let events = Kind(
            table: "chat_event", number: "revision", time: "happened_at", first: "first_revision",
            detail: "NULL AS pinned_at", before: retention.eventsBefore ?? .beginning)
        let rooms: SQLFragment = """
            SELECT \(raw: ChatTables.room.list()) FROM chat_room WHERE id IN ( \
            SELECT o.room FROM (\(messages.rooms(limit))) o UNION SELECT p.room FROM (\(events.rooms(limit))) p) \
            ORDER BY id\(raw: dialect.rowLock)
            """
        self.statements = [rooms.statement, messages.rows(limit).statement, events.rows(limit).statement]
    }
}

/// What is forgotten, and the rooms that it belonged to.
private struct Trimming {
    private var rooms: [RoomID: Room]
    private var messages: [MessageID] = []
    private var events: [[SQLValue]] = []

    init(rooms: [Room]) {
        self.rooms = Dictionary(uniqueKeysWithValues: rooms.map { ($0.id, $0) })
    }

    var count: TrimCount { TrimCount(messages: self.messages.count, events: self.events.count) }

    /// A room keeps no message before one that it has forgotten: what is old and stands behind something newer, because a clock
    /// was set back, waits. So do rows of a room that was not locked, which came in between the statements.
    mutating func forget(messages rows: SQLRows) throws {
        for row in try Self.sorted(rows) {
            guard var room = self.rooms[row.room], row.number == room.firstSequence else { continue }
            room.firstSequence += 1
            if row.isPinned { room.pins -= 1 }
            self.rooms[room.id] = room
            self.messages.append(MessageID(room.id, row.number))
        }
    }

    mutating func forget(events rows: SQLRows) throws {
        for row in try Self.sorted(rows) {
            guard var room = self.rooms[row.room], row.number == room.firstRevision else { continue }
            room.firstRevision += 1
            self.rooms[room.id] = room
            self.events.append([.name(room.id), .integer(row.number)])
        }
    }

    /// By their numbers, which is almost always the order of their times.
    private static func sorted(_ rows: SQLRows) throws -> [(room: RoomID, number: Int64, isPinned: Bool)] {
        try rows.map { row in
            var reader = row.reader
            return (try reader.next(), try reader.next(), !reader.isNull)
        }
        .sorted { $0.number < $1.number }
    }

    var statements: [SQLStatement] {
        let keys = self.messages.map(\.key)
        let place = ["room", "sequence"]
        let parts = [
            ChatTables.edit, ChatTables.reaction, ChatTables.mention, ChatTables.attachment, ChatTables.report,
        ]
        return parts.flatMap { $0.delete(keys, by: place) } + ChatTables.message.delete(keys)
            + ChatTables.event.delete(self.events)
            + ChatTables.room.upsert(self.rooms.values.sorted { $0.id < $1.id }.map(\.row))
    }
}

extension Timestamp {
    fileprivate static let beginning = Timestamp(milliseconds: .min)
}
