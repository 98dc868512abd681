// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiChat

extension SQLChatStore: ChatAttachmentIndex {
    public func messages(carrying attachment: String, for reader: UserID?, limit: Int) async throws -> [MessageID] {
        let messages: SQLFragment = """
            SELECT m.room, m.sequence FROM chat_attachment a \
            JOIN chat_message m ON m.room = a.room AND m.sequence = a.sequence AND m.deletion IS NULL \
            LEFT JOIN chat_member b ON b.room = m.room AND b.person = \(reader?.rawValue ?? "") \
            WHERE a.file = \(attachment) \
            ORDER BY CASE WHEN b.person IS NULL THEN 1 ELSE 0 END, m.sent_at, m.room, m.sequence LIMIT \(limit)
            """
        return try await self.database.read(messages.statement).map { row in
            var reader = row.reader
            return MessageID(try reader.next(), try reader.next())
        }
    }
}
