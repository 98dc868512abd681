// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat

/// A column where the name of a person stands who is being erased, and nothing else of that one has to be looked at.
struct ErasedName {
    /// How a column of the key is read again.
    enum Kind {
        case text, number

        func read(_ reader: inout SQLReader) throws -> SQLValue {
            switch self {
            case .text: .text(try reader.next())
            case .number: .integer(try reader.next())
            }
        }
    }

    private let table: SQLTable
    private let column: String
    let kinds: [Kind]
    /// What is set; `$1` is the pseudonym. `nil` where the row goes.
    private let change: String?

    private init(_ table: SQLTable, _ column: String, _ kinds: [Kind], _ change: String?) {
        self.table = table
        self.column = column
        self.kinds = kinds
        self.change = change
    }

    /// A join is told with the role and then the name of whoever has joined.
    private static let subject = """
        subject = $1, detail = CASE WHEN name = 'userJoined' AND detail LIKE 'owner %' THEN 'owner' \
        WHEN name = 'userJoined' AND detail LIKE 'moderator %' THEN 'moderator' \
        WHEN name = 'userJoined' AND detail LIKE 'member %' THEN 'member' \
        WHEN name = 'userJoined' AND detail LIKE 'reader %' THEN 'reader' ELSE detail END
        """
    private static let actor = """
        actor = $1, name = CASE WHEN name = 'reaction' THEN 'messageEdited' ELSE name END, \
        detail = CASE WHEN name = 'reaction' THEN NULL ELSE detail END
        """

    static let all = [
        ErasedName(ChatTables.message, "quote_person", [.text, .number], "quote_person = $1, quote_content = NULL"),
        ErasedName(ChatTables.message, "deleted_by", [.text, .number], "deleted_by = $1"),
        ErasedName(ChatTables.message, "pinned_by", [.text, .number], "pinned_by = $1"),
        ErasedName(ChatTables.event, "actor", [.text, .number], Self.actor),
        ErasedName(ChatTables.event, "subject", [.text, .number], Self.subject),
        ErasedName(ChatTables.edit, "replaced_by", [.text, .number, .number], "replaced_by = $1"),
        ErasedName(ChatTables.report, "reporter", [.text, .number], "reporter = $1, reason = ''"),
        ErasedName(ChatTables.report, "settled_by", [.text, .number], "settled_by = $1, note = ''"),
        ErasedName(ChatTables.invite, "created_by", [.text], "created_by = $1"),
        ErasedName(ChatTables.room, "created_by", [.text], "created_by = $1"),
        ErasedName(ChatTables.contact, "contact", [.text, .text], nil),
    ]

    /// The keys of some of the rows, and the room that each belongs to.
    func rows(of person: UserID, limit: Int) -> SQLStatement {
        let keys = self.table.key.joined(separator: ", ")
        let rows: SQLFragment = """
            SELECT \(raw: keys) FROM \(raw: self.table.name) WHERE \(raw: self.column) = \(person) LIMIT \(limit)
            """
        return rows.statement
    }

    /// Locks the rooms of these rows, so that nobody writes a row back that was read before. Events and edits are never written
    /// again, and of an invite and a contact the room is not in the key.
    func lock(_ keys: [[SQLValue]], _ dialect: SQLDialect) -> [SQLStatement] {
        switch self.table.name {
        case ChatTables.message.name, ChatTables.report.name, ChatTables.room.name:
            let rooms = Set(keys.compactMap(\.first))
            return SQLStatement.lookUp(
                "SELECT id FROM chat_room WHERE (id) IN ($KEYS) ORDER BY id\(dialect.rowLock)", keys: rooms.map { [$0] }
            )
        default: return []
        }
    }

    func statements(_ erasure: Erasure, _ keys: [[SQLValue]]) -> [SQLStatement] {
        guard let change = self.change else { return self.table.delete(keys) }
        let key = self.table.key.joined(separator: ", ")
        return SQLStatement.lookUp(
            "UPDATE \(self.table.name) SET \(change) WHERE \(self.column) = $2 AND (\(key)) IN ($KEYS)",
            [.name(erasure.pseudonym), .name(erasure.user)], keys: keys)
    }
}
