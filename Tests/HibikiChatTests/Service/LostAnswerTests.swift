// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiChatContract
import HibikiMessaging
import HibikiTestSupport
import HibikiWire
import Synchronization
import Testing

/// Half of the commits that fail do so before anything is stored, half of them after all is.
private struct LostAnswer: Error {}

private final class Dice: Sendable {
    private let generator = Mutex(SeededGenerator(seed: 7))

    func roll() -> Int { self.generator.withLock { .random(in: 0..<4, using: &$0) } }
}

@Suite struct `A message whose answer is lost` {
    /// Ten senders, a hundred messages each: every answer may be lost, in the store or on its way, and then the message is sent again.
    @Test func `is one message, a thousand times`() async throws {
        let dice = Dice()
        let store = FailingStore { _ in
            let fate = dice.roll()
            return (before: fate == 0 ? LostAnswer() : nil, after: fate == 1 ? LostAnswer() : nil)
        }
        let people = (0..<10).map { ChatPerson(id: UserID(checked: "person\($0)")) }
        try await ChatHarness(store.store).run { chat in
            try await chat("owner", .createRoom(CreateRoom(room: "room", kind: .public, members: people.map(\.id))))
        }
        let (messages, resent) = try await ChatHarness(store).run { chat in
            let resent = try await withThrowingTaskGroup(of: Int.self) { group in
                for (seed, person) in people.enumerated() {
                    group.addTask { try await Self.sendHundred(as: person, in: chat, seed: UInt64(seed)) }
                }
                return try await group.reduce(0, +)
            }
            return (try await Self.everything(in: chat), resent)
        }
        #expect(messages.map(\.sequence) == Array(1...1_000))
        for person in people {
            let own = messages.filter { $0.user == person.id }
            #expect(own.map(\.content) == (0..<100).map(String.init))
        }
        #expect(resent > 500, "too few answers were lost to show anything")
    }

    /// - Returns: how often a message was sent again.
    private static func sendHundred(as person: ChatPerson, in chat: ChatHarness, seed: UInt64) async throws -> Int {
        var generator = SeededGenerator(seed: seed)
        var resent = 0
        for number in 0..<100 {
            while try await Self.isUnanswered(number, of: person, in: chat, &generator) { resent += 1 }
        }
        return resent
    }

    private static func everything(in chat: ChatHarness) async throws -> [Message] {
        var messages: [Message] = []
        while true {
            let next = HistoryAnchor.sequence((messages.last?.sequence ?? 0) + 1)
            let page = try await chat.history("owner", next, before: 0, after: 199)
            messages += page.messages
            if page.foundNewest { return messages }
        }
    }

    private static func isUnanswered(
        _ number: Int, of person: ChatPerson, in chat: ChatHarness, _ generator: inout SeededGenerator
    ) async throws -> Bool {
        do {
            let sent = try await chat.say(person, "\(number)") { $0.clientID = ClientMessageID(rawValue: "c\(number)") }
            #expect(sent.content == "\(number)")
            // The answer was given, and the connection may still lose it.
            return Bool.random(using: &generator)
        } catch is LostAnswer {
            return true
        }
    }
}
