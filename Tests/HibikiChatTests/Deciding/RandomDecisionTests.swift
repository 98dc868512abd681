// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChatContract
import HibikiMessaging
import HibikiTestSupport
import HibikiWire
import NIOCore
import Testing

@testable import HibikiChat

@Suite struct `Any commands` {
    /// A room after some hundred commands, each committed alone, and the same commands in batches.
    private struct Run {
        var alone = MemoryChat()
        var batched = MemoryChat()

        init(seed: UInt64, count: Int) {
            var random = RandomCommands(seed: seed, room: "room")
            var sizes = SeededGenerator(seed: seed ^ 0xFFFF)
            let orders = (0..<count).map { number in
                let (person, command) = random.next()
                return ChatOrder(
                    command: command, person: person, now: .ms(Int64(number) * 1_000), freshRoom: "unused",
                    freshInvite: InviteToken(checked: "unused-unused-unused"))
            }.filter { $0.needs != nil }
            let alone = orders.map { Self.commit([$0], &self.alone) }.flatMap { $0 }
            var batched: [ChatOutcome] = []
            var rest = orders[...]
            while !rest.isEmpty {
                let batch = rest.prefix(Int.random(in: 1...40, using: &sizes))
                rest = rest.dropFirst(batch.count)
                batched += Self.commit(Array(batch), &self.batched)
            }
            #expect(zip(alone, batched).allSatisfy { Self.text($0) == Self.text($1) }, "seed \(seed)")
        }

        private static func commit(_ orders: [ChatOrder], _ chat: inout MemoryChat) -> [ChatOutcome] {
            var needs = ChatNeeds()
            for order in orders { if let its = order.needs { needs.formUnion(its) } }
            var ledger = ChatLedger(chat.facts(needs))
            let outcomes = orders.map { ledger.decide($0) }
            chat.apply(ledger.changes)
            return outcomes
        }

        private static func text(_ outcome: ChatOutcome) -> String {
            switch outcome.result {
            case .success(let result): String(buffer: result.json)
            case .failure(let error): "\((error as? WireError)?.code.rawValue ?? "\(error)")"
            }
        }
    }

    @Test(arguments: UInt64(1)...40)
    func `come to the same alone and in batches`(_ seed: UInt64) throws {
        let run = Run(seed: seed, count: 400)
        let alone = try #require(run.alone.rooms["room"])
        let batched = try #require(run.batched.rooms["room"])
        #expect(alone.room == batched.room)
        #expect(alone.members == batched.members)
        #expect(alone.messages == batched.messages)
        #expect(alone.events == batched.events)
        #expect(alone.edits == batched.edits)
        #expect(alone.reactions.filter { !$0.value.isEmpty } == batched.reactions.filter { !$0.value.isEmpty })
        #expect(alone.reports == batched.reports)
    }

    @Test(arguments: UInt64(1)...40)
    func `leave a room whose counters agree with what is in it`(_ seed: UInt64) throws {
        let room = try #require(Run(seed: seed, count: 400).batched.rooms["room"])
        #expect(room.messages.map(\.sequence) == Array(1...room.room.sequence))
        #expect(room.events.map(\.revision) == Array(1...room.room.revision))
        let joined = room.members.values.filter(\.isJoined)
        #expect(room.room.members == joined.count)
        #expect(room.room.owners == joined.filter { $0.role == .owner }.count)
        #expect(room.room.pins == room.messages.filter { $0.pinnedAt != nil }.count)
        #expect(room.room.reports == Int64(room.reports.count))
        for message in room.messages {
            let reactions = room.reactions[message.sequence] ?? []
            let counts = Dictionary(grouping: reactions, by: \.emoji).mapValues(\.count)
            #expect(Dictionary(uniqueKeysWithValues: message.reactions.map { ($0.emoji, $0.count) }) == counts)
            #expect(message.edits == room.edits[message.sequence]?.count ?? 0)
            #expect(message.replies == room.messages.filter { $0.thread == message.sequence }.count)
            #expect(message.revision <= room.room.revision)
        }
        for member in room.members.values {
            #expect(member.lastRead <= member.lastDelivered)
            #expect(member.lastDelivered <= room.room.sequence)
        }
    }

    @Test func `are wild enough to show something`() throws {
        let rooms = (UInt64(1)...40).compactMap { Run(seed: $0, count: 400).alone.rooms["room"] }
        let names = Set(rooms.flatMap { $0.events.map(\.name) })
        #expect(
            names == [
                .message, .messageEdited, .messageDeleted, .reaction, .pinned, .readReceipt, .deliveryReceipt,
                .userJoined,
                .userLeft, .roleChanged, .muted, .roomUpdated,
            ])
        #expect(rooms.allSatisfy { $0.messages.count > 20 })
    }
}
