// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiWire
import NIOCore
import Testing

extension ChatStoreContract {
    static let changing = [
        Clause("keeps the earlier wordings of a message") { chat in
            try await chat.room("alice", "bob")
            let id = try await chat.say("alice", "one").id
            try await chat("alice", .edit(id, content: "two"))
            try await chat("alice", .edit(id, content: "three"))
            let message = try #require(try await chat.history("bob").messages.first)
            #expect(message.content == "three")
            #expect(message.edits == 2)
            #expect(message.editedAt != nil)
            guard case .edits(let edits) = try await chat("bob", .edits(id)) else { return }
            #expect(edits.map(\.content) == ["one", "two"])
            #expect(edits.map(\.number) == [1, 2])
            #expect(edits.first?.writtenAt == message.timestamp)
        },
        Clause("keeps a soft-deleted message in its place, and takes it from quotes") { chat in
            try await chat.room("alice", "bob")
            let id = try await chat.say("alice", "secret").id
            try await chat.say("bob", "answer") { $0.replyTo = id }
            try await chat("alice", .delete(id, .soft))
            let page = try await chat.history("bob")
            #expect(page.sequences == [1, 2])
            #expect(page.messages.first?.deletion == .soft)
            #expect(page.messages.first?.deletedBy == "alice")
            #expect(page.messages.last?.quote == Quote(sequence: 1, user: "alice", content: nil))
            #expect(!String(buffer: page.json).contains("secret"))
        },
        Clause("leaves nothing of a hard-deleted message but its place and its client id") { chat in
            try await chat.room("alice", "bob")
            let sent = try await chat.say("alice", "secret") { $0.clientID = "c1" }
            try await chat("alice", .edit(sent.id, content: "secret too"))
            try await chat("bob", .react(sent.id, "👍"))
            try await chat.say("bob", "next")
            try await chat("alice", .delete(sent.id, .hard))
            #expect(try await chat.history("bob").sequences == [2])
            let events = try await chat.events("bob")
            #expect(!events.names.contains("reaction"))
            #expect(events.revisions == Array(1...events.revision))
            #expect(!String(buffer: ChatResult.events(events).json).contains("👍"))
            guard case .edits? = try? await chat("alice", .edits(sent.id)) else {
                let answer = try await chat("alice", .send(SendMessage(room: "room", content: "again", clientID: "c1")))
                guard case .sent(let message, isDuplicate: true) = answer else {
                    Issue.record("the client id was forgotten")
                    return
                }
                #expect(message.sequence == 1)
                #expect(message.content.isEmpty)
                return
            }
            Issue.record("a hard-deleted message has edits")
        },
        Clause("counts each reaction of each person once") { chat in
            try await chat.room("alice", "bob")
            let id = try await chat.say("alice", "x").id
            try await chat("alice", .react(id, "👍"))
            try await chat("bob", .react(id, "👍"))
            try await chat("bob", .react(id, "👍"))
            try await chat("bob", .react(id, "🎉"))
            let reactions = try await chat.history("bob").messages.first?.reactions
            #expect(
                reactions == [
                    ReactionCount(emoji: "👍", count: 2, users: ["alice", "bob"], isMine: true),
                    ReactionCount(emoji: "🎉", count: 1, users: ["bob"], isMine: true),
                ])
            try await chat("alice", .unreact(id, "👍"))
            try await chat("bob", .unreact(id, "👍"))
            try await chat("bob", .unreact(id, "👍"))
            #expect(try await chat.history("bob").messages.first?.reactions.map(\.emoji) == ["🎉"])
            try await chat("alice", .react(id, "👍"))
            #expect(try await chat.history("bob").messages.first?.reactions.map(\.count) == [1, 1])
        },
        Clause("knows one's own reaction among more than are named") { chat in
            let crowd = (1...ReactionCount.namedUsers).map { ChatPerson(id: UserID(checked: "u\($0)")) }
            try await chat.room("alice", "bob", kind: .public)
            let id = try await chat.say("alice", "x").id
            for person in crowd { try await chat(person, .joinRoom("room", invite: nil, since: nil)) }
            for person in crowd + ["bob"] { try await chat(person, .react(id, "👍")) }
            let bob = try await chat.history("bob").messages.first?.reactions.first
            #expect(bob?.users.count == ReactionCount.namedUsers)
            #expect(bob?.users.contains("bob") == false)
            #expect(bob?.isMine == true)
            #expect(try await chat.history("u1").messages.first?.reactions.first?.isMine == true)
            #expect(try await chat.history("alice").messages.first?.reactions.first?.isMine == false)
            guard case .message(let message) = try await chat("bob", .message(id)) else { return }
            #expect(String(buffer: message.json).contains(#""mine":true"#))
            #expect(try await chat.summary("bob")?.last?.reactions.first?.isMine == true)
            let told = try #require(chat.outlet.events(to: .room("room")).last { $0.name == "reaction" }?.payload)
            #expect(told.hasSuffix(#""emoji":"👍","action":"add","count":21}"#))
            try await chat("bob", .unreact(id, "👍"))
            #expect(try await chat.history("bob").messages.first?.reactions.first?.isMine == false)
        },
        Clause("lists the pins, the last one first, until they are taken away") { chat in
            try await chat.room("alice")
            for number in 1...3 { try await chat.say("alice", "\(number)") }
            for sequence: Int64 in [2, 1, 3] { try await chat("alice", .pin(MessageID("room", sequence))) }
            guard case .pins(let pins) = try await chat("alice", .pins("room")) else { return }
            #expect(pins.map(\.sequence) == [3, 1, 2])
            #expect(try await chat.summary("alice")?.room.pins == 3)
            try await chat("alice", .unpin(MessageID("room", 1)))
            try await chat("alice", .delete(MessageID("room", 3), .soft))
            guard case .pins(let left) = try await chat("alice", .pins("room")) else { return }
            #expect(left.map(\.sequence) == [2])
            #expect(try await chat.summary("alice")?.room.pins == 1)
        },
        Clause("counts what is written in a thread at its root, and shows the thread alone") { chat in
            try await chat.room("alice", "bob")
            let root = try await chat.say("alice", "root")
            try await chat.say("bob", "beside")
            for number in 1...3 { try await chat.say("bob", "reply \(number)") { $0.thread = root.id } }
            #expect(try await chat.history("alice").messages.first?.replies == 3)
            let thread = try await chat.history("alice", .oldest, after: 10, thread: root.id)
            #expect(thread.contents == ["root", "reply 1", "reply 2", "reply 3"])
            #expect(thread.foundOldest && thread.foundNewest)
        },
        Clause("numbers the reports of a room for its moderators") { chat in
            try await chat.room("alice", "bob")
            let id = try await chat.say("alice", "x").id
            for reason in ["spam", "rude", ""] { try await chat("bob", .report(id, reason: reason)) }
            guard
                case .reports(let reports, let hasMore) = try await chat(
                    "alice", .reports("room", nil, after: 1, limit: 1))
            else { return }
            #expect(reports.map(\.number) == [2])
            #expect(reports.first?.reason == "rude")
            #expect(reports.first?.reporter == "bob")
            #expect(hasMore)
        },
    ]
}
