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
            let events = try await chat.events("alice")
            #expect(events.rows.count == 15)
            let told = String(buffer: ChatResult.events(events).json)
            #expect(told.components(of: #""event":"message""#) == 4)
            #expect(told.components(of: #""event":"messageDeleted""#) == 7)
        },
        Clause("goes on behind a room where nothing can be forgotten, because the clock was set back there") { chat in
            try await chat("alice", .createRoom(CreateRoom(room: "ahead", kind: .public)))
            chat.wait(1_000_000)
            try await chat.say("alice", "of tomorrow", in: "ahead")
            chat.wait(-1_002_000)
            for number in 1...8 { try await chat.say("alice", "\(number)", in: "ahead") }
            try await chat("alice", .createRoom(CreateRoom(room: "behind", kind: .public)))
            for number in 1...8 { try await chat.say("alice", "\(number)", in: "behind") }
            let cut = chat.now
            try await chat.say("alice", "new", in: "behind")
            let count = try await chat.service.trim(ChatRetention(messagesBefore: cut, eventsBefore: cut), step: 3)
            #expect(count.messages == 8)
            #expect(try await chat.history("alice", .oldest, after: 20, in: "behind").contents == ["new"])
            #expect(try await chat.history("alice", .oldest, after: 20, in: "ahead").sequences == Array(1...9))
            // What came before the clock was set back goes; what stands behind it waits.
            #expect(try await chat.summary("alice", of: "ahead")?.room.firstRevision == 2)
            #expect(try await chat.summary("alice", of: "behind")?.room.firstRevision == 10)
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
            try await chat("bob", .report(answer.id, reason: "rude secret"))
            try await chat("bob", .addContact("carol"))
            try await chat("carol", .addContact("bob"))
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
                case .reports(let reports, _) = try await chat("alice", .reports("room", nil, after: 0, limit: nil))
            else { return }
            #expect(members.map(\.user) == ["alice", "carol"])
            #expect(reports.map(\.reporter) == [pseudonym])
            #expect(reports.map(\.reason) == [""])
            #expect(events.rows.filter { $0.event.actor == pseudonym }.allSatisfy { $0.event.name != .reaction })
            #expect(try await chat.store.erasures(limit: 1).isEmpty)
            #expect(try await chat.store.listing("bob", among: ["carol"]).isEmpty)
            #expect(try await chat.store.contacts(of: "bob", after: nil, limit: 1).isEmpty)
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
        Clause("takes a person out in parts, and goes on under the same name after an interruption") { chat in
            try await chat.room("alice", "bob")
            try await chat("alice", .createRoom(CreateRoom(room: "other", kind: .group, members: ["bob"])))
            for number in 1...7 {
                let id = try await chat.say("bob", "secret \(number)").id
                try await chat.say("alice", "answer \(number)") { message in
                    message.replyTo = id
                    message.mentions = [.person("bob")]
                }
                try await chat("bob", .react(MessageID("room", Int64(2 * number)), "👍"))
            }
            let first = Erasure(user: "bob", pseudonym: "erased-first", at: chat.now)
            #expect(try await chat.store.begin(first) == first)
            let portion = try await chat.store.erase(first, .rooms(after: nil), limit: 2)
            #expect(portion.room?.room.id == "other")
            #expect(portion.next == .rooms(after: "other"))
            #expect(try await chat.store.erasures(limit: 10) == [first])
            // Whoever asks again goes on with what was begun.
            let second = Erasure(user: "bob", pseudonym: "erased-second", at: chat.now)
            let known = try await chat.store.begin(second)
            #expect(known == first)
            var step: ErasureStep? = .rooms(after: nil)
            var parts = 0
            var revisions: [Int64] = []
            while let current = step {
                let portion = try await chat.store.erase(known, current, limit: 2)
                step = portion.next
                parts += 1
                revisions += portion.room?.events.map(\.revision) ?? []
                guard parts < 1_000 else { break }
            }
            // Seven messages and seven reactions, two at a time.
            #expect(revisions == Array(24...27))
            let page = try await chat.history("alice", .oldest, after: 20)
            #expect(page.sequences == [2, 4, 6, 8, 10, 12, 14])
            #expect(page.messages.allSatisfy { $0.reactions.isEmpty && $0.mentions == [.person("erased-first")] })
            #expect(page.messages.allSatisfy { $0.quote?.user == "erased-first" && $0.quote?.content == nil })
            let events = try await chat.events("alice")
            #expect(events.revisions == Array(1...27))
            #expect(!String(buffer: ChatResult.events(events).json).contains("bob"))
            #expect(try await chat.store.erasures(limit: 10).isEmpty)
        },
        Clause("keeps of somebody who is erased what keeps that one in check, once and nothing else") { chat in
            try await chat.room("alice", "bob", "carol", "dave", "erin", kind: .public)
            let end = Timestamp.ms(chat.now.milliseconds + 1_000_000)
            try await chat("alice", .ban("room", "bob", until: end))
            try await chat("alice", .mute("room", "carol", until: nil))
            try await chat("alice", .setRole("room", "dave", .reader))
            try await chat("alice", .mute("room", "erin", until: chat.now))
            for person: ChatPerson in ["bob", "carol", "dave", "erin"] { try await chat(person, .erase(person.id)) }
            guard case .members(let rest, _) = try await chat("alice", .members("room", after: nil, limit: nil))
            else { return }
            #expect(rest.map(\.user) == ["alice", "bob", "carol", "dave"])
            #expect(rest.map(\.standing) == [.joined, .banned, .left, .left])
            #expect(rest.map(\.bannedUntil) == [nil, end, nil, nil])
            #expect(rest.map(\.mutedUntil) == [nil, nil, .never, nil])
            #expect(rest.dropFirst().allSatisfy { $0.name == nil && $0.lastDelivered == 0 && $0.lastSequence == 0 })
            #expect(try await chat.summary("alice")?.room.members == 1)
            // There is nothing left to be erased, and so nothing to be told.
            let revision = try await chat.events("alice").revision
            guard case .erased(_, let rooms) = try await chat("bob", .erase("bob")) else { return }
            #expect(rooms == 0)
            #expect(try await chat.events("alice").revision == revision)
            for person: ChatPerson in ["carol", "dave", "erin"] {
                try await chat(person, .joinRoom("room", invite: nil, since: nil))
            }
            let message = ChatCommand.send(SendMessage(room: "room", content: "x"))
            #expect(try await chat.refusal("bob", .joinRoom("room", invite: nil, since: nil)) == .banned)
            #expect(try await chat.refusal("carol", message) == .muted)
            #expect(try await chat.refusal("dave", message) == .permissionDenied)
            #expect(try await chat.refusal("erin", message) == nil)
        },
        Clause("gives a room whose last owner is erased to the highest of the others, and of these to the first") {
            chat in
            try await chat.room("alice", "dave")
            guard case .invite(let invite) = try await chat("alice", .createInvite("room", expiresAt: nil, uses: nil))
            else { return }
            for person: ChatPerson in ["carol", "bob", "frank"] {
                try await chat(person, .joinRoom("room", invite: invite.token, since: nil))
            }
            for person: UserID in ["carol", "bob"] { try await chat("alice", .setRole("room", person, .moderator)) }
            let revision = try await chat.events("alice").revision
            guard case .erased(let pseudonym, _) = try await chat("alice", .erase("alice")) else { return }
            let summary = try await chat.summary("carol")
            #expect(summary?.membership.role == .owner)
            #expect(summary?.room.owners == 1)
            #expect(summary?.room.members == 4)
            let events = try await chat.events("bob", since: revision)
            #expect(events.rows.map(\.event.kind) == [.roleChanged("carol", .owner), .personErased(pseudonym)])
            #expect(events.revisions == [revision + 1, revision + 2])
            #expect(chat.outlet.names(to: .room("room")).suffix(3) == ["roleChanged", "personErased", "roomInfo"])
            #expect(try await chat.summary("bob")?.membership.role == .moderator)
        },
    ]
}

extension String {
    /// How often a text occurs in it.
    fileprivate func components(of text: String) -> Int {
        self.split(separator: text, omittingEmptySubsequences: false).count - 1
    }
}
