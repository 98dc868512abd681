// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiWire
import NIOCore
import Testing

extension ChatStoreContract {
    static let catchingUp = [
        Clause("gives all that happened after a revision, without a gap") { chat in
            try await chat.room("alice", "bob")
            let id = try await chat.say("alice", "one").id
            let since = try await chat.events("alice").revision
            try await chat.say("alice", "two")
            try await chat("alice", .edit(id, content: "changed"))
            try await chat("bob", .react(id, "👍"))
            try await chat("alice", .pin(id))
            try await chat("bob", .markRead(id))
            try await chat("bob", .markDelivered(MessageID("room", 2)))
            try await chat("alice", .delete(MessageID("room", 2), .soft))
            try await chat("alice", .mute("room", "bob", until: nil))
            try await chat("alice", .setRole("room", "bob", .moderator))
            try await chat("alice", .updateRoom("room", RoomUpdate(name: "The room")))
            try await chat("alice", .kick("room", "bob"))
            let page = try await chat.events("alice", since: since)
            #expect(
                page.names == [
                    "message", "messageEdited", "reaction", "pinned", "readReceipt", "deliveryReceipt",
                    "messageDeleted",
                    "muted", "roleChanged", "roomUpdated", "userLeft",
                ])
            #expect(page.revisions == Array(since + 1...since + 11))
            #expect(!page.hasMore && !page.isGap)
            #expect(page.rows[1].message?.content == "changed")
            #expect(page.rows[2].event.kind == .reaction(1, "👍", isAdded: true))
            #expect(page.rows[7].event.kind == .muted("bob", until: .never))
            #expect(page.rows[10].event.kind == .userLeft("bob", .kicked))
        },
        Clause("gives events page by page") { chat in
            try await chat.room("alice")
            for number in 1...25 { try await chat.say("alice", "\(number)") }
            var revisions: [Int64] = []
            var since: Int64 = 0
            var hasMore = true
            while hasMore {
                let page = try await chat.events("alice", since: since, limit: 10)
                revisions += page.revisions
                since = page.revision
                hasMore = page.hasMore
            }
            #expect(revisions == Array(1...26))
        },
        Clause("shows an old event with what its message says now") { chat in
            try await chat.room("alice", "bob")
            let id = try await chat.say("alice", "secret").id
            try await chat("alice", .delete(id, .hard))
            let page = try await chat.events("bob")
            let room = page.room
            #expect(room.id == "room")
            #expect(!page.rows.contains { $0.message?.content == "secret" })
            #expect(!String(buffer: ChatResult.events(page).json).contains("secret"))
        },
        Clause("says that there is a gap where retention has taken events away") { chat in
            try await chat.room("alice")
            for number in 1...5 { try await chat.say("alice", "\(number)") }
            let cut = try await chat.say("alice", "6").timestamp
            let count = try await chat.service.trim(ChatRetention(eventsBefore: cut))
            #expect(count == TrimCount(messages: 0, events: 6))
            let gap = try await chat.events("alice", since: 5)
            #expect(gap.isGap && gap.rows.isEmpty && gap.revision == 7)
            let whole = try await chat.events("alice", since: 6)
            #expect(!whole.isGap)
            #expect(whole.revisions == [7])
            let future = try await chat.events("alice", since: 8)
            #expect(future.isGap)
        },
        Clause("shows somebody who was removed nothing that is newer than the removal") { chat in
            try await chat.room("alice", "bob", "carol")
            let first = try await chat.say("alice", "first").id
            let second = try await chat.say("alice", "second").id
            try await chat("alice", .kick("room", "bob"))
            try await chat("carol", .leaveRoom("room"))
            try await chat.say("alice", "third")
            try await chat("alice", .edit(second, content: "changed"))
            try await chat("alice", .react(first, "👍"))
            for person: ChatPerson in ["bob", "carol"] {
                for anchor in [HistoryAnchor.newest, .oldest, .sequence(3), .firstUnread] {
                    let page = try await chat.history(person, anchor, before: 10, after: 10)
                    #expect(page.messages.isEmpty)
                }
                let events = try await chat.events(person)
                #expect(events.names.last == "userLeft")
                #expect(!String(buffer: ChatResult.events(events).json).contains("changed"))
                #expect(try await chat.found(person, "first").isEmpty)
                #expect(try await chat.refusal(person, .message(second)) == .notFound)
                #expect(try await chat.refusal(person, .message(MessageID("room", 3))) == .notFound)
                #expect(try await chat.refusal(person, .members("room", after: nil, limit: nil)) == .notAMember)
                #expect(try await chat.refusal(person, .send(SendMessage(room: "room", content: "x"))) == .notAMember)
                #expect(try await chat.summary(person) == nil)
            }
            #expect(try await chat.events("bob").revision < chat.events("carol").revision)
        },
        Clause("shows somebody who was removed what was there before and did not change") { chat in
            try await chat.room("alice", "bob")
            for number in 1...4 { try await chat.say("alice", "\(number)") }
            try await chat("alice", .kick("room", "bob"))
            for number in 5...8 { try await chat.say("alice", "\(number)") }
            try await chat("alice", .edit(MessageID("room", 2), content: "changed"))
            let page = try await chat.history("bob", .newest, before: 10)
            #expect(page.contents == ["1", "3", "4"])
            #expect(page.foundNewest && page.foundOldest && page.foundAnchor)
            #expect(try await chat.events("bob").rows.compactMap(\.message?.content) == ["1", "3", "4"])
        },
        Clause("shows somebody who was removed nothing of the room as it is now") { chat in
            try await chat.room("alice", "bob")
            try await chat("alice", .updateRoom("room", RoomUpdate(name: "before")))
            try await chat("alice", .kick("room", "bob"))
            try await chat("alice", .updateRoom("room", RoomUpdate(name: "after")))
            let events = try await chat.events("bob")
            #expect(!String(buffer: ChatResult.events(events).json).contains("after"))
            #expect(try await chat.events("alice").names.count { $0 == "roomUpdated" } == 2)
        },
        Clause("shows somebody who was banned nothing") { chat in
            try await chat.room("alice", "bob")
            try await chat.say("alice", "1")
            try await chat("alice", .ban("room", "bob", until: nil))
            #expect(try await chat.refusal("bob", .history(HistoryRequest(room: "room"))) == .banned)
            #expect(try await chat.refusal("bob", .events("room", since: 0, limit: nil)) == .banned)
            #expect(try await chat.refusal("bob", .joinRoom("room", invite: nil, since: nil)) == .banned)
        },
    ]
}
