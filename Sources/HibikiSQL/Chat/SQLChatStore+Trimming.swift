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
    var statements: [SQLStatement]?

    init(_ retention: ChatRetention, limit: Int, _ dialect: SQLDialect) {
        guard retention.messagesBefore != nil || retention.eventsBefore != nil else { return }
        // Nothing is older than the beginning of time.
        let messages: SQLFragment = """
            SELECT room, sequence, pinned_at FROM chat_message \
            WHERE sent_at < \(retention.messagesBefore ?? .beginning) ORDER BY sent_at, room, sequence LIMIT \(limit)
            """
        let events: SQLFragment = """
            SELECT room, revision, NULL AS pinned_at FROM chat_event \
            WHERE happened_at < \(retention.eventsBefore ?? .beginning) ORDER BY happened_at, room, revision LIMIT \(limit)
            """
        let rooms: SQLFragment = """
            SELECT \(raw: ChatTables.room.list()) FROM chat_room WHERE id IN ( \
            SELECT o.room FROM (\(messages)) o UNION SELECT p.room FROM (\(events)) p) \
            ORDER BY id\(raw: dialect.rowLock)
            """
        self.statements = [rooms.statement, messages.statement, events.statement]
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
        let parts = [ChatTables.edit, ChatTables.reaction, ChatTables.mention, ChatTables.report]
        return parts.flatMap { $0.delete(keys, by: place) } + ChatTables.message.delete(keys)
            + ChatTables.event.delete(self.events)
            + ChatTables.room.upsert(self.rooms.values.sorted { $0.id < $1.id }.map(\.row))
    }
}

extension Timestamp {
    fileprivate static let beginning = Timestamp(milliseconds: .min)
}
