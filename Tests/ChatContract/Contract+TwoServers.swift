// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiWire
import NIOCore
import Synchronization
import Testing

extension ChatStoreContract {
    static let twoServers = [
        Clause("keeps sequences and revisions without a gap where two servers write to the same rooms") { chat in
            let rooms = (1...8).map { RoomID(checked: "room\($0)") }
            for room in rooms {
                try await chat("alice", .createRoom(CreateRoom(room: room, kind: .group, members: ["bob"])))
            }
            try await Self.second(chat.store).run { other in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for (server, person) in [(chat, "alice"), (other, "bob")] as [(ChatHarness, ChatPerson)] {
                        for (index, room) in rooms.enumerated() {
                            group.addTask {
                                // Both begin at another end, so that their batches meet in every order.
                                for step in 0..<10 {
                                    let target = rooms[(index + step * 3) % rooms.count]
                                    let sent = try await server.say(person, "\(room) \(step)", in: target)
                                    if step % 3 == 0 { try await server(person, .react(sent.id, "👍")) }
                                }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            for room in rooms {
                let page = try await chat.history("alice", .oldest, after: 200, in: room)
                #expect(page.sequences == Array(1...Int64(page.messages.count)))
                let events = try await chat.events("alice", in: room)
                #expect(events.revisions == Array(1...events.revision))
                #expect(try await chat.summary("alice", of: room)?.room.sequence == page.sequences.last)
            }
            guard case .rooms(let summaries, _) = try await chat("alice", .rooms(after: nil, limit: nil)) else {
                return
            }
            #expect(summaries.map(\.room.sequence).reduce(0, +) == 160)
        },
        Clause("stores a message once that is sent to two servers at the same moment") { chat in
            try await chat.room("alice")
            try await Self.second(chat.store).run { other in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for server in [chat, other] {
                        for number in 1...40 {
                            group.addTask {
                                try await server.say("alice", "\(number)") {
                                    $0.clientID = ClientMessageID(rawValue: "c\(number)")
                                }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            let page = try await chat.history("alice", .oldest, after: 200)
            #expect(page.sequences == Array(1...40))
            #expect(Set(page.contents) == Set((1...40).map(String.init)))
        },
        Clause("makes a room once that two servers make at the same moment") { chat in
            try await Self.second(chat.store).run { other in
                for round in 1...10 {
                    let name = RoomID(checked: "room\(round)")
                    async let one = chat.refusal("alice", .createRoom(CreateRoom(room: name, kind: .group)))
                    async let two = other.refusal("bob", .createRoom(CreateRoom(room: name, kind: .group)))
                    let refusals = try await [one, two]
                    #expect(refusals.contains(nil) && refusals.contains(.conflict))
                    #expect(
                        try await (chat.summary("alice", of: name) == nil) != (chat.summary("bob", of: name) == nil))
                }
                for person in (1...10).map({ UserID(checked: "person\($0)") }) {
                    let command = ChatCommand.createRoom(CreateRoom(kind: .direct, members: [person]))
                    async let one = chat("alice", command)
                    async let two = other("alice", command)
                    guard case (.room(let first), .room(let second)) = try await (one, two) else { return }
                    #expect(first.room.id == second.room.id)
                }
            }
        },
        Clause("lets as many in by a link as it is good for, whichever server they come to") { chat in
            try await chat.room("alice")
            guard case .invite(let invite) = try await chat("alice", .createInvite("room", expiresAt: nil, uses: 5))
            else {
                return
            }
            let refusals = try await Self.second(chat.store).run { other in
                try await withThrowingTaskGroup(of: WireErrorCode?.self) { group in
                    for number in 1...20 {
                        group.addTask {
                            let person = ChatPerson(id: UserID(checked: "person\(number)"))
                            let server = number % 2 == 0 ? chat : other
                            return try await server.refusal(
                                person, .joinRoom("room", invite: invite.token, since: nil))
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
            }
            #expect(refusals.filter { $0 == nil }.count == 5)
            #expect(try await chat.summary("alice")?.room.members == 6)
        },
    ]

    /// Another server on the same store, whose random names are others.
    private static func second(_ store: any ChatStore) -> ChatHarness {
        let numbers = Numbers()
        return ChatHarness(store) { $0.random = { numbers.next() } }
    }

    private final class Numbers: Sendable {
        private let last = Atomic<UInt64>(1 << 32)

        func next() -> UInt64 { self.last.add(1, ordering: .relaxed).newValue &* 0x9E37_79B9_7F4A_7C15 }
    }
}
