// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiChatContract
import HibikiMessaging
import HibikiWire
import NIOCore
import Synchronization
import Testing

@Suite struct `The chat service` {
    @Test func `tells of events in the order in which they were stored, before it answers`() async throws {
        try await ChatHarness(MemoryChatStore()).run { chat in
            try await chat.room("alice", "bob")
            let message = try await chat.say("alice", "hello")
            #expect(
                chat.outlet.names(to: .room("room")) == ["userJoined", "userJoined", "roomInfo", "message"])
            let payload = try #require(chat.outlet.events(to: .room("room")).last?.payload)
            #expect(payload == String(buffer: message.json))
            #expect(payload.contains(#""revision":3"#))
        }
    }

    @Test func `goes on with erasures that were interrupted, and then has none`() async throws {
        try await ChatHarness(MemoryChatStore()) { $0.erasurePortion = 1 }.run { chat in
            try await chat.room("alice", "bob")
            for number in 1...3 { try await chat.say("bob", "secret \(number)") }
            let erasure = Erasure(user: "bob", pseudonym: "erased-bob", at: chat.now)
            #expect(try await chat.store.begin(erasure) == erasure)
            _ = try await chat.store.erase(erasure, .rooms(after: nil), limit: 1)
            #expect(try await chat.history("alice").sequences == [2, 3])
            #expect(try await chat.service.resumeErasures() == 1)
            #expect(try await chat.history("alice").sequences == [])
            #expect(try await chat.service.resumeErasures() == 0)
            let kinds = try await chat.events("alice").rows.map(\.event.kind)
            #expect(kinds.suffix(3) == Array(repeating: .personErased("erased-bob"), count: 3)[...])
        }
    }

    @Test func `tells nothing of what came to nothing`() async throws {
        try await ChatHarness(MemoryChatStore()).run { chat in
            try await chat.room("alice", "bob")
            let count = chat.outlet.news.count
            _ = try await chat.refusal("eve", .send(SendMessage(room: "room", content: "x")))
            try await chat("alice", .updateRoom("room", RoomUpdate()))
            #expect(chat.outlet.news.count == count)
        }
    }

    @Test func `shuts the room to somebody behind the news of the removal`() async throws {
        try await ChatHarness(MemoryChatStore()).run { chat in
            try await chat.room("alice", "bob")
            try await chat("alice", .kick("room", "bob"))
            try await chat.say("alice", "he is gone")
            let news = chat.outlet.news
            let removal = try #require(news.firstIndex(of: .removed("bob", "room")))
            guard case .event(.room("room"), .userLeft, _) = news[removal - 1] else {
                Issue.record("the removal itself was not told before")
                return
            }
            let later = news[removal...].filter { news in
                if case .event(.room, .message, _) = news { true } else { false }
            }
            #expect(later.count == 1)
            #expect(chat.outlet.names(to: .person("bob")) == ["roomJoined", "roomLeft"])
        }
    }

    @Test func `opens the room to somebody before the news of the arrival`() async throws {
        try await ChatHarness(MemoryChatStore()).run { chat in
            try await chat.room("alice", kind: .public)
            try await chat("bob", .joinRoom("room", invite: nil, since: nil))
            let news = chat.outlet.news
            let admission = try #require(news.firstIndex(of: .admitted("bob", "room")))
            let arrival = try #require(
                news.lastIndex { news in
                    if case .event(.room, .userJoined, _) = news { true } else { false }
                })
            #expect(admission < arrival)
        }
    }

    @Test func `tells every device of a person how much is unread`() async throws {
        try await ChatHarness(MemoryChatStore()).run { chat in
            try await chat.room("alice", "bob")
            try await chat.say("alice", "1")
            try await chat.say("alice", "2") { $0.mentions = [.person("bob")] }
            try await Self.until {
                chat.outlet.events(to: .person("bob")).last?.payload.contains(#""unread":2"#) ?? false
            }
            let counts = try #require(chat.outlet.events(to: .person("bob")).last)
            #expect(counts.name == "unread")
            #expect(counts.payload == #"{"roomId":"room","unread":2,"unreadMentions":1,"lastRead":0}"#)
            #expect(chat.outlet.names(to: .person("bob")).contains("mention"))
            try await chat("bob", .markRead(MessageID("room", 2)))
            try await Self.until {
                chat.outlet.events(to: .person("bob")).last?.payload.contains(#""unread":0"#) ?? false
            }
            #expect(
                chat.outlet.events(to: .person("bob")).last?.payload
                    == #"{"roomId":"room","unread":0,"unreadMentions":0,"lastRead":2,"lastReadId":"room-2"}"#)
        }
    }

    @Test func `tells somebody who is named how much is unread, however large the room is`() async throws {
        try await ChatHarness(MemoryChatStore()) {
            $0.limits.unreadMembers = 2
        }.run { chat in
            try await chat.room("alice", "bob", "carol")
            try await chat.say("alice", "1") { $0.mentions = [.person("bob")] }
            try await chat("carol", .markRead(MessageID("room", 1)))
            try await Self.until { chat.outlet.names(to: .person("carol")).contains("unread") }
            #expect(
                chat.outlet.events(to: .person("bob")).last { $0.name == "unread" }?.payload
                    == #"{"roomId":"room","unread":1,"unreadMentions":1,"lastRead":0}"#)
            // Of the marker, and not of the message.
            #expect(
                chat.outlet.events(to: .person("carol")).filter { $0.name == "unread" }.map(\.payload) == [
                    #"{"roomId":"room","unread":0,"unreadMentions":0,"lastRead":1,"lastReadId":"room-1"}"#
                ])
        }
    }

    @Test func `lets nobody in who asks for what happened before the beginning`() async throws {
        try await ChatHarness(MemoryChatStore()).run { chat in
            try await chat.room("alice", kind: .public)
            #expect(
                try await chat.refusal("bob", .joinRoom("room", invite: nil, since: -1)) == .invalidMessage)
            #expect(try await chat.summary("bob") == nil)
        }
    }

    @Test func `shows a name up to its 128th byte`() {
        let name = String(repeating: "n", count: 128)
        #expect(ChatPerson(id: "alice", name: name).name == name)
        #expect(ChatPerson(id: "alice", name: name + "n").name == name)
    }

    @Test func `tells that somebody types, and stores nothing of it`() async throws {
        try await ChatHarness(MemoryChatStore()).run { chat in
            try await chat.room("alice", "bob")
            let before = try await chat.summary("alice")
            try await chat("bob", .typing("room"))
            try await chat("bob", .stopTyping("room"))
            #expect(chat.outlet.names(to: .room("room")).suffix(2) == ["typing", "stopTyping"])
            #expect(
                chat.outlet.events(to: .room("room")).last?.payload
                    == #"{"roomId":"room","room":"room","userId":"bob","userName":"Bob"}"#)
            #expect(try await chat.summary("alice") == before)
        }
    }

    @Test func `answers a join with the events that were missed`() async throws {
        try await ChatHarness(MemoryChatStore()).run { chat in
            try await chat.room("alice", "bob", kind: .public)
            for number in 1...3 { try await chat.say("alice", "\(number)") }
            guard
                case .joined(let access, let events?) = try await chat("bob", .joinRoom("room", invite: nil, since: 3))
            else {
                Issue.record("a join was not answered with events")
                return
            }
            #expect(access.membership?.user == "bob")
            #expect(events.rows.compactMap(\.message?.content) == ["2", "3"])
        }
    }

    @Test func `lets nobody listen who is not in the room`() async throws {
        try await ChatHarness(MemoryChatStore()).run { chat in
            try await chat.room("alice", "bob")
            try await chat("alice", .kick("room", "bob"))
            #expect(try await chat.service.mayListen("alice", to: "room", at: .ms(0)))
            #expect(try await !chat.service.mayListen("bob", to: "room", at: .ms(0)))
            #expect(try await !chat.service.mayListen("eve", to: "room", at: .ms(0)))
            #expect(try await !chat.service.mayListen("alice", to: "nothing", at: .ms(0)))
        }
    }

    @Test func `takes what a message carries as its keeper knows it, and nothing that is another's`() async throws {
        struct Keeper: ChatAttachments {
            func check(
                _ attachments: [HibikiChat.Attachment], of person: ChatPerson
            ) async throws -> [HibikiChat.Attachment] {
                try attachments.map { attachment in
                    guard attachment.id == "of \(person.id)" else { throw WireError(.notFound, "no such upload") }
                    return Attachment(id: attachment.id, name: "real.png", type: "image/png", size: 42)
                }
            }
        }
        let harness = ChatHarness(MemoryChatStore()) { $0.attachments = Keeper() }
        try await harness.run { chat in
            try await chat.room("alice", "bob")
            func message(_ file: String) -> SendMessage {
                SendMessage(
                    room: "room", content: "",
                    attachments: [Attachment(id: file, name: "x", type: "text/html", size: 1)])
            }
            #expect(try await chat.refusal("alice", .send(message("of bob"))) == .notFound)
            guard case .sent(let sent, _) = try await chat("alice", .send(message("of alice"))) else { return }
            #expect(sent.attachments.map(\.size) == [42])
            #expect(sent.attachments.map(\.type) == ["image/png"])
        }
    }

    @Test func `says that a message was sent before, also when its file is gone since`() async throws {
        final class Keeper: ChatAttachments {
            let isGone = Mutex(false)

            func check(
                _ attachments: [HibikiChat.Attachment], of person: ChatPerson
            ) async throws -> [HibikiChat.Attachment] {
                guard !self.isGone.withLock({ $0 }) else { throw WireError(.notFound, "no such upload") }
                return attachments
            }
        }
        let keeper = Keeper()
        let harness = ChatHarness(MemoryChatStore()) { $0.attachments = keeper }
        try await harness.run { chat in
            try await chat.room("alice", "bob")
            func message(_ id: ClientMessageID?) -> ChatCommand {
                .send(
                    SendMessage(
                        room: "room", content: "", clientID: id,
                        attachments: [Attachment(id: "file", name: "x", type: "text/html", size: 1)]))
            }
            try await chat("alice", message("one"))
            keeper.isGone.withLock { $0 = true }
            guard case .sent(let known, isDuplicate: true) = try await chat("alice", message("one")) else {
                Issue.record("the message was not known")
                return
            }
            #expect(known.attachments.map(\.id) == ["file"])
            #expect(try await chat.refusal("alice", message("two")) == .notFound)
            #expect(try await chat.refusal("alice", message(nil)) == .notFound)
        }
    }

    @Test func `cuts pages down to their limit, whatever was asked for`() async throws {
        let harness = ChatHarness(MemoryChatStore()) { configuration in
            configuration.limits.history = 3
            configuration.limits.page = 2
            configuration.limits.entries = 4
        }
        try await harness.run { chat in
            try await chat.room("alice")
            for number in 1...9 { try await chat.say("alice", "\(number)") }
            #expect(try await chat.history("alice", .sequence(5), before: .max, after: .max).sequences == Array(2...8))
            #expect(try await chat.history("alice").sequences == [7, 8, 9])
            #expect(try await chat.history("alice", .oldest).sequences == [1, 2, 3])
            #expect(try await chat.history("alice", .sequence(5)).sequences == Array(3...7))
            #expect(try await chat.history("alice", .sequence(5), before: 0, after: 0).sequences == [5])
            #expect(try await chat.events("alice", limit: .max).revisions == Array(1...4))
            #expect(try await chat.events("alice", limit: 0).revisions == [1])
        }
    }

    @Test func `says of a mute when it ends, if it does`() async throws {
        try await ChatHarness(MemoryChatStore()).run { chat in
            try await chat.room("alice", "bob", "carol", "dave")
            try await chat("alice", .mute("room", "bob", until: nil))
            try await chat("alice", .mute("room", "carol", until: .ms(99_000)))
            let members = String(buffer: try await chat("dave", .members("room", after: nil, limit: nil)).json)
            #expect(
                members.contains(
                    #""userId":"bob","role":"member","standing":"joined","since":1000,"muted":true,"lastRead""#))
            #expect(members.contains(#""since":1000,"muted":true,"mutedUntil":99000,"lastRead""#))
            let events = String(buffer: try await chat("dave", .events("room", since: 4, limit: nil)).json)
            #expect(events.contains(#""userId":"bob","by":"alice","muted":true}"#))
            #expect(events.contains(#""userId":"carol","by":"alice","muted":true,"until":99000}"#))
        }
    }

    @Test func `quotes the beginning of a long message`() async throws {
        try await ChatHarness(MemoryChatStore()).run { chat in
            try await chat.room("alice")
            let long = try await chat.say("alice", String(repeating: "日", count: 1_000))
            let quote = try await chat.say("alice", "yes") { $0.replyTo = long.id }.quote
            #expect(quote?.content == String(repeating: "日", count: 66))
        }
    }

    @Test func `takes nothing more after it was stopped`() async throws {
        let chat = ChatHarness(MemoryChatStore())
        try await chat.run { try await $0.room("alice") }
        #expect(try await chat.refusal("alice", .send(SendMessage(room: "room", content: "x"))) == .shuttingDown)
    }

    @Test(arguments: [
        ChatCommand.send(SendMessage(room: "room", content: String(repeating: "x", count: 16_385))),
        .createRoom(CreateRoom(kind: .group, name: String(repeating: "é", count: 51))),
        .edit(MessageID("room", 1), content: String(repeating: "x", count: 16_385)),
        .report(MessageID("room", 1), reason: String(repeating: "x", count: 1_001)),
        .search(SearchRequest(text: String(repeating: "x", count: 501))),
    ])
    func `refuses what is too large`(_ command: ChatCommand) async throws {
        try await ChatHarness(MemoryChatStore()).run { chat in
            let refusal = try await chat.refusal("alice", command)
            #expect(refusal == .tooLarge)
        }
    }

    @Test(arguments: [
        ChatCommand.send(SendMessage(room: "room", content: "")), .send(SendMessage(room: "room", content: " \n\t")),
        .send(SendMessage(room: "room", content: "a\u{0}b")), .edit(MessageID("room", 1), content: "\u{0}"),
        .search(SearchRequest(text: "  ")), .search(SearchRequest(text: "has:nothing")),
        .search(SearchRequest(text: "x", cursor: "nonsense")),
    ])
    func `refuses what makes no sense`(_ command: ChatCommand) async throws {
        try await ChatHarness(MemoryChatStore()).run { chat in
            try await chat.room("alice")
            #expect(try await chat.refusal("alice", command) == .invalidMessage)
        }
    }

    private static func until(_ condition: () -> Bool) async throws {
        while !condition() { try await Task.sleep(for: .milliseconds(1)) }
    }
}
