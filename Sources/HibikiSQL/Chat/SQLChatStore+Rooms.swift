// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiChat

extension SQLChatStore {
    public func publicRooms(after: RoomID?, limit: Int) async throws -> [Room] {
        let rooms: SQLFragment = """
            SELECT \(raw: ChatTables.room.list()) FROM chat_room \
            WHERE kind = 'public' AND id > \(after?.rawValue ?? "") ORDER BY id LIMIT \(limit)
            """
        return try await self.database.read(rooms.statement).map(Room.init(_:))
    }

    public func rooms(
        of user: UserID, after: RoomID?, limit: Int, counting: Int64
    ) async throws -> [RoomSummary] {
        let rooms: SQLFragment = """
            SELECT \(raw: ChatTables.room.list("r")), \(raw: ChatTables.member.list("b")), \
            \(Self.unread(counting)) AS unread, \(Self.unreadMentions(counting)) AS unread_mentions, \
            \(raw: ChatTables.message.list("l")) \
            FROM chat_member b JOIN chat_room r ON r.id = b.room \
            LEFT JOIN chat_message l ON l.room = b.room AND b.standing = 'joined' AND l.sequence = ( \
            SELECT s.sequence FROM chat_message s WHERE s.room = b.room \
            AND (s.deletion IS NULL OR s.deletion <> 'hard') ORDER BY s.sequence DESC LIMIT 1) \
            WHERE b.person = \(user) AND b.standing IN ('joined', 'invited') AND b.room > \(after?.rawValue ?? "") \
            ORDER BY b.room LIMIT \(limit)
            """
        return try await self.database.read(rooms.statement).map { row in
            var reader = row.reader
            return RoomSummary(
                room: try Room(&reader), membership: try Membership(&reader), unread: try reader.next(),
                unreadMentions: try reader.next(), last: reader.isNull ? nil : try Message(&reader))
        }
    }

    public func joined(in rooms: [RoomID], upTo members: Int) async throws -> [MemberKey] {
        let statements = SQLStatement.lookUp(
            """
            SELECT b.room, b.person FROM chat_room r JOIN chat_member b ON b.room = r.id AND b.standing = 'joined' \
            WHERE r.members <= $1 AND (r.id) IN ($KEYS)
            """,
            [.number(members)], keys: rooms.map { [.name($0)] })
        return try await self.database.read(statements).joined().map { row in
            var reader = row.reader
            return MemberKey(try reader.next(), try reader.next())
        }
    }

    public func unread(of keys: [MemberKey], counting: Int64) async throws -> [UnreadCount] {
        let counts: SQLFragment = """
            SELECT b.room, b.person, b.last_read, \(Self.unread(counting)) AS unread, \
            \(Self.unreadMentions(counting)) AS unread_mentions \
            FROM chat_member b JOIN chat_room r ON r.id = b.room \
            WHERE b.standing = 'joined' AND (b.room, b.person) IN ($KEYS)
            """
        let text = counts.statement
        let statements = SQLStatement.lookUp(text.text, text.values, keys: keys.map(\.key))
        return try await self.database.read(statements).joined().map { row in
            var reader = row.reader
            return UnreadCount(
                key: MemberKey(try reader.next(), try reader.next()), lastRead: try reader.next(),
                unread: try reader.next(), unreadMentions: try reader.next())
        }
    }

    public func companions(of user: UserID, after: UserID?, limit: Int) async throws -> [UserID] {
        let companions: SQLFragment = """
            \(Self.companions(of: user)) AND o.person > \(after?.rawValue ?? "") ORDER BY o.person LIMIT \(limit)
            """
        return try await self.database.read(companions.statement).map { row in
            var reader = row.reader
            return try reader.next()
        }
    }

    public func companions(of user: UserID, among people: [UserID]) async throws -> Set<UserID> {
        let companions: SQLFragment = "\(Self.companions(of: user)) AND (o.person) IN ($KEYS)"
        let text = companions.statement
        let statements = SQLStatement.lookUp(text.text, text.values, keys: people.map { [.name($0)] })
        return try await self.database.read(statements).joined().reduce(into: []) { companions, row in
            var reader = row.reader
            companions.insert(try reader.next())
        }
    }

    private static func companions(of user: UserID) -> SQLFragment {
        """
        SELECT DISTINCT o.person FROM chat_member b \
        JOIN chat_room r ON r.id = b.room AND r.kind IN ('direct', 'group') \
        JOIN chat_member o ON o.room = b.room AND o.standing = 'joined' AND o.person <> b.person \
        WHERE b.person = \(user) AND b.standing = 'joined'
        """
    }

    // MARK: What was not read

    /// The first sequence after which messages count, of the member `b` of the room `r`.
    private static func countingFrom(_ counting: Int64) -> SQLFragment {
        """
        CASE WHEN b.standing <> 'joined' THEN r.sequence \
        WHEN b.last_read > r.sequence - \(counting) THEN b.last_read ELSE r.sequence - \(counting) END
        """
    }

    /// A stretch of an index that holds nothing but what counts, at most `counting` entries long.
    private static func unread(_ counting: Int64) -> SQLFragment {
        """
        (SELECT count(*) FROM chat_message u WHERE u.room = b.room AND u.sequence > \(self.countingFrom(counting)) \
        AND u.kind <> 'system' AND u.deletion IS NULL AND u.person <> b.person)
        """
    }

    /// A message that names the person and everybody counts once.
    private static func unreadMentions(_ counting: Int64) -> SQLFragment {
        """
        (SELECT count(DISTINCT n.sequence) FROM chat_mention n \
        JOIN chat_message u ON u.room = n.room AND u.sequence = n.sequence \
        WHERE n.room = b.room AND n.person IN (b.person, '@all') AND n.sequence > \(self.countingFrom(counting)) \
        AND u.kind <> 'system' AND u.deletion IS NULL AND u.person <> b.person)
        """
    }
}
