// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiChat
import HibikiMessaging

extension SQLChatStore {
    // MARK: Access

    public func access(_ key: MemberKey) async throws -> RoomAccess? {
        try Self.access(try await self.database.read(Self.access(key)))
    }

    /// The room and the membership: the first two statements of most reads.
    static func access(_ key: MemberKey) -> [SQLStatement] {
        ChatTables.room.select([[.name(key.room)]]) + ChatTables.member.select([key.key])
    }

    /// - Returns: `nil` without a room.
    static func access(_ results: [SQLRows]) throws -> RoomAccess? {
        guard let room = try results[0].first.map(Room.init(_:)) else { return nil }
        return RoomAccess(room: room, membership: try results[1].first.map(Membership.init(_:)))
    }

    // MARK: Messages

    static func messages(_ rows: SQLRows) throws -> [Message] {
        try rows.map(Message.init(_:))
    }

    public func message(_ id: MessageID, for reader: UserID) async throws -> MessageRows? {
        let key = MemberKey(id.room, reader)
        let results = try await self.database.read(Self.access(key) + ChatTables.message.select([id.key]))
        return try Self.access(results).map { MessageRows(access: $0, messages: try Self.messages(results[2])) }
    }

    public func pinned(_ key: MemberKey, within window: ReadingWindow, limit: Int) async throws -> MessageRows? {
        let pinned: SQLFragment = """
            SELECT \(raw: ChatTables.message.list("m")) FROM chat_message m \
            WHERE m.room = \(key.room) AND m.pinned_at IS NOT NULL AND \(Self.isSeen(window)) \
            ORDER BY m.pinned_at DESC, m.sequence DESC LIMIT \(limit)
            """
        let results = try await self.database.read(Self.access(key) + [pinned.statement])
        return try Self.access(results).map { MessageRows(access: $0, messages: try Self.messages(results[2])) }
    }

    public func edits(of id: MessageID, limit: Int) async throws -> [Edit] {
        let edits: SQLFragment = """
            SELECT \(raw: ChatTables.edit.list()) FROM chat_edit \
            WHERE room = \(id.room) AND sequence = \(id.sequence) ORDER BY number LIMIT \(limit)
            """
        return try await self.database.read(edits.statement).map(Edit.init(_:))
    }

    /// By the index of what a person has reacted to.
    public func reactions(of user: UserID, to messages: [MessageID]) async throws -> Set<Reaction> {
        let statements = SQLStatement.lookUp(
            "SELECT \(ChatTables.reaction.list()) FROM chat_reaction WHERE person = $1 AND (room, sequence) IN ($KEYS)",
            [.name(user)], keys: messages.map(\.key))
        return try await self.database.read(statements).joined().reduce(into: []) { reactions, row in
            reactions.insert(try Reaction(row))
        }
    }

    // MARK: Events

    public func events(_ query: EventsQuery) async throws -> EventRows? {
        let events: SQLFragment = """
            SELECT \(raw: ChatTables.event.list("e")), \(raw: ChatTables.message.list("m")) FROM chat_event e \
            LEFT JOIN chat_message m ON m.room = e.room AND m.sequence = e.sequence \
            WHERE e.room = \(query.key.room) AND e.revision > \(query.since) \
            AND e.revision <= \(query.window.lastRevision) ORDER BY e.revision LIMIT \(query.limit)
            """
        let results = try await self.database.read(Self.access(query.key) + [events.statement])
        guard let access = try Self.access(results) else { return nil }
        let rows = try results[2].map { row in
            var reader = row.reader
            let event = try ChatEvent(&reader)
            return EventRow(event: event, message: reader.isNull ? nil : try Message(&reader))
        }
        return EventRows(access: access, rows: rows)
    }

    // MARK: People

    public func members(_ key: MemberKey, all: Bool, after: UserID?, limit: Int) async throws -> MemberRows? {
        let joined: SQLFragment = all ? "1 = 1" : "standing = 'joined'"
        let members: SQLFragment = """
            SELECT \(raw: ChatTables.member.list()) FROM chat_member \
            WHERE room = \(key.room) AND person > \(after?.rawValue ?? "") AND \(joined) ORDER BY person LIMIT \(limit)
            """
        let results = try await self.database.read(Self.access(key) + [members.statement])
        guard let access = try Self.access(results) else { return nil }
        let rows = try results[2].map(Membership.init(_:))
        return MemberRows(access: access, members: rows)
    }

    public func reports(
        _ room: RoomID, _ state: Report.State?, after number: Int64, limit: Int
    ) async throws -> [Report] {
        let isListed: SQLFragment =
            switch state {
            case nil: "1 = 1"
            case .open: "settled_at IS NULL"
            case .settled: "settled_at IS NOT NULL"
            }
        let reports: SQLFragment = """
            SELECT \(raw: ChatTables.report.list()) FROM chat_report \
            WHERE room = \(room) AND number > \(number) AND \(isListed) ORDER BY number LIMIT \(limit)
            """
        return try await self.database.read(reports.statement).map(Report.init(_:))
    }

    public func invites(_ room: RoomID, limit: Int) async throws -> [Invite] {
        let invites: SQLFragment = """
            SELECT \(raw: ChatTables.invite.list()) FROM chat_invite \
            WHERE room = \(room) AND is_revoked = 0 ORDER BY created_at, token LIMIT \(limit)
            """
        return try await self.database.read(invites.statement).map(Invite.init(_:))
    }
}
