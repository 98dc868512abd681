// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiChat

extension SQLChatStore {
    public func search(_ query: SearchQuery) async throws -> [Message] {
        let search: SQLFragment = """
            SELECT \(raw: ChatTables.message.list("m")) FROM chat_message m \
            JOIN chat_member b ON b.room = m.room AND b.person = \(query.reader) AND b.standing = 'joined' \
            WHERE \(SQLFragment.all(self.conditions(query))) \
            ORDER BY m.sent_at DESC, m.room DESC, m.sequence DESC LIMIT \(query.limit)
            """
        return try await self.database.read(search.statement).map(Message.init(_:))
    }

    private func conditions(_ query: SearchQuery) -> [SQLFragment] {
        var conditions: [SQLFragment] = ["m.deletion IS NULL"]
        if !query.words.isEmpty { conditions.append(self.database.dialect.hasWords(query.words)) }
        if let user = query.from { conditions.append("m.person = \(user)") }
        if let room = query.room { conditions.append("m.room = \(room)") }
        if let time = query.before { conditions.append("m.sent_at < \(time)") }
        if let time = query.after { conditions.append("m.sent_at >= \(time)") }
        if let cursor = query.cursor {
            let message = cursor.message
            conditions.append(
                """
                (m.sent_at, m.room, m.sequence) < \
                (\(cursor.timestamp), \(message.room), \(message.sequence))
                """)
        }
        let features = query.features.reduce(0) { $0 | $1.bit }
        if features != 0 { conditions.append("(m.features & \(features)) = \(features)") }
        return conditions
    }
}
