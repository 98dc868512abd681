// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat

/// The statements that load what a batch of commands needs, and the facts that their rows come to.
struct ChatLoading: Sendable {
    private enum Part {
        case rooms, pairs, members, messages, reactions, invites, reports, contacts, contactCounts
    }

    private(set) var statements: [SQLStatement] = []
    private var parts: [Part] = []

    /// Rooms come first and are locked, in the order of their ids: what belongs to a room is written by whoever has its lock.
    init(_ needs: ChatNeeds, _ dialect: SQLDialect) {
        let lock = " ORDER BY id" + dialect.rowLock
        let room = ChatTables.room
        self.add(.rooms, room.select(needs.rooms.sorted().map { [.name($0)] }, ending: lock))
        let pairs = SQLStatement.lookUp(
            "SELECT \(room.list()) FROM \(room.name) WHERE (pair_first, pair_second) IN ($KEYS)\(lock)",
            keys: needs.pairs.map(\.key))
        self.add(.pairs, pairs)
        let pairMembers = SQLStatement.lookUp(
            """
            SELECT \(ChatTables.member.list("b")) FROM chat_room r JOIN chat_member b ON b.room = r.id \
            WHERE (r.pair_first, r.pair_second) IN ($KEYS)
            """,
            keys: needs.pairs.map(\.key))
        self.add(.members, pairMembers)
        self.add(.members, ChatTables.member.select(needs.members.map(\.key)))
        let message = ChatTables.message
        self.add(.messages, message.select(needs.messages.map(\.key)))
        let sent = SQLStatement.lookUp(
            "SELECT \(message.list()) FROM \(message.name) WHERE (room, person, client_id) IN ($KEYS)",
            keys: needs.clientKeys.map(\.key))
        self.add(.messages, sent)
        self.add(.reactions, ChatTables.reaction.select(needs.reactions.map(\.row)))
        self.add(.invites, ChatTables.invite.select(needs.invites.map { [.name($0)] }))
        self.add(.reports, ChatTables.report.select(needs.reports.map(\.key)))
        self.add(.contacts, ChatTables.contact.select(needs.contacts.map(\.key)))
        let counts = SQLStatement.lookUp(
            "SELECT person, count(*) AS contacts FROM chat_contact WHERE (person) IN ($KEYS) GROUP BY person",
            keys: Set(needs.contacts.map(\.person)).map { [.name($0)] })
        self.add(.contactCounts, counts)
    }

    private mutating func add(_ part: Part, _ statements: [SQLStatement]) {
        self.statements += statements
        self.parts += statements.map { _ in part }
    }

    func facts(_ results: [SQLRows]) throws -> ChatFacts {
        var facts = ChatFacts()
        for (part, rows) in zip(self.parts, results) {
            for row in rows { try Self.take(row, part, into: &facts) }
        }
        return facts
    }

    private static func take(_ row: SQLRow, _ part: Part, into facts: inout ChatFacts) throws {
        var reader = row.reader
        switch part {
        case .rooms, .pairs:
            let room = try Room(&reader)
            facts.rooms[room.id] = room
            if let pair = room.pair { facts.pairs[pair] = room.id }
        case .members:
            let member = try Membership(&reader)
            facts.members[member.key] = member
        case .messages:
            let message = try Message(&reader)
            facts.messages[message.id] = message
            guard let id = message.clientID else { return }
            facts.clientKeys[ClientKey(room: message.room, user: message.user, id: id)] = message.id
        case .reactions:
            facts.reactions.insert(try Reaction(&reader))
        case .reports:
            let report = try Report(&reader)
            facts.reports[report.key] = report
        case .contacts:
            let contact = try Contact(&reader)
            facts.contacts[contact.key] = contact
        case .contactCounts:
            let person: UserID = try reader.next()
            facts.contactCounts[person] = try reader.next()
        case .invites:
            let invite = try Invite(&reader)
            facts.invites[invite.token] = invite
        }
    }
}
