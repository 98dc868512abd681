// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiChat
import HibikiMessaging

extension SQLChatStore {
    /// The sequence of the anchor is found in the statements that need it, so that a page is one round trip.
    public func history(_ query: HistoryQuery) async throws -> HistoryRows? {
        let anchor = Self.anchor(query)
        let page = query.thread.map { Self.thread($0, query, anchor) } ?? Self.page(query, anchor)
        let first: SQLFragment = "SELECT \(anchor) AS anchor"
        let results = try await self.database.read(Self.access(query.key) + [first.statement] + page)
        guard let access = try Self.access(results) else { return nil }
        let messages = try results[3...].map { try Self.messages($0) }
        return HistoryRows(
            access: access, anchor: try results[2][0]["anchor"],
            earlier: Array((messages[0] + (messages.count > 2 ? messages[2] : [])).prefix(query.before + 1)),
            later: Array(((messages.count > 2 ? messages[3] : []) + messages[1]).prefix(query.after + 2)))
    }

    /// Messages before the anchor and from it on.
    private static func page(_ query: HistoryQuery, _ anchor: SQLFragment) -> [SQLStatement] {
        let room: SQLFragment = "m.room = \(query.key.room)"
        return self.around(anchor, query, room)
    }

    /// The same of a thread; then, in statements of their own so that each has its index, the message that it begins with, if
    /// that stands before the anchor, and if it does not.
    private static func thread(_ root: Int64, _ query: HistoryQuery, _ anchor: SQLFragment) -> [SQLStatement] {
        let replies: SQLFragment = "m.room = \(query.key.room) AND m.thread = \(root)"
        let itself: SQLFragment = "m.room = \(query.key.room) AND m.sequence = \(root)"
        return self.around(anchor, query, replies) + self.around(anchor, query, itself)
    }

    private static func around(_ anchor: SQLFragment, _ query: HistoryQuery, _ rows: SQLFragment) -> [SQLStatement] {
        let columns = ChatTables.message.list("m")
        let seen = self.isSeen(query.window)
        let earlier: SQLFragment = """
            SELECT \(raw: columns) FROM chat_message m WHERE \(rows) AND m.sequence < \(anchor) AND \(seen) \
            ORDER BY m.sequence DESC LIMIT \(query.before + 1)
            """
        let later: SQLFragment = """
            SELECT \(raw: columns) FROM chat_message m WHERE \(rows) AND m.sequence >= \(anchor) AND \(seen) \
            ORDER BY m.sequence LIMIT \(query.after + 2)
            """
        return [earlier.statement, later.statement]
    }

    /// What a reader is shown of: messages that were not emptied, within the window.
    static func isSeen(_ window: ReadingWindow) -> SQLFragment {
        """
        (m.deletion IS NULL OR m.deletion <> 'hard') AND m.sequence <= \(window.lastSequence) \
        AND m.revision <= \(window.lastRevision)
        """
    }

    // MARK: The anchor

    private static func anchor(_ query: HistoryQuery) -> SQLFragment {
        switch query.anchor {
        case .sequence(let sequence):
            return "\(sequence)"
        case .newest:
            return "COALESCE(\(self.outermost(query, "DESC")), 0)"
        case .oldest:
            return "COALESCE(\(self.outermost(query, "ASC")), 0)"
        case .firstUnread:
            let read: SQLFragment = """
                m.sequence > COALESCE((SELECT last_read FROM chat_member \
                WHERE room = \(query.key.room) AND person = \(query.key.user)), 0)
                """
            let first = self.place(query, read, "m.sequence")
            return "COALESCE(\(first), \(self.outermost(query, "DESC")), 0)"
        case .date(let time):
            let first = self.place(query, "m.sent_at >= \(time)", "m.sent_at, m.sequence")
            return "COALESCE(\(first), \(self.outermost(query, "DESC")), 0)"
        }
    }

    private static func outermost(_ query: HistoryQuery, _ direction: String) -> SQLFragment {
        self.place(query, "1 = 1", "m.sequence \(direction)")
    }

    /// The sequence of the first message in that order.
    private static func place(_ query: HistoryQuery, _ condition: SQLFragment, _ order: String) -> SQLFragment {
        let thread: SQLFragment = query.thread.map { "(m.thread = \($0) OR m.sequence = \($0))" } ?? "1 = 1"
        return """
            (SELECT m.sequence FROM chat_message m WHERE m.room = \(query.key.room) AND \(condition) AND \(thread) \
            AND \(self.isSeen(query.window)) ORDER BY \(raw: order) LIMIT 1)
            """
    }
}
