// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChatContract
import HibikiMessaging
import HibikiWire
import Testing

@testable import HibikiChat

/// What a command comes to, after some others. No store, no clock, no task: facts and commands in, answers and events out.
struct Sentence: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var before: [(ChatPerson, ChatCommand)]
    var command: (ChatPerson, ChatCommand)
    /// The code of the refusal, or the names of the events with their revisions.
    var outcome: [String]

    init(
        _ words: String, after before: [(ChatPerson, ChatCommand)] = [], _ person: ChatPerson, _ command: ChatCommand,
        _ outcome: [String]
    ) {
        self.testDescription = words
        self.before = before
        self.command = (person, command)
        self.outcome = outcome
    }
}

/// A ledger with nothing found before, so that all its facts are its own decisions.
struct Desk {
    var ledger: ChatLedger
    private var time: Int64 = 0

    init(ledger: ChatLedger = ChatLedger(ChatFacts())) {
        self.ledger = ledger
    }

    @discardableResult
    mutating func decide(_ person: ChatPerson, _ command: ChatCommand) -> ChatOutcome {
        self.time += 1_000
        return self.ledger.decide(
            ChatOrder(
                command: command, person: person, now: .ms(self.time), freshRoom: RoomID(checked: "fresh\(self.time)"),
                freshInvite: InviteToken(checked: "invite-of-the-time-\(self.time)")))
    }

    /// The refusal, or the events.
    mutating func outcome(_ person: ChatPerson, _ command: ChatCommand) -> [String] {
        let outcome = self.decide(person, command)
        switch outcome.result {
        case .success:
            return outcome.happenings.compactMap { happening in
                guard case .event(let row, _) = happening else { return nil }
                return "\(row.event.name.rawValue) \(row.event.revision)"
            }
        case .failure(let error): return [(error as? WireError)?.code.rawValue ?? "\(error)"]
        }
    }
}

private let room: [(ChatPerson, ChatCommand)] = [
    ("alice", .createRoom(CreateRoom(room: "r", kind: .group, members: ["bob", "carol"])))
]
private let open: [(ChatPerson, ChatCommand)] = [
    ("alice", .createRoom(CreateRoom(room: "r", kind: .public, members: ["bob"])))
]
private let spoken = room + [("bob", .send(SendMessage(room: "r", content: "one")))]
private let first = MessageID("r", 1)

