// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiWire
import NIOCore
import Testing

extension ChatStoreContract {
    static let reporting = [
        Clause("settles a report once, and keeps who did it, when and how") { chat in
            try await chat.room("alice", "bob", "carol")
            try await chat("alice", .setRole("room", "carol", .moderator))
            let id = try await chat.say("bob", "x").id
            for reason in ["spam", "rude"] { try await chat("bob", .report(id, reason: reason)) }
            let second = ReportKey("room", 2)
            let time = chat.now
            let answer = try await chat("carol", .settleReport(second, .acted, note: "spoke to bob"))
            let settlement = Report.Settlement(by: "carol", timestamp: time, outcome: .acted, note: "spoke to bob")
            guard case .report(let report) = answer else { return }
            #expect(report.settlement == settlement)
            #expect(try await chat("alice", .settleReport(second, .acted, note: "again")) == answer)
            #expect(try await chat.refusal("alice", .settleReport(second, .dismissed, note: "")) == .conflict)
            #expect(try await chat.refusal("alice", .settleReport(ReportKey("room", 3), .acted, note: "")) == .notFound)
            #expect(try await Self.numbers(chat, nil) == [1, 2])
            #expect(try await Self.numbers(chat, .open) == [1])
            #expect(try await Self.numbers(chat, .settled) == [2])
            guard
                case .reports(let settled, _) = try await chat("alice", .reports("room", .settled, after: 0, limit: 1))
            else { return }
            #expect(settled == [report])
            try await chat("alice", .settleReport(ReportKey("room", 1), .dismissed, note: ""))
            #expect(try await Self.numbers(chat, .open) == [])
        },
        Clause("finds those who keep order in a room, and nobody who has left it") { chat in
            try await chat.room("alice", "bob", "carol", "dave")
            for person: UserID in ["carol", "bob"] { try await chat("alice", .setRole("room", person, .moderator)) }
            #expect(try await chat.store.moderators(of: "room", limit: 10) == ["alice", "bob", "carol"])
            #expect(try await chat.store.moderators(of: "room", limit: 2) == ["alice", "bob"])
            try await chat("bob", .leaveRoom("room"))
            #expect(try await chat.store.moderators(of: "room", limit: 10) == ["alice", "carol"])
            #expect(try await chat.store.moderators(of: "nowhere", limit: 10) == [])
        },
        Clause("keeps contact lists by user id, as long as they may be") { chat in
            try await chat("alice", .addContact("carol"))
            try await chat("alice", .addContact("bob"))
            try await chat("alice", .addContact("bob"))
            try await chat("dave", .addContact("bob"))
            #expect(try await Self.contacts(of: "alice", chat) == ["bob", "carol"])
            #expect(try await chat.store.listing("bob", among: ["alice", "carol", "dave"]) == ["alice", "dave"])
            #expect(try await chat.store.listing("alice", among: ["bob"]) == [])
            guard case .contacts(let first, true) = try await chat("alice", .contacts(after: nil, limit: 1)),
                case .contacts(let second, false) = try await chat("alice", .contacts(after: "bob", limit: 1))
            else {
                Issue.record("two contacts are not two pages of one")
                return
            }
            #expect((first + second).map(\.key.contact) == ["bob", "carol"])
            try await chat("alice", .removeContact("bob"))
            try await chat("alice", .removeContact("bob"))
            #expect(try await Self.contacts(of: "alice", chat) == ["carol"])
            #expect(try await chat.refusal("alice", .addContact("alice")) == .invalidMessage)
            for number in 1..<chat.service.configuration.limits.contacts {
                try await chat("alice", .addContact(UserID(checked: "u\(number)")))
            }
            #expect(try await chat.refusal("alice", .addContact("one more")) == .limitExceeded)
            try await chat("alice", .removeContact("u1"))
            #expect(try await chat.refusal("alice", .addContact("one more")) == nil)
        },
    ]

    private static func numbers(_ chat: ChatHarness, _ state: Report.State?) async throws -> [Int64] {
        guard case .reports(let reports, _) = try await chat("alice", .reports("room", state, after: 0, limit: nil))
        else { return [] }
        return reports.map(\.number)
    }

    private static func contacts(of person: ChatPerson, _ chat: ChatHarness) async throws -> [UserID] {
        guard case .contacts(let contacts, _) = try await chat(person, .contacts(after: nil, limit: nil)) else {
            return []
        }
        return contacts.map(\.key.contact)
    }
}
