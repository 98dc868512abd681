// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiChatContract
import HibikiMessaging
import NIOCore
import Testing

@Suite struct `A message in JSON` {
    private static func full() -> Message {
        var message = Message(
            id: MessageID("general", 12), revision: 30, user: "alice", userName: "Alice", content: "a \"b\"\n",
            timestamp: .ms(5),
            kind: .image, clientID: "c1", quote: Quote(sequence: 3, user: "bob", content: "three"), thread: 2)
        message.editedAt = .ms(6)
        message.edits = 1
        message.replies = 4
        message.mentions = [.person("bob"), .everybody]
        message.reactions = [ReactionCount(emoji: "👍", count: 2, users: ["bob", "carol"])]
        message.attachments = [Attachment(id: "f", name: "n.png", type: "image/png", size: 7, width: 8, height: 9)]
        message.pinnedAt = .ms(7)
        message.pinnedBy = "bob"
        return message
    }

    @Test func `has the names of the guide, and only what is there`() {
        let message = Message(
            id: MessageID("general", 1), revision: 2, user: "alice", userName: nil, content: "hi", timestamp: .ms(5),
            kind: .text)
        #expect(
            String(buffer: message.json) == """
                {"id":"general-1","sequence":1,"revision":2,"roomId":"general","userId":"alice","content":"hi","timestamp":5,\
                "status":"sent","type":"text"}
                """)
    }

    @Test func `has everything that a message may have`() {
        #expect(
            String(buffer: Self.full().json) == #"""
                {"id":"general-12","sequence":12,"revision":30,"roomId":"general","userId":"alice","userName":"Alice",\#
                "content":"a \"b\"\n","timestamp":5,"status":"sent","type":"image","clientId":"c1","threadId":"general-2",\#
                "replies":4,"editedAt":6,"edits":1,"replyTo":{"id":"general-3","userId":"bob","content":"three"},\#
                "mentions":["bob","@all"],"reactions":[{"emoji":"👍","count":2,"users":["bob","carol"]}],"pinned":true,\#
                "pinnedBy":"bob","attachments":[{"id":"f","name":"n.png","type":"image/png","size":7,"width":8,"height":9}]}
                """#)
    }

    @Test func `shows nothing of what was deleted`() {
        var message = Self.full()
        message.deletion = .soft
        message.deletedAt = .ms(9)
        message.deletedBy = "alice"
        #expect(
            String(buffer: message.json) == #"""
                {"id":"general-12","sequence":12,"revision":30,"roomId":"general","userId":"alice","userName":"Alice",\#
                "content":"","timestamp":5,"status":"sent","type":"image","clientId":"c1","threadId":"general-2","replies":4,\#
                "editedAt":6,"edits":1,"deletedAt":9,"deletedBy":"alice"}
                """#)
    }
}

@Suite struct `An event's kind` {
    @Test(arguments: [
        ChatEvent.Kind.message(1), .messageEdited(2), .messageDeleted(3, .soft), .messageDeleted(3, .hard),
        .reaction(4, "+1", isAdded: true), .reaction(4, "-", isAdded: false), .pinned(5, isPinned: true),
        .pinned(5, isPinned: false), .readReceipt(6), .deliveryReceipt(7),
        .userJoined("bob", .owner, name: "Bob B. Bobson"),
        .userJoined("bob", .reader, name: nil), .userLeft("bob", .kicked), .roleChanged("bob", .moderator),
        .muted("bob", until: .ms(8)), .muted("bob", until: nil), .muted("bob", until: .never), .roomUpdated,
        .personErased("erased-1"),
    ])
    func `comes back from its columns`(_ kind: ChatEvent.Kind) {
        #expect(ChatEvent.Kind(kind.columns) == kind)
    }

    @Test(arguments: [
        ChatEvent.Kind.Columns(name: .message), .init(name: .reaction, sequence: 1),
        .init(name: .userLeft, subject: "bob"),
        .init(name: .userJoined, subject: "bob", detail: "king"),
        .init(name: ChatEventName(rawValue: "other"), sequence: 1),
    ])
    func `is not made of columns that make no sense`(_ columns: ChatEvent.Kind.Columns) {
        #expect(ChatEvent.Kind(columns) == nil)
    }
}