@Suite struct `A decision` {
    static let sentences: [Sentence] = [
        Sentence(
            "a room begins with the arrival of its people", "alice",
            .createRoom(CreateRoom(room: "r", kind: .group, members: ["bob"])), ["userJoined 1", "userJoined 2"]),
        Sentence(
            "a room's name is given once", after: room, "bob", .createRoom(CreateRoom(room: "r", kind: .public)),
            ["conflict"]),
        Sentence(
            "a message is the next event", after: room, "bob", .send(SendMessage(room: "r", content: "x")),
            ["message 4"]),
        Sentence(
            "a message of a stranger is refused as if there were no room", after: room, "eve",
            .send(SendMessage(room: "r", content: "x")), ["not_found"]),
        Sentence(
            "a message of a stranger to a public room is told to join", after: open, "eve",
            .send(SendMessage(room: "r", content: "x")), ["not_a_member"]),
        Sentence(
            "a system message comes from administrators", after: room, "alice",
            .send(SendMessage(room: "r", content: "x", kind: .system)), ["permission_denied"]),
        Sentence(
            "an administrator writes without being in the room", after: room, .operations,
            .send(SendMessage(room: "r", content: "x", kind: .system)), ["message 4"]),
        Sentence(
            "a quote of a message that is not there is refused", after: spoken, "alice",
            .send(SendMessage(room: "r", content: "x", replyTo: MessageID("r", 2))), ["not_found"]),
        Sentence(
            "a quote of a deleted message is refused", after: spoken + [("bob", .delete(first, .soft))], "alice",
            .send(SendMessage(room: "r", content: "x", replyTo: first)), ["not_found"]),
        Sentence(
            "a quote from another room is refused",
            after: spoken + [("bob", .createRoom(CreateRoom(room: "s", kind: .group)))],
            "bob", .send(SendMessage(room: "s", content: "x", replyTo: first)), ["not_found"]),
        Sentence(
            "a thread does not begin within a thread",
            after: spoken + [("alice", .send(SendMessage(room: "r", content: "two", thread: first)))], "alice",
            .send(SendMessage(room: "r", content: "x", thread: MessageID("r", 2))), ["invalid_message"]),
        Sentence(
            "whoever wrote a message edits it", after: spoken, "bob", .edit(first, content: "two"), ["messageEdited 5"]),
        Sentence("nobody else edits it", after: spoken, "alice", .edit(first, content: "two"), ["permission_denied"]),
        Sentence("an edit to the same text is no edit", after: spoken, "bob", .edit(first, content: "one"), []),
        Sentence(
            "a deleted message is not edited", after: spoken + [("bob", .delete(first, .soft))], "bob",
            .edit(first, content: "two"), ["not_found"]),
        Sentence(
            "an owner deletes what others wrote", after: spoken, "alice", .delete(first, .soft), ["messageDeleted 5"]),
        Sentence("a member does not", after: spoken, "carol", .delete(first, .soft), ["permission_denied"]),
        Sentence(
            "a second deletion is none", after: spoken + [("bob", .delete(first, .soft))], "bob", .delete(first, .soft),
            []),
        Sentence(
            "a soft deletion may become a hard one", after: spoken + [("bob", .delete(first, .soft))], "bob",
            .delete(first, .hard), ["messageDeleted 6"]),
        Sentence(
            "of a hard deletion nothing is left", after: spoken + [("bob", .delete(first, .hard))], "bob",
            .delete(first, .hard), ["not_found"]),
        Sentence("a reaction is an event", after: spoken, "alice", .react(first, "👍"), ["reaction 5"]),
        Sentence(
            "the same reaction again is none", after: spoken + [("alice", .react(first, "👍"))], "alice",
            .react(first, "👍"),
            []),
        Sentence("a reaction that is not there is not taken back", after: spoken, "alice", .unreact(first, "👍"), []),
        Sentence("a marker moves forward", after: spoken, "carol", .markRead(first), ["readReceipt 5"]),
        Sentence(
            "a marker does not move to where it is", after: spoken + [("carol", .markRead(first))], "carol",
            .markRead(first),
            []),
        Sentence(
            "a marker does not move beyond the newest message", after: spoken, "carol", .markRead(MessageID("r", 2)),
            ["not_found"]),
        Sentence(
            "what was read has arrived", after: spoken + [("carol", .markRead(first))], "carol", .markDelivered(first),
            []),
        Sentence("an owner does not leave the others alone", after: room, "alice", .leaveRoom("r"), ["conflict"]),
        Sentence(
            "nor in a room that anybody may join", after: open, "alice", .leaveRoom("r"), ["conflict"]),
        Sentence(
            "who may only read does not write by coming again",
            after: open + [
                ("alice", .setRole("r", "bob", .reader)), ("bob", .leaveRoom("r")),
                ("bob", .joinRoom("r", invite: nil, since: nil)),
            ], "bob", .send(SendMessage(room: "r", content: "x")), ["permission_denied"]),
        Sentence(
            "a moderator does not come back as one",
            after: open + [
                ("alice", .setRole("r", "bob", .moderator)), ("bob", .leaveRoom("r")),
                ("bob", .joinRoom("r", invite: nil, since: nil)),
            ], "bob", .updateRoom("r", RoomUpdate(name: "x")), ["permission_denied"]),
        Sentence(
            "both of a direct room pin there",
            after: [
                ("alice", .createRoom(CreateRoom(kind: .direct, members: ["bob"]))),
                ("alice", .send(SendMessage(room: "fresh1000", content: "x"))),
            ], "bob", .pin(MessageID("fresh1000", 1)), ["pinned 4"]),
        Sentence(
            "an owner leaves to another owner", after: room + [("alice", .setRole("r", "bob", .owner))], "alice",
            .leaveRoom("r"), ["userLeft 5"]),
        Sentence(
            "the last owner stays one", after: room, "alice", .setRole("r", "alice", .member), ["conflict"]),
        Sentence(
            "a moderator does not remove an owner", after: room + [("alice", .setRole("r", "bob", .moderator))], "bob",
            .kick("r", "alice"), ["permission_denied"]),
        Sentence(
            "a moderator does not remove another moderator",
            after: room + [("alice", .setRole("r", "bob", .moderator)), ("alice", .setRole("r", "carol", .moderator))],
            "bob",
            .kick("r", "carol"), ["permission_denied"]),
        Sentence("nobody removes himself", after: room, "alice", .kick("r", "alice"), ["permission_denied"]),
        Sentence("nobody is removed who is not there", after: room, "alice", .kick("r", "eve"), ["not_found"]),
        Sentence(
            "who was removed comes back with an invitation only", after: room + [("alice", .kick("r", "bob"))], "bob",
            .joinRoom("r", invite: nil, since: nil), ["not_found"]),
        Sentence(
            "who was invited comes in",
            after: room + [("alice", .kick("r", "bob")), ("alice", .invitePerson("r", "bob"))],
            "bob", .joinRoom("r", invite: nil, since: nil), ["userJoined 5"]),
        Sentence(
            "into a public room comes whoever wants", after: open, "eve", .joinRoom("r", invite: nil, since: nil),
            ["userJoined 3"]),
        Sentence(
            "who is in comes in without an event", after: open, "bob", .joinRoom("r", invite: nil, since: nil), []),
        Sentence(
            "who is banned is not invited", after: room + [("alice", .ban("r", "bob", until: nil))], "alice",
            .invitePerson("r", "bob"), ["conflict"]),
        Sentence("somebody is banned before he comes", after: open, "alice", .ban("r", "eve", until: nil), []),
        Sentence(
            "and does not come in then", after: open + [("alice", .ban("r", "eve", until: nil))], "eve",
            .joinRoom("r", invite: nil, since: nil), ["banned"]),
        Sentence(
            "a direct room is not left", after: [("alice", .createRoom(CreateRoom(kind: .direct, members: ["bob"])))],
            "alice",
            .leaveRoom("fresh1000"), ["permission_denied"]),
        Sentence(
            "a direct room takes nobody else in",
            after: [("alice", .createRoom(CreateRoom(kind: .direct, members: ["bob"])))],
            .operations, .joinRoom("fresh1000", invite: nil, since: nil), ["not_found"]),
        Sentence(
            "a direct room has two people", "alice", .createRoom(CreateRoom(kind: .direct, members: ["bob", "carol"])),
            ["invalid_message"]),
        Sentence(
            "a room that is not there is not joined", "alice", .joinRoom("r", invite: nil, since: nil), ["not_found"]),
    ]

