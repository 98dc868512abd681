// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiWire
import NIOCore
import Testing

extension ChatStoreContract {
    static let forgetting = [
        Clause("forgets messages that are old, in steps, and goes on with its sequences") { chat in
            try await chat.room("alice", "bob")
            for number in 1...10 {
                try await chat.say("alice", "\(number)") { $0.clientID = ClientMessageID(rawValue: "c\(number)") }
            }
            try await chat("alice", .pin(MessageID("room", 2)))
            try await chat("bob", .react(MessageID("room", 3), "👍"))
            let cut = try await chat.history("alice", .sequence(8), before: 0, after: 0).messages.first?.timestamp
            let count = try await chat.service.trim(ChatRetention(messagesBefore: cut), step: 3)
            #expect(count.messages == 7)
            #expect(count.events == 0)
            let page = try await chat.history("alice", .oldest, after: 20)
            #expect(page.sequences == [8, 9, 10])
            #expect(page.foundOldest)
            #expect(try await chat.say("alice", "11").sequence == 11)
            let room = try await chat.summary("alice")?.room
            #expect(room?.firstSequence == 8)
            #expect(room?.pins == 0)
            #expect(try await chat.refusal("bob", .react(MessageID("room", 3), "👍")) == .notFound)
            #expect(try await chat.events("alice").rows.count == 15)
        },
        Clause("leaves nothing of a person who is erased but a name that says nothing") { chat in
            try await chat.room("alice", "bob", "carol")
            try await chat("alice", .createRoom(CreateRoom(room: "other", kind: .public)))
            let direct = try await chat("carol", .createRoom(CreateRoom(kind: .direct, members: ["bob"])))
            let mine = try await chat.say("bob", "secret") { $0.clientID = "c1" }
            let answer = try await chat.say("alice", "answer") { message in
                message.replyTo = mine.id
                message.mentions = [.person("bob")]
            }
            try await chat("bob", .edit(mine.id, content: "secret too"))
            try await chat("bob", .react(answer.id, "👍"))
            try await chat("carol", .react(answer.id, "👍"))
            try await chat("bob", .report(answer.id, reason: "rude"))
            try await chat("alice", .pin(mine.id))
            try await chat("bob", .markRead(answer.id))
            let before = try await chat.events("alice").revision
            guard case .erased(let pseudonym, let rooms) = try await chat("bob", .erase("bob")),
                case .room(let pair) = direct
            else { return }
            #expect(rooms == 2)
            #expect(pseudonym.rawValue.utf8.starts(with: "erased-".utf8))

            let page = try await chat.history("alice")
            #expect(page.sequences == [2])
            #expect(page.messages.first?.quote == Quote(sequence: 1, user: pseudonym, content: nil))
            #expect(page.messages.first?.mentions == [.person(pseudonym)])
            #expect(page.messages.first?.reactions == [ReactionCount(emoji: "👍", count: 1, users: ["carol"])])
            let events = try await chat.events("alice")
            #expect(events.revision == before + 1)
            #expect(events.rows.last?.event.kind == .personErased(pseudonym))
            #expect(events.revisions == Array(1...before + 1))
            guard case .members(let members, _) = try await chat("alice", .members("room", after: nil, limit: nil)),
                case .reports(let reports, _) = try await chat("alice", .reports("room", after: 0, limit: nil))
            else { return }
            #expect(members.map(\.user) == ["alice", "carol"])
            #expect(reports.map(\.reporter) == [pseudonym])
            let summary = try await chat.summary("alice")
            #expect(summary?.room.members == 2)
            #expect(summary?.room.pins == 0)
            #expect(try await chat.summary("carol", of: pair.room.id)?.room.pair == DirectPair("carol", pseudonym))
            let texts = [String(buffer: page.json), String(buffer: ChatResult.events(events).json)]
            #expect(!texts.contains { $0.contains("secret") || $0.contains("bob") || $0.contains("Bob") })
            #expect(try await chat.summary("bob") == nil)
            guard
                case .room(let fresh) = try await chat(
                    "carol", .createRoom(CreateRoom(kind: .direct, members: ["bob"])))
            else { return }
            #expect(fresh.room.id != pair.room.id)
        },
    ]
}
