// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiWire
import NIOCore
import Testing

extension ChatStoreContract {
    /// Of stores that are a ``ChatAttachmentIndex``.
    public static let attachments = [
        Clause("finds the messages that carry a file, until they are deleted") { chat in
            let index = try #require(chat.store as? any ChatAttachmentIndex)
            try await chat.room("alice", "bob")
            for file in ["one", "two", "one"] { try await chat.say("alice", file) { $0.attachments = [.named(file)] } }
            try await chat.say("bob", "nothing")
            #expect(
                try await index.messages(carrying: "one", for: nil, limit: 10) == [
                    MessageID("room", 1), MessageID("room", 3),
                ])
            #expect(try await index.messages(carrying: "one", for: nil, limit: 1) == [MessageID("room", 1)])
            #expect(try await index.messages(carrying: "three", for: nil, limit: 10) == [])
            try await chat("alice", .delete(MessageID("room", 1), .soft))
            try await chat("alice", .delete(MessageID("room", 2), .hard))
            #expect(try await index.messages(carrying: "one", for: nil, limit: 10) == [MessageID("room", 3)])
            #expect(try await !chat.service.isAttached("two"))
            #expect(try await chat.service.isAttached("one"))
            try await chat("alice", .erase("alice"))
            #expect(try await !chat.service.isAttached("one"))
        },
        Clause("finds a file in the rooms of its reader, however often it was sent elsewhere") { chat in
            let index = try #require(chat.store as? any ChatAttachmentIndex)
            try await chat("alice", .createRoom(CreateRoom(room: "diary", kind: .group)))
            for _ in 1...101 { try await chat.say("alice", "", in: "diary") { $0.attachments = [.named("one")] } }
            try await chat.room("alice", "bob")
            try await chat.say("alice", "") { $0.attachments = [.named("one")] }
            #expect(
                try await index.messages(carrying: "one", for: "bob", limit: 2)
                    == [MessageID("room", 1), MessageID("diary", 1)])
            #expect(try await chat.service.mayDownload("one", "bob", at: chat.now))
            #expect(try await !chat.service.mayDownload("one", "eve", at: chat.now))
        },
        Clause("gives a file to whoever may read a message with it, and to nobody else") { chat in
            try await chat.room("alice", "bob", "carol")
            try await chat.say("alice", "early") { $0.attachments = [.named("early")] }
            try await chat("alice", .kick("room", "bob"))
            try await chat("alice", .ban("room", "carol", until: nil))
            try await chat.say("alice", "late") { $0.attachments = [.named("late")] }
            func may(_ person: ChatPerson, _ file: String) async throws -> Bool {
                try await chat.service.mayDownload(file, person, at: chat.now)
            }
            for (person, early, late) in [
                ("alice", true, true), ("bob", true, false), ("carol", false, false), ("eve", false, false),
                (.operations, true, true),
            ] as [(ChatPerson, Bool, Bool)] {
                #expect(try await may(person, "early") == early, "\(person.id)")
                #expect(try await may(person, "late") == late, "\(person.id)")
                #expect(try await !may(person, "other"), "\(person.id)")
            }
        },
    ]
}

extension HibikiChat.Attachment {
    fileprivate static func named(_ id: String) -> HibikiChat.Attachment {
        HibikiChat.Attachment(id: id, name: id, type: "text/plain", size: 1)
    }
}
