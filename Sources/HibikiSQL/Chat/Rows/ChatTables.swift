// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The tables of the chat, with their columns in the order in which rows are written and read.
enum ChatTables {
    static let room = SQLTable(
        "chat_room", key: ["id"],
        [
            "kind", "name", "about", "pair_first", "pair_second", "created_at", "created_by", "sequence", "revision",
            "first_sequence", "first_revision", "members", "owners", "pins", "reports",
        ])
    static let member = SQLTable(
        "chat_member", key: ["room", "person"],
        [
            "name", "role", "standing", "since", "last_sequence", "last_revision", "muted_until", "banned_until",
            "last_read", "read_at", "last_delivered",
        ])
    static let message = SQLTable(
        "chat_message", key: ["room", "sequence"],
        [
            "revision", "person", "person_name", "content", "sent_at", "kind", "client_id", "edited_at", "edits",
            "deleted_at", "deleted_by", "deletion", "quote_sequence", "quote_person", "quote_content", "thread",
            "replies", "mentions", "reactions", "attachments", "pinned_at", "pinned_by",
        ],
        derived: ["features", "words"])
    static let mention = SQLTable("chat_mention", key: ["room", "sequence", "person"])
    static let attachment = SQLTable("chat_attachment", key: ["room", "sequence", "file"])
    static let reaction = SQLTable("chat_reaction", key: ["room", "sequence", "emoji", "person"])
    static let edit = SQLTable(
        "chat_edit", key: ["room", "sequence", "number"], ["content", "written_at", "replaced_by"])
    static let invite = SQLTable(
        "chat_invite", key: ["token"],
        ["room", "created_by", "created_at", "expires_at", "uses_left", "is_revoked"])
    static let report = SQLTable(
        "chat_report", key: ["room", "number"],
        ["sequence", "reporter", "reason", "reported_at", "outcome", "settled_by", "settled_at", "note"])
    static let contact = SQLTable("chat_contact", key: ["person", "contact"], ["added_at"])
    static let erasure = SQLTable("chat_erasure", key: ["person"], ["pseudonym", "began_at"])
    static let event = SQLTable(
        "chat_event", key: ["room", "revision"], ["happened_at", "actor", "name", "sequence", "subject", "detail"])
}
