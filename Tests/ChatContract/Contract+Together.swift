// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiTestSupport
import HibikiWire
import NIOCore
import Testing

extension ChatStoreContract {
    static let together = [
        Clause("answers any commands as the store in memory does") { chat in
            try await ChatHarness(MemoryChatStore()).run { model in
                for seed: UInt64 in 1...4 {
                    var random = RandomCommands(seed: seed, room: RoomID(checked: "room\(seed)"))
                    for _ in 0..<150 {
                        guard try await Self.agree(chat, model, random.next(), seed) else { return }
                    }
                    for question in random.questions() {
                        guard try await Self.agree(chat, model, question, seed) else { return }
                    }
                }
            }
        },
        Clause("keeps sequences and revisions without a gap while many write at the same moment") { chat in
            try await chat.room("alice", "bob", "carol", "dave")
            let people: [ChatPerson] = ["alice", "bob", "carol", "dave"]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for person in people {
                    group.addTask {
                        for number in 1...50 {
                            let message = try await chat.say(person, "\(person.id) \(number)")
                            if number % 5 == 0 { try await chat(person, .react(message.id, "👍")) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let page = try await chat.history("alice", .oldest, after: 200)
            #expect(page.sequences == Array(1...200))
            for person in people {
                let own = page.messages.filter { $0.user == person.id }.map(\.content)
                #expect(own == (1...50).map { "\(person.id) \($0)" })
            }
            let events = try await chat.events("alice")
            #expect(events.revisions == Array(1...244))
            let told = chat.outlet.events(to: .room("room")).filter { $0.name == "message" }.count
            #expect(told == 200)
        },
    ]

    /// Whether both give the same answer, to the byte.
    private static func agree(
        _ chat: ChatHarness, _ model: ChatHarness, _ asked: (person: ChatPerson, command: ChatCommand), _ seed: UInt64
    ) async throws -> Bool {
        let expected = await Self.answer(model, asked.person, asked.command)
        let answer = await Self.answer(chat, asked.person, asked.command)
        #expect(answer == expected, "seed \(seed): \(asked.person.id) \(asked.command)")
        return answer == expected
    }

    private static func answer(_ chat: ChatHarness, _ person: ChatPerson, _ command: ChatCommand) async -> String {
        do {
            return String(buffer: try await chat(person, command).json)
        } catch let error as WireError {
            return error.code.rawValue
        } catch {
            return "\(error)"
        }
    }
}
