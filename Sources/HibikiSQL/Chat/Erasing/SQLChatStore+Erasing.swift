// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiChat
import HibikiMessaging

extension SQLChatStore {
    public func begin(_ erasure: Erasure) async throws -> Erasure {
        let known = ChatTables.erasure.select([[.name(erasure.user)]])
        return try await self.transaction(load: known) { results in
            if let row = results[0].first { return ([], try Erasure(row)) }
            return (ChatTables.erasure.insert([erasure.row]), erasure)
        }
    }

    public func erasures(limit: Int) async throws -> [Erasure] {
        let erasures: SQLFragment = """
            SELECT \(raw: ChatTables.erasure.list()) FROM chat_erasure WHERE person > '' ORDER BY person LIMIT \(limit)
            """
        return try await self.database.read(erasures.statement).map(Erasure.init(_:))
    }

    public func erase(_ erasure: Erasure, _ step: ErasureStep, limit: Int) async throws -> ErasedPortion {
        switch step {
        case .rooms(let after): try await self.eraseInRoom(erasure, after: after, limit: limit)
        case .names: try await self.eraseNames(erasure, limit: limit)
        }
    }

    // MARK: Rooms

    private func eraseInRoom(_ erasure: Erasure, after: RoomID?, limit: Int) async throws -> ErasedPortion {
        let place = try await self.database.read(Self.places(of: erasure.user, after: after)).first.map { row in
            var reader = row.reader
            let joined: RoomID? = try reader.next()
            let other: RoomID? = try reader.next()
            return (joined: joined, room: joined ?? other)
        }
        guard let room = place?.room else { return ErasedPortion(next: .names) }
        let next = ErasureStep.rooms(after: place?.joined ?? after)
        let load = ErasureFacts.statements(erasure.user, in: room, limit: limit, self.database.dialect)
        return try await self.transaction(load: load) { results in
            let facts = try ErasureFacts(results)
            let (erased, statements) = facts.decide(erasure)
            return (statements, ErasedPortion(room: erased, next: next))
        }
    }

    /// The next room where the person has a membership; and one where something else is left.
    private static func places(of person: UserID, after: RoomID?) -> SQLStatement {
        let places: SQLFragment = """
            SELECT (SELECT room FROM chat_member WHERE person = \(person) AND room > \(after?.rawValue ?? "") \
            ORDER BY room LIMIT 1) AS joined, \
            COALESCE((SELECT room FROM chat_message WHERE person = \(person) LIMIT 1), \
            (SELECT room FROM chat_reaction WHERE person = \(person) LIMIT 1), \
            (SELECT room FROM chat_mention WHERE person = \(person) LIMIT 1)) AS other
            """
        return places.statement
    }

    // MARK: Names

    private func eraseNames(_ erasure: Erasure, limit: Int) async throws -> ErasedPortion {
        let places = ErasedName.all
        let found = try await self.database.read(places.map { $0.rows(of: erasure.user, limit: limit) })
        guard let (place, rows) = zip(places, found).first(where: { !$1.isEmpty }) else {
            let contacts: SQLFragment = "DELETE FROM chat_contact WHERE person = \(erasure.user)"
            let over = ChatTables.erasure.delete([[.name(erasure.user)]])
            return try await self.transaction(load: []) { _ in ([contacts.statement] + over, ErasedPortion(next: nil)) }
        }
        let keys = try rows.map { row in
            var reader = row.reader
            return try place.kinds.map { try $0.read(&reader) }
        }
        let load = place.lock(keys, self.database.dialect)
        return try await self.transaction(load: load) { _ in
            (place.statements(erasure, keys), ErasedPortion(next: .names))
        }
    }
}

extension Erasure: SQLRowReadable {
    fileprivate var row: [SQLValue] { [.name(self.user), .name(self.pseudonym), .time(self.at)] }

    init(_ reader: inout SQLReader) throws {
        self.init(user: try reader.next(), pseudonym: try reader.next(), at: try reader.next())
    }
}
