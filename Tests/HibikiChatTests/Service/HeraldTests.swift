// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChatContract
import HibikiWire
import NIOCore
import Testing

@testable import HibikiChat

/// What is told to people who have to be looked up. It is told by the time that the service has stopped.
@Suite struct `Those who are looked up` {
    @Test func `hear of a report and of what came of it, if they keep order`() async throws {
        let chat = ChatHarness(MemoryChatStore())
        try await chat.run { chat in
            try await chat.room("alice", "bob", "carol")
            try await chat("alice", .setRole("room", "carol", .moderator))
            try await chat("bob", .report(try await chat.say("alice", "x").id, reason: "rude"))
            try await chat("carol", .settleReport(ReportKey("room", 1), .dismissed, note: "it was not"))
            // The same again is no news.
            try await chat("carol", .settleReport(ReportKey("room", 1), .dismissed, note: ""))
        }
        for person: UserID in ["alice", "carol"] {
            let told = chat.outlet.events(to: .person(person)).filter { $0.name.hasPrefix("report") }
            #expect(told.map(\.name) == ["reported", "reportSettled"])
            #expect(told.first?.payload.contains(#""reporter":"bob","reason":"rude""#) == true)
            #expect(
                told.last?.payload.contains(#""outcome":"dismissed","note":"it was not","settledBy":"carol""#) == true)
        }
        #expect(!chat.outlet.names(to: .person("bob")).contains { $0.hasPrefix("report") })
    }

    @Test func `hear of a message to everybody, and how much that makes unread`() async throws {
        let chat = ChatHarness(MemoryChatStore())
        try await chat.run { chat in
            try await chat.room("alice", "bob", "carol")
            try await chat.say("alice", "all of you") { $0.mentions = [.everybody] }
        }
        for person: UserID in ["bob", "carol"] {
            let told = chat.outlet.events(to: .person(person))
            #expect(told.filter { $0.name == "mention" }.count == 1)
            let unread = told.last { $0.name == "unread" }?.payload
            #expect(unread == #"{"roomId":"room","unread":1,"unreadMentions":1,"lastRead":0}"#)
        }
        #expect(!chat.outlet.names(to: .person("alice")).contains("mention"))
    }

    @Test func `hear of it in a large room if they are there, and a moderator says it`() async throws {
        let chat = ChatHarness(MemoryChatStore()) {
            $0.limits.mentionAll = 2
            $0.limits.unreadMembers = 2
        }
        chat.outlet.listen(only: ["bob"])
        try await chat.run { chat in
            try await chat.room("alice", "bob", "carol")
            var message = SendMessage(room: "room", content: "all of you")
            message.mentions = [.everybody]
            #expect(try await chat.refusal("bob", .send(message)) == .permissionDenied)
            try await chat("alice", .send(message))
        }
        #expect(chat.outlet.names(to: .person("bob")).filter { $0 != "roomJoined" } == ["mention", "unread"])
        #expect(!chat.outlet.names(to: .person("carol")).contains("mention"))
        #expect(!chat.outlet.names(to: .person("carol")).contains("unread"))
    }

    @Test func `are told first what is then to be told no more`() async throws {
        let chat = ChatHarness(MemoryChatStore())
        let (message, answer) = try await chat.run { chat in
            try await chat.room("alice", "bob")
            let message = try await chat.say("alice", "secret") { $0.mentions = [.everybody, .person("bob")] }
            try await chat("alice", .delete(message.id, .hard))
            return (message, try await chat("bob", .erase("bob")))
        }
        guard case .erased(let pseudonym, _) = answer,
            case .message(let emptied, let mentions)? = chat.outlet.redactions.first
        else {
            Issue.record("it was not said that the message is gone")
            return
        }
        #expect(emptied.id == message.id)
        #expect(emptied.content.isEmpty)
        #expect(mentions == [.everybody, .person("bob")])
        #expect(chat.outlet.redactions.dropFirst() == [.person("bob", pseudonym: pseudonym)])
    }

    @Test func `hear nothing of a message to everybody that was deleted before they were found`() async throws {
        let store = MemoryChatStore()
        let chat = ChatHarness(store)
        let message = try await chat.run { chat in
            try await chat.room("alice", "bob")
            let message = try await chat.say("alice", "secret")
            try await chat("alice", .delete(message.id, .hard))
            return message
        }
        let outlet = RecordingOutlet()
        let limits = ChatLimits()
        let unread = UnreadPusher(store: store, outlet: outlet, limits: limits, pause: .zero)
        let herald = Herald(store: store, outlet: outlet, unread: unread, limits: limits)
        herald.note([.mentionedAll(message)])
        herald.stop()
        await herald.run()
        #expect(outlet.news.isEmpty)
    }
}
