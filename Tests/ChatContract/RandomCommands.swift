// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiChat
import HibikiMessaging
import HibikiTestSupport

/// Commands of a few people about one room and a few messages, so that they meet all the time: the same for the same seed.
public struct RandomCommands {
    private var generator: SeededGenerator
    private let room: RoomID
    private let people: [ChatPerson] = ["alice", "bob", "carol", "dave", .operations]
    private var sent: Int64 = 0
    private var isNew = true

    public init(seed: UInt64, room: RoomID) {
        self.generator = SeededGenerator(seed: seed)
        self.room = room
    }

    public mutating func next() -> (ChatPerson, ChatCommand) {
        guard !self.isNew else {
            self.isNew = false
            let kind: Room.Kind = self.chance(2) ? .public : .group
            return ("alice", .createRoom(CreateRoom(room: self.room, kind: kind, members: ["bob", "carol"])))
        }
        let person = self.pick(self.people)
        switch self.number(12) {
        case 0..<4: return (person, self.sending())
        case 4..<8: return (person, self.changing())
        case 8: return (self.chance(2) ? .operations : person, self.moderating())
        case 9: return (person, self.joining())
        default: return (person, self.reading())
        }
    }

    /// What everybody sees in the end.
    public func questions() -> [(ChatPerson, ChatCommand)] {
        self.people.flatMap { person -> [(ChatPerson, ChatCommand)] in
            [
                (person, .history(HistoryRequest(room: self.room, anchor: .oldest, after: 200))),
                (person, .events(self.room, since: 0, limit: nil)),
                (person, .members(self.room, after: nil, limit: nil)),
                (person, .pins(self.room)), (person, .reports(self.room, nil, after: 0, limit: nil)),
                (person, .export(self.room, from: 1)), (person, .rooms(after: nil, limit: nil)),
                (person, .contacts(after: nil, limit: nil)),
            ]
        }
    }

    private mutating func number(_ bound: Int) -> Int { .random(in: 0..<bound, using: &self.generator) }
    private mutating func chance(_ bound: Int) -> Bool { self.number(bound) == 0 }
    private mutating func pick<Element>(_ choices: [Element]) -> Element { choices[self.number(choices.count)] }

    /// Mostly a message that is there.
    private mutating func message() -> MessageID {
        MessageID(self.room, Int64(self.number(Int(self.sent) + 2)) + 1)
    }

    private mutating func sending() -> ChatCommand {
        self.sent += 1
        var message = SendMessage(room: self.room, content: "word \(self.sent)")
        if self.chance(2) { message.clientID = self.pick(["c1", "c2", "c3", "c4", "c5", "c6"]) }
        if self.chance(4) { message.replyTo = self.message() }
        if self.chance(4) { message.thread = self.message() }
        if self.chance(4) { message.mentions = [self.pick([.person("bob"), .person("erin"), .everybody])] }
        if self.chance(6) { message.kind = self.pick([.image, .file, .system]) }
        return .send(message)
    }

    private mutating func changing() -> ChatCommand {
        let id = self.message()
        switch self.number(10) {
        case 8:
            return self.chance(2) ? .addContact(self.pick(self.people).id) : .removeContact(self.pick(self.people).id)
        case 0: return .edit(id, content: self.pick(["changed", "changed again", ""]))
        case 1: return .delete(id, self.pick([.soft, .soft, .hard]))
        case 2: return .react(id, self.pick(["👍", "🎉"]))
        case 3: return .unreact(id, self.pick(["👍", "🎉"]))
        case 4: return .pin(id)
        case 5: return .unpin(id)
        case 6: return .report(id, reason: "why")
        case 7: return .markDelivered(id)
        default: return .markRead(id)
        }
    }

    private mutating func moderating() -> ChatCommand {
        let user = self.pick(self.people).id
        let until: Timestamp? = self.chance(2) ? nil : .ms(100_000)
        // Peace is made more often than war, so that somebody is left to talk.
        switch self.number(15) {
        case 0: return .kick(self.room, user)
        case 1: return .ban(self.room, user, until: until)
        case 2...4: return .unban(self.room, user)
        case 5: return .mute(self.room, user, until: until)
        case 6...8: return .unmute(self.room, user)
        case 9: return .setRole(self.room, user, self.pick(Role.allCases))
        case 13:
            let report = ReportKey(self.room, 1 + Int64(self.number(4)))
            return .settleReport(report, self.pick(Report.Outcome.allCases), note: "done")
        case 10...12: return .setRole(self.room, user, self.pick([.member, .moderator, .owner]))
        default: return .updateRoom(self.room, RoomUpdate(name: self.pick(["one", "two", ""])))
        }
    }

    private mutating func joining() -> ChatCommand {
        switch self.number(8) {
        case 0: .leaveRoom(self.room)
        case 1...3: .invitePerson(self.room, self.pick(self.people).id)
        default: .joinRoom(self.room, invite: nil, since: self.chance(2) ? 0 : nil)
        }
    }

    private mutating func reading() -> ChatCommand {
        let anchor = self.pick([HistoryAnchor.newest, .oldest, .firstUnread, .sequence(self.message().sequence)])
        switch self.number(5) {
        case 0: return .events(self.room, since: Int64(self.number(40)), limit: 1 + self.number(20))
        case 1: return .search(SearchRequest(text: self.pick(["word", "changed", "from:bob", "has:reaction"])))
        case 2: return .edits(self.message())
        default:
            let thread: MessageID? = self.chance(4) ? self.message() : nil
            return .history(
                HistoryRequest(
                    room: self.room, anchor: anchor, before: self.number(5), after: self.number(5), thread: thread))
        }
    }
}
