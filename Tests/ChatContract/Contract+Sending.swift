// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiWire
import NIOCore
import Testing

extension ChatStoreContract {
    static let sending = [
        Clause("gives the messages of a room sequences without a gap") { chat in
            try await chat.room("alice", "bob")
            for number in 1...20 { try await chat.say(number % 2 == 0 ? "alice" : "bob", "\(number)") }
            let page = try await chat.history("bob", .oldest, after: 100)
            #expect(page.sequences == Array(1...20))
            #expect(page.contents == (1...20).map(String.init))
        },
        Clause("stores a message that is sent twice once, and answers with the first") { chat in
            try await chat.room("alice", "bob")
            let first = try await chat.say("alice", "hello") { $0.clientID = "c1" }
            let answer = try await chat(
                "alice", .send(SendMessage(room: "room", content: "something else", clientID: "c1")))
            #expect(answer == .sent(first, isDuplicate: true))
            let other = try await chat.say("bob", "mine") { $0.clientID = "c1" }
            #expect(other.sequence == 2)
            #expect(try await chat.history("alice").contents == ["hello", "mine"])
            #expect(try await chat.summary("alice")?.room.sequence == 2)
        },
        Clause("stores a message once that is sent many times at the same moment") { chat in
            try await chat.room("alice")
            try await withThrowingTaskGroup(of: Int64.self) { group in
                for _ in 0..<50 {
                    group.addTask { try await chat.say("alice", "hello") { $0.clientID = "c1" }.sequence }
                }
                for try await sequence in group { #expect(sequence == 1) }
            }
            #expect(try await chat.history("alice").sequences == [1])
        },
        Clause("keeps all that a message holds, byte for byte") { chat in
            try await chat.room("alice", "bob", "carol")
            let first = try await chat.say("bob", "first")
            let content = "'\"\\ \u{1}\n e\u{301} \u{E9} 👩‍👩‍👧 日本語 %_*"
            let sent = try await chat.say("alice", content) { message in
                message.clientID = "'; DROP TABLE messages; --"
                message.kind = .image
                message.replyTo = first.id
                message.thread = first.id
                message.mentions = [.person("bob"), .everybody]
                message.attachments = [
                    Attachment(id: "a", name: "ü.png", type: "image/png", size: 1 << 40, width: 640, height: 480),
                    Attachment(id: "b", name: "b.txt", type: "text/plain", size: 0),
                ]
            }
            let read = try await chat.history("carol").messages.last
            #expect(read == sent)
            #expect(read?.content.utf8.elementsEqual(content.utf8) == true)
            #expect(read?.userName == "Alice")
            #expect(read?.quote == Quote(sequence: 1, user: "bob", content: "first"))
            #expect(read?.mentions == [.person("bob"), .everybody])
        },
        Clause("tells two people apart whose names look the same") { chat in
            let composed: ChatPerson = "caf\u{E9}"
            let decomposed: ChatPerson = "cafe\u{301}"
            try await chat.room(composed, decomposed)
            try await chat.say(composed, "1") { $0.clientID = "c" }
            try await chat.say(decomposed, "2") { $0.clientID = "c" }
            #expect(try await chat.history(composed).contents == ["1", "2"])
            #expect(try await chat.summary(composed)?.unread == 1)
            #expect(try await chat.summary(composed)?.room.members == 2)
        },
    ]
}
