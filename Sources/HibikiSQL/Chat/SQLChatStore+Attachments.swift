// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiChat

extension SQLChatStore: ChatAttachmentIndex {
    public func messages(carrying attachment: String, limit: Int) async throws -> [MessageID] {
        let carriers: SQLFragment = """
            SELECT a.room, a.sequence FROM chat_attachment a \
            JOIN chat_message m ON m.room = a.room AND m.sequence = a.sequence \
            WHERE a.attachment = \(attachment) AND m.deletion IS NULL \
            ORDER BY m.sent_at, a.room, a.sequence LIMIT \(limit)
            """
        return try await self.database.read(carriers.statement).map { row in
            var reader = row.reader
            return MessageID(try reader.next(), try reader.next())
        }
    }
}

extension Message {
    /// The rows by which its files are found, each of them once.
    var attachmentRows: [[SQLValue]] {
        var known: Set<[UInt8]> = []
        return self.attachments.filter { known.insert(Array($0.id.utf8)).inserted }
            .map { self.id.key + [.text($0.id)] }
    }
}
