// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension SQLMigration {
    /// Rooms, members, messages and what belongs to them.
    ///
    /// - `id` of a message is its own number in this database, for the full-text index; nothing outside knows it.
    /// - A page of history reads `chat_message_place`, unread counts read `chat_message_unread`, which hold all that they need.
    /// - The partial indices of what a person did are for the erasure of that person; other rows cost them nothing.
    static let chat = SQLMigration(
        1, "chat",
        Self.rooms + Self.messages + Self.messageIndices + Self.messageParts + Self.events + Self.search)

    private static let rooms: [Statement] = [
        """
        CREATE TABLE chat_room (
            id KEY_TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, name TEXT, about TEXT,
            pair_first KEY_TEXT, pair_second KEY_TEXT, created_at BIGINT NOT NULL, created_by KEY_TEXT NOT NULL,
            sequence BIGINT NOT NULL, revision BIGINT NOT NULL,
            first_sequence BIGINT NOT NULL, first_revision BIGINT NOT NULL,
            members BIGINT NOT NULL, owners BIGINT NOT NULL, pins BIGINT NOT NULL, reports BIGINT NOT NULL)
        """,
        "CREATE UNIQUE INDEX chat_room_pair ON chat_room (pair_first, pair_second)",
        "CREATE INDEX chat_room_kind ON chat_room (kind, id)",
        "CREATE INDEX chat_room_creator ON chat_room (created_by)",
        """
        CREATE TABLE chat_member (
            room KEY_TEXT NOT NULL, person KEY_TEXT NOT NULL, name TEXT, role TEXT NOT NULL, standing TEXT NOT NULL,
            since BIGINT NOT NULL, last_sequence BIGINT NOT NULL, last_revision BIGINT NOT NULL,
            muted_until BIGINT, banned_until BIGINT, last_read BIGINT NOT NULL, read_at BIGINT,
            last_delivered BIGINT NOT NULL, PRIMARY KEY (room, person))
        """,
        "CREATE INDEX chat_member_person ON chat_member (person, room, standing)",
        """
        CREATE TABLE chat_invite (
            token KEY_TEXT NOT NULL PRIMARY KEY, room KEY_TEXT NOT NULL, created_by KEY_TEXT NOT NULL,
            created_at BIGINT NOT NULL, expires_at BIGINT, uses_left BIGINT, is_revoked BIGINT NOT NULL)
        """,
        "CREATE INDEX chat_invite_room ON chat_invite (room, created_at)",
        "CREATE INDEX chat_invite_creator ON chat_invite (created_by)",
    ]

    private static let messages: [Statement] = [
        """
        CREATE TABLE chat_message (
            id AUTO_NUMBER, room KEY_TEXT NOT NULL, sequence BIGINT NOT NULL, revision BIGINT NOT NULL,
            person KEY_TEXT NOT NULL, person_name TEXT, content TEXT NOT NULL, sent_at BIGINT NOT NULL,
            kind TEXT NOT NULL, client_id KEY_TEXT, edited_at BIGINT, edits BIGINT NOT NULL,
            deleted_at BIGINT, deleted_by KEY_TEXT, deletion TEXT,
            quote_sequence BIGINT, quote_person KEY_TEXT, quote_content TEXT, thread BIGINT, replies BIGINT NOT NULL,
            mentions TEXT, reactions TEXT, attachments TEXT, pinned_at BIGINT, pinned_by KEY_TEXT,
            features BIGINT NOT NULL, words TEXT NOT NULL)
        """,
        "CREATE UNIQUE INDEX chat_message_place ON chat_message (room, sequence)",
        "CREATE UNIQUE INDEX chat_message_client ON chat_message (room, person, client_id)",
    ]

    private static let messageIndices: [Statement] = [
        """
        CREATE INDEX chat_message_unread ON chat_message (room, sequence, person)
        WHERE kind <> 'system' AND deletion IS NULL
        """,
        "CREATE INDEX chat_message_room_time ON chat_message (room, sent_at, sequence)",
        "CREATE INDEX chat_message_time ON chat_message (sent_at, room, sequence)",
        "CREATE INDEX chat_message_person ON chat_message (person, sent_at, room, sequence)",
        "CREATE INDEX chat_message_thread ON chat_message (room, thread, sequence) WHERE thread IS NOT NULL",
        "CREATE INDEX chat_message_pin ON chat_message (room, pinned_at, sequence) WHERE pinned_at IS NOT NULL",
        "CREATE INDEX chat_message_quote ON chat_message (room, quote_sequence) WHERE quote_sequence IS NOT NULL",
        "CREATE INDEX chat_message_quoted ON chat_message (quote_person) WHERE quote_person IS NOT NULL",
        "CREATE INDEX chat_message_deleter ON chat_message (deleted_by) WHERE deleted_by IS NOT NULL",
        "CREATE INDEX chat_message_pinner ON chat_message (pinned_by) WHERE pinned_by IS NOT NULL",
    ]

    private static let messageParts: [Statement] = [
        """
        CREATE TABLE chat_mention (
            room KEY_TEXT NOT NULL, sequence BIGINT NOT NULL, person KEY_TEXT NOT NULL,
            PRIMARY KEY (room, sequence, person))
        """,
        "CREATE INDEX chat_mention_person ON chat_mention (person, room, sequence)",
        """
        CREATE TABLE chat_reaction (
            room KEY_TEXT NOT NULL, sequence BIGINT NOT NULL, emoji KEY_TEXT NOT NULL, person KEY_TEXT NOT NULL,
            PRIMARY KEY (room, sequence, emoji, person))
        """,
        "CREATE INDEX chat_reaction_person ON chat_reaction (person, room, sequence)",
        """
        CREATE TABLE chat_edit (
            room KEY_TEXT NOT NULL, sequence BIGINT NOT NULL, number BIGINT NOT NULL, content TEXT NOT NULL,
            written_at BIGINT NOT NULL, replaced_by KEY_TEXT NOT NULL, PRIMARY KEY (room, sequence, number))
        """,
        "CREATE INDEX chat_edit_person ON chat_edit (replaced_by)",
        """
        CREATE TABLE chat_report (
            room KEY_TEXT NOT NULL, number BIGINT NOT NULL, sequence BIGINT NOT NULL, reporter KEY_TEXT NOT NULL,
            reason TEXT NOT NULL, reported_at BIGINT NOT NULL, PRIMARY KEY (room, number))
        """,
        "CREATE INDEX chat_report_message ON chat_report (room, sequence)",
        "CREATE INDEX chat_report_reporter ON chat_report (reporter)",
    ]

    private static let events: [Statement] = [
        """
        CREATE TABLE chat_event (
            room KEY_TEXT NOT NULL, revision BIGINT NOT NULL, happened_at BIGINT NOT NULL, actor KEY_TEXT NOT NULL,
            name TEXT NOT NULL, sequence BIGINT, subject KEY_TEXT, detail TEXT, PRIMARY KEY (room, revision))
        """,
        "CREATE INDEX chat_event_time ON chat_event (happened_at, room, revision)",
        "CREATE INDEX chat_event_actor ON chat_event (actor)",
        "CREATE INDEX chat_event_subject ON chat_event (subject) WHERE subject IS NOT NULL",
    ]

    /// The index is of the words that the column holds, as `SearchWords` has taken them apart: between spaces, in lower case.
    /// SQLite's follows the table by triggers.
    private static let search: [Statement] = [
        .only(
            .sqlite,
            """
            CREATE VIRTUAL TABLE chat_search
            USING fts5 (words, content = 'chat_message', content_rowid = 'id', tokenize = 'ascii')
            """),
        .only(
            .sqlite,
            """
            CREATE TRIGGER chat_search_insert AFTER INSERT ON chat_message WHEN new.words <> '' BEGIN
                INSERT INTO chat_search (rowid, words) VALUES (new.id, new.words);
            END
            """),
        .only(
            .sqlite,
            """
            CREATE TRIGGER chat_search_delete AFTER DELETE ON chat_message WHEN old.words <> '' BEGIN
                INSERT INTO chat_search (chat_search, rowid, words) VALUES ('delete', old.id, old.words);
            END
            """),
        .only(
            .sqlite,
            """
            CREATE TRIGGER chat_search_update AFTER UPDATE OF words ON chat_message WHEN old.words <> new.words BEGIN
                INSERT INTO chat_search (chat_search, rowid, words)
                    SELECT 'delete', old.id, old.words WHERE old.words <> '';
                INSERT INTO chat_search (rowid, words) SELECT new.id, new.words WHERE new.words <> '';
            END
            """),
        .only(
            .postgres,
            "CREATE INDEX chat_message_words ON chat_message USING gin (to_tsvector('simple', words)) WHERE words <> ''"
        ),
    ]
}