    @Test(arguments: Self.sentences)
    func `is what the sentence says`(_ sentence: Sentence) {
        var desk = Desk()
        for (person, command) in sentence.before {
            let outcome = desk.decide(person, command)
            #expect(throws: Never.self) { try outcome.result.get() }
        }
        #expect(desk.outcome(sentence.command.0, sentence.command.1) == sentence.outcome)
    }

    @Test func `that is a refusal changes nothing`() {
        var desk = Desk()
        for (person, command) in spoken { desk.decide(person, command) }
        let before = desk.ledger.changes
        #expect(desk.outcome("carol", .edit(first, content: "x")) == ["permission_denied"])
        #expect(desk.outcome("carol", .pin(first)) == ["permission_denied"])
        #expect(desk.ledger.changes == before)
    }

    @Test func `makes a room by joining it where the operator wants that`() throws {
        var policy = ChatPolicy()
        policy.joiningCreates = true
        var desk = Desk(ledger: ChatLedger(ChatFacts(), policy: policy))
        #expect(desk.outcome("alice", .joinRoom("lobby", invite: nil, since: nil)) == ["userJoined 1"])
        #expect(desk.outcome("bob", .joinRoom("lobby", invite: nil, since: nil)) == ["userJoined 2"])
        #expect(desk.ledger.facts.rooms["lobby"]?.kind == .public)
        #expect(desk.ledger.facts.members[MemberKey("lobby", "alice")]?.role == .owner)
        #expect(desk.ledger.facts.members[MemberKey("lobby", "bob")]?.role == .member)
    }

    @Test func `answers somebody who was muted since, and sends again what was stored`() throws {
        var desk = Desk()
        for (person, command) in room { desk.decide(person, command) }
        let message = ChatCommand.send(SendMessage(room: "r", content: "x", clientID: "c1"))
        desk.decide("bob", message)
        desk.decide("alice", .mute("r", "bob", until: nil))
        #expect(desk.outcome("bob", message) == [])
        #expect(desk.outcome("bob", .send(SendMessage(room: "r", content: "y", clientID: "c2"))) == ["muted"])
        desk.decide("alice", .kick("r", "bob"))
        #expect(desk.outcome("bob", message) == ["not_a_member"])
    }

