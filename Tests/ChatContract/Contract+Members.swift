// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiWire
import NIOCore
import Testing

extension ChatStoreContract {
    static let members = [
        Clause("finds the one room of two people, whoever asks") { chat in
            let direct = ChatCommand.createRoom(CreateRoom(kind: .direct, members: ["bob"]))
            let back = ChatCommand.createRoom(CreateRoom(kind: .direct, members: ["alice"]))
            guard case .room(let mine) = try await chat("alice", direct),
                case .room(let his) = try await chat("bob", back),
                case .room(let again) = try await chat("alice", direct)
            else { return }
            #expect(mine.room == his.room)
            #expect(mine == again)
            #expect(mine.room.pair == DirectPair("alice", "bob"))
            #expect(mine.room.members == 2)
            #expect(his.membership?.user == "bob")
            #expect(try await chat.refusal("carol", .joinRoom(mine.room.id, invite: nil, since: nil)) == .notFound)
            guard
                case .room(let alone) = try await chat(
                    "alice", .createRoom(CreateRoom(kind: .direct, members: ["alice"])))
            else { return }
            #expect(alone.room.members == 1)
        },
        Clause("finds the one room of two people who ask at the same moment") { chat in
            let rooms = try await withThrowingTaskGroup(of: RoomID?.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        let answer = try await chat("alice", .createRoom(CreateRoom(kind: .direct, members: ["bob"])))
                        guard case .room(let access) = answer else { return nil }
                        return access.room.id
                    }
                }
                return try await group.reduce(into: Set<RoomID?>()) { $0.insert($1) }
            }
            #expect(rooms.count == 1)
        },
        Clause("lets people in by a link as often and as long as it is good") { chat in
            try await chat.room("alice")
            let expiry = chat.now.milliseconds + 100_000
            guard
                case .invite(let invite) = try await chat(
                    "alice", .createInvite("room", expiresAt: .ms(expiry), uses: 2))
            else { return }
            func join(_ person: ChatPerson) async throws -> Bool {
                try await chat.refusal(person, .joinRoom("room", invite: invite.token, since: nil)) == nil
            }
            #expect(try await join("bob"))
            #expect(try await join("bob"))
            #expect(try await join("carol"))
            #expect(try await !join("dave"))
            #expect(try await chat.summary("alice")?.room.members == 3)
            guard case .invite(let second) = try await chat("alice", .createInvite("room", expiresAt: nil, uses: nil))
            else {
                return
            }
            guard case .invites(let invites) = try await chat("alice", .invites("room")) else { return }
            #expect(invites.map(\.token) == [invite.token, second.token])
            #expect(invites.first?.usesLeft == 0)
            try await chat("alice", .revokeInvite("room", second.token))
            #expect(try await chat.refusal("eve", .joinRoom("room", invite: second.token, since: nil)) == .notFound)
            guard case .invites(let left) = try await chat("alice", .invites("room")) else { return }
            #expect(left.map(\.token) == [invite.token])
        },
        Clause("keeps a mute across leaving and coming back") { chat in
            try await chat.room("alice", "bob", kind: .public)
            try await chat("alice", .mute("room", "bob", until: .ms(50_000)))
            try await chat("bob", .leaveRoom("room"))
            try await chat("bob", .joinRoom("room", invite: nil, since: nil))
            #expect(try await chat.refusal("bob", .send(SendMessage(room: "room", content: "x"))) == .muted)
            chat.wait(60_000)
            #expect(try await chat.refusal("bob", .send(SendMessage(room: "room", content: "x"))) == nil)
        },
        Clause("ends a ban at its time") { chat in
            try await chat.room("alice", "bob", kind: .public)
            try await chat("alice", .ban("room", "bob", until: .ms(50_000)))
            #expect(try await chat.refusal("bob", .joinRoom("room", invite: nil, since: nil)) == .banned)
            chat.wait(60_000)
            #expect(try await chat.refusal("bob", .joinRoom("room", invite: nil, since: nil)) == nil)
            #expect(try await chat.summary("bob")?.membership.bannedUntil == nil)
        },
        Clause("lists the members by id, page by page, and to moderators also those who are not in it") { chat in
            try await chat.room("alice", "dave", "bob", "carol")
            try await chat("carol", .leaveRoom("room"))
            try await chat("alice", .invitePerson("room", "eve"))
            guard case .members(let first, let hasMore) = try await chat("bob", .members("room", after: nil, limit: 2)),
                case .members(let second, let isOver) = try await chat("bob", .members("room", after: "bob", limit: 2)),
                case .members(let all, _) = try await chat("alice", .members("room", after: nil, limit: nil))
            else { return }
            #expect(first.map(\.user) == ["alice", "bob"])
            #expect(hasMore)
            #expect(second.map(\.user) == ["dave"])
            #expect(!isOver)
            #expect(all.map(\.user) == ["alice", "bob", "carol", "dave", "eve"])
            #expect(all.map(\.standing) == [.joined, .joined, .left, .joined, .invited])
        },
        Clause("lists rooms by id, page by page") { chat in
            for name: RoomID in ["b", "B", "a-1", "c", "a"] {
                try await chat("alice", .createRoom(CreateRoom(room: name, kind: .public)))
            }
            try await chat("bob", .joinRoom("c", invite: nil, since: nil))
            try await chat("alice", .invitePerson("b", "bob"))
            guard case .publicRooms(let first, let hasMore) = try await chat("bob", .publicRooms(after: nil, limit: 3)),
                case .publicRooms(let second, _) = try await chat("bob", .publicRooms(after: "a-1", limit: 3)),
                case .rooms(let his, _) = try await chat("bob", .rooms(after: nil, limit: nil)),
                case .rooms(let part, let isMore) = try await chat("alice", .rooms(after: "B", limit: 2))
            else { return }
            #expect(first.map(\.id) == ["B", "a", "a-1"])
            #expect(hasMore)
            #expect(second.map(\.id) == ["b", "c"])
            #expect(his.map(\.room.id) == ["b", "c"])
            #expect(his.map(\.membership.standing) == [.invited, .joined])
            #expect(part.map(\.room.id) == ["a", "a-1"])
            #expect(isMore)
        },
        Clause("knows who shares a room that is not public with whom") { chat in
            try await chat.room("alice", "bob")
            try await chat("alice", .createRoom(CreateRoom(kind: .direct, members: ["carol"])))
            try await chat("alice", .createRoom(CreateRoom(room: "all", kind: .public, members: ["dave"])))
            try await chat("bob", .createRoom(CreateRoom(kind: .group, members: ["eve"])))
            #expect(try await chat.store.companions(of: "alice", after: nil, limit: 10) == ["bob", "carol"])
            #expect(try await chat.store.companions(of: "alice", after: nil, limit: 1) == ["bob"])
            #expect(try await chat.store.companions(of: "alice", after: "bob", limit: 10) == ["carol"])
            #expect(try await chat.store.companions(of: "alice", among: ["carol", "dave", "alice"]) == ["carol"])
            #expect(try await chat.store.companions(of: "alice", among: []) == [])
            #expect(try await chat.store.companions(of: "dave", after: nil, limit: 10) == [])
            #expect(
                Set(try await chat.store.joined(in: ["room", "nothing"], upTo: 2).map(\.user)) == ["alice", "bob"])
            #expect(try await chat.store.joined(in: ["room"], upTo: 1) == [])
        },
    ]
}
