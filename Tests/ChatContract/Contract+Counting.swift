// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiWire
import NIOCore
import Testing

extension ChatStoreContract {
    static let counting = [
        Clause("moves markers forward only") { chat in
            try await chat.room("alice", "bob")
            for number in 1...5 { try await chat.say("alice", "\(number)") }
            for (sequence, expected) in [(3, 3), (2, 3), (3, 3), (5, 5), (1, 5)] as [(Int64, Int64)] {
                let answer = try await chat("bob", .markRead(MessageID("room", sequence)))
                guard case .marked(let membership) = answer else { return }
                #expect(membership.lastRead == expected)
                #expect(membership.lastDelivered == expected)
            }
            #expect(try await chat.refusal("bob", .markRead(MessageID("room", 6))) == .notFound)
            guard case .marked(let alice) = try await chat("alice", .markDelivered(MessageID("room", 4))) else {
                return
            }
            #expect(alice.lastRead == 0)
            #expect(alice.lastDelivered == 4)
            let receipts = try await chat.events("alice").rows.map(\.event).filter { $0.name == .readReceipt }
            #expect(receipts.map(\.sequence) == [3, 5])
        },
        Clause("counts what others have written and somebody has not read, and mentions in it") { chat in
            try await chat.room("alice", "bob", "carol")
            for number in 1...6 { try await chat.say("alice", "\(number)") }
            try await chat.say("bob", "own")
            try await chat.say("alice", "you") { $0.mentions = [.person("bob")] }
            try await chat.say("alice", "all") { $0.mentions = [.everybody] }
            try await chat.say("alice", "both") { $0.mentions = [.person("bob"), .everybody] }
            try await chat(.operations, .send(SendMessage(room: "room", content: "!", kind: .system)))
            try await chat("alice", .delete(MessageID("room", 6), .soft))
            try await chat("bob", .markRead(MessageID("room", 2)))
            let bob = try await chat.summary("bob")
            #expect(bob?.unread == 6)
            #expect(bob?.unreadMentions == 3)
            #expect(bob?.last?.content == "!")
            let carol = try await chat.summary("carol")
            #expect(carol?.unread == 9)
            #expect(carol?.unreadMentions == 2)
            let alice = try await chat.summary("alice")
            #expect(alice?.unread == 1)
            #expect(alice?.unreadMentions == 0)
            try await chat("alice", .delete(MessageID("room", 8), .hard))
            let counts = try await chat.store.unread(
                of: [MemberKey("room", "bob"), MemberKey("room", "nobody")], counting: 1_000)
            #expect(counts == [UnreadCount(key: MemberKey("room", "bob"), lastRead: 2, unread: 5, unreadMentions: 2)])
            let few = try await chat.store.unread(of: [MemberKey("room", "bob")], counting: 2)
            #expect(few == [UnreadCount(key: MemberKey("room", "bob"), lastRead: 2, unread: 1, unreadMentions: 1)])
        },
        Clause("has nothing unread for whoever has just come") { chat in
            try await chat.room("alice", kind: .public)
            for number in 1...3 { try await chat.say("alice", "\(number)") }
            try await chat("bob", .joinRoom("room", invite: nil, since: nil))
            #expect(try await chat.summary("bob")?.unread == 0)
            try await chat.say("alice", "4")
            #expect(try await chat.summary("bob")?.unread == 1)
        },
    ]
}