    @Test func `gives each row of a batch once`() {
        var desk = Desk()
        for (person, command) in spoken { desk.decide(person, command) }
        desk.decide("alice", .react(first, "👍"))
        desk.decide("alice", .unreact(first, "👍"))
        desk.decide("bob", .edit(first, content: "two"))
        let changes = desk.ledger.changes
        #expect(changes.newRooms.map(\.id) == ["r"])
        #expect(changes.rooms.isEmpty)
        #expect(changes.members.map(\.user) == ["alice", "bob", "carol"])
        #expect(changes.newMessages.map(\.content) == ["two"])
        #expect(changes.messages.isEmpty)
        #expect(changes.newReactions.isEmpty && changes.removedReactions.isEmpty)
        #expect(changes.events.map(\.revision) == Array(1...7))
    }

    @Test func `mentions only those who are in the room, and each of them once`() throws {
        var desk = Desk()
        for (person, command) in room { desk.decide(person, command) }
        let mentions: [Mention] = [.person("carol"), .person("eve"), .person("carol"), .everybody]
        desk.decide("bob", .send(SendMessage(room: "r", content: "x", mentions: mentions)))
        #expect(desk.ledger.facts.messages[first]?.mentions == [.person("carol"), .everybody])
    }

    @Test func `holds to its limits`() {
        var limits = ChatLimits()
        limits.reactions = 1
        limits.pins = 1
        limits.edits = 1
        limits.members = 2
        limits.mentionAll = 1
        limits.editable = 10_000
        var desk = Desk(ledger: ChatLedger(ChatFacts(), limits: limits))
        for (person, command) in open { desk.decide(person, command) }
        for _ in 1...2 { desk.decide("bob", .send(SendMessage(room: "r", content: "x"))) }
        #expect(desk.outcome("eve", .joinRoom("r", invite: nil, since: nil)) == ["limit_exceeded"])
        #expect(desk.outcome("bob", .react(first, "👍")) == ["reaction 5"])
        #expect(desk.outcome("bob", .react(first, "🎉")) == ["limit_exceeded"])
        #expect(desk.outcome("alice", .react(first, "👍")) == ["reaction 6"])
        #expect(desk.outcome("alice", .pin(first)) == ["pinned 7"])
        #expect(desk.outcome("alice", .pin(MessageID("r", 2))) == ["limit_exceeded"])
        #expect(desk.outcome("bob", .edit(first, content: "y")) == ["messageEdited 8"])
        #expect(desk.outcome("bob", .edit(first, content: "z")) == ["limit_exceeded"])
        #expect(
            desk.outcome("bob", .send(SendMessage(room: "r", content: "x", mentions: [.everybody]))) == [
                "permission_denied"
            ])
        #expect(
            desk.outcome("alice", .send(SendMessage(room: "r", content: "x", mentions: [.everybody]))) == ["message 9"])
        #expect(desk.outcome("bob", .edit(MessageID("r", 2), content: "late")) == ["permission_denied"])
    }

    @Test func `tells receipts to small rooms only`() {
        var limits = ChatLimits()
        limits.receipts = 2
        var desk = Desk(ledger: ChatLedger(ChatFacts(), limits: limits))
        for (person, command) in spoken { desk.decide(person, command) }
        #expect(desk.outcome("carol", .markRead(first)) == [])
        #expect(desk.ledger.facts.members[MemberKey("r", "carol")]?.lastRead == 1)
        desk.decide("bob", .leaveRoom("r"))
        #expect(desk.outcome("alice", .markRead(first)) == ["readReceipt 6"])
    }

    @Test func `names the first twenty who reacted, and counts the others`() {
        var desk = Desk()
        desk.decide("alice", .createRoom(CreateRoom(room: "r", kind: .public)))
        desk.decide("alice", .send(SendMessage(room: "r", content: "x")))
        let people = (1...25).map { ChatPerson(id: UserID(checked: "person\($0)")) }
        for person in people {
            desk.decide(person, .joinRoom("r", invite: nil, since: nil))
            desk.decide(person, .react(first, "👍"))
        }
        #expect(desk.ledger.facts.messages[first]?.reactions.first?.count == 25)
        #expect(desk.ledger.facts.messages[first]?.reactions.first?.users == people.prefix(20).map(\.id))
        desk.decide(people[0], .unreact(first, "👍"))
        desk.decide(people[24], .unreact(first, "👍"))
        #expect(desk.ledger.facts.messages[first]?.reactions.first?.count == 23)
        #expect(desk.ledger.facts.messages[first]?.reactions.first?.users == people[1..<20].map(\.id))
    }
}
