// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiChat

extension SQLChatStore {
    public func contacts(of user: UserID, after: UserID?, limit: Int) async throws -> [Contact] {
        let contacts: SQLFragment = """
            SELECT \(raw: ChatTables.contact.list()) FROM chat_contact \
            WHERE person = \(user) AND contact > \(after?.rawValue ?? "") ORDER BY contact LIMIT \(limit)
            """
        return try await self.database.read(contacts.statement).map(Contact.init(_:))
    }

    public func listing(_ user: UserID, among people: [UserID]) async throws -> Set<UserID> {
        let statements = SQLStatement.lookUp(
            "SELECT person FROM chat_contact WHERE contact = $1 AND (person) IN ($KEYS)", [.name(user)],
            keys: people.map { [.name($0)] })
        return try await self.database.read(statements).joined().reduce(into: []) { people, row in
            var reader = row.reader
            people.insert(try reader.next())
        }
    }

    public func moderators(of room: RoomID, limit: Int) async throws -> [UserID] {
        let moderators: SQLFragment = """
            SELECT person FROM chat_member WHERE room = \(room) AND standing = 'joined' \
            AND role IN ('moderator', 'owner') ORDER BY person LIMIT \(limit)
            """
        return try await self.database.read(moderators.statement).map { row in
            var reader = row.reader
            return try reader.next()
        }
    }
}
