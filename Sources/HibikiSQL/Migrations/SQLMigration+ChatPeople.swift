// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension SQLMigration {
    /// Reports that are settled, contact lists, and erasures that go on after a stop.
    ///
    /// - `chat_report_open` and `chat_member_keeper` hold what they list and nothing else.
    /// - `chat_event_reaction` finds what a message that is hard-deleted has to lose.
    static let chatPeople = SQLMigration(
        2, "chat people",
        [
            "ALTER TABLE chat_report ADD COLUMN outcome TEXT",
            "ALTER TABLE chat_report ADD COLUMN settled_by KEY_TEXT",
            "ALTER TABLE chat_report ADD COLUMN settled_at BIGINT",
            "ALTER TABLE chat_report ADD COLUMN note TEXT",
            "CREATE INDEX chat_report_open ON chat_report (room, number) WHERE settled_at IS NULL",
            "CREATE INDEX chat_report_settled ON chat_report (room, number) WHERE settled_at IS NOT NULL",
            "CREATE INDEX chat_report_settler ON chat_report (settled_by) WHERE settled_by IS NOT NULL",
            """
            CREATE INDEX chat_member_keeper ON chat_member (room, person)
            WHERE standing = 'joined' AND role IN ('moderator', 'owner')
            """,
            """
            CREATE TABLE chat_contact (
                person KEY_TEXT NOT NULL, contact KEY_TEXT NOT NULL, added_at BIGINT NOT NULL,
                PRIMARY KEY (person, contact))
            """,
            "CREATE INDEX chat_contact_listed ON chat_contact (contact, person)",
            "CREATE INDEX chat_event_reaction ON chat_event (room, sequence) WHERE name = 'reaction'",
            """
            CREATE TABLE chat_erasure (
                person KEY_TEXT NOT NULL PRIMARY KEY, pseudonym KEY_TEXT NOT NULL, began_at BIGINT NOT NULL)
            """,
        ])
}
