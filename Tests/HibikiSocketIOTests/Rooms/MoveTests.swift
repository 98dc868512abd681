// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIOCodec
import HibikiTestSupport
import NIOCore
import Testing

@testable import HibikiSocketIO

@Suite struct `A member that moves to another event loop while others send` {
    private static let publishers = 3
    private static let messages = 300

    /// Whether the numbers of each publisher came without a gap, without a repeat and in order.
    private func isWhole(_ texts: [String], of kind: String, publishers: Int = publishers) -> Bool {
        (0..<publishers).allSatisfy { publisher in
            let prefix = "\(kind)\(publisher)/"
            return texts.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
                == (0..<Self.messages).map(String.init)
        }
    }

    @Test(arguments: [(nil, 1), (nil, 2), (RecoveryOptions(), 3)] as [(RecoveryOptions?, UInt64)])
    func `loses nothing, gets nothing twice, and keeps the order of each sender`(
        _ recovery: RecoveryOptions?, _ seed: UInt64
    ) async throws {
        try await RoomsHarness.with(loops: 3, recovery: recovery) { harness in
            let members = (0..<60).map { harness.member("m\($0)", loop: $0 % 3, rooms: ["a", "m\($0)/b"]) }
            try await harness.settle()
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for publisher in 0..<Self.publishers {
                    tasks.addTask {
                        for number in 0..<Self.messages {
                            harness.emit("a\(publisher)/\(number)", to: "a")
                            let (_, seat) = members[(number + publisher) % members.count]
                            harness.rooms.send(.text("u\(publisher)"), to: seat)
                            if number.isMultiple(of: 8) { await Task.yield() }
                        }
                    }
                }
                tasks.addTask {
                    for (_, seat) in members {
                        for number in 0..<Self.messages { harness.rooms.send(.text("s0/\(number)"), to: seat) }
                    }
                }
                tasks.addTask {
                    var generator = SeededGenerator(seed: seed)
                    for _ in 0..<3 {
                        for (_, seat) in members.shuffled(using: &generator) {
                            let target = Int.random(in: 0..<3, using: &generator)
                            try await harness.on(target) { harness.rooms.move(seat, to: target) }
                        }
                    }
                }
                try await tasks.waitForAll()
            }
            try await harness.settle()
            for (number, (member, seat)) in members.enumerated() {
                let texts = member.texts
                #expect(self.isWhole(texts, of: "a"))
                #expect(self.isWhole(texts, of: "s", publishers: 1))
                let sent = (0..<Self.publishers).reduce(0) { sum, publisher in
                    sum + (0..<Self.messages).count { ($0 + publisher) % members.count == number }
                }
                #expect(texts.count { $0.hasPrefix("u") } == sent)
                #expect(await harness.rooms.rooms(of: seat) == ["m\(number)", "a", "m\(number)/b"])
            }
        }
    }

    @Test func `has its joins and leaves in their place`() async throws {
        try await RoomsHarness.with { harness in
            for round in 0..<200 {
                let (member, seat) = harness.member("m\(round)", loop: round % 2)
                try await harness.on((round + 1) % 2) {
                    harness.rooms.join(seat, ["a"])
                    harness.emit("1", to: "a")
                    harness.rooms.move(seat, to: (round + 1) % 2)
                    harness.emit("2", to: "a")
                    harness.rooms.leave(seat, ["a"])
                    harness.emit("never", to: "a")
                    harness.rooms.join(seat, ["a"])
                    harness.rooms.send(.text("3"), to: seat)
                    harness.emit("4", to: "a")
                    harness.rooms.remove(seat)
                    harness.emit("never", to: "a")
                }
                try await harness.settle()
                #expect(member.texts == ["1", "2", "3", "4"])
            }
        }
    }

    @Test func `is asked once`() async throws {
        try await RoomsHarness.with { harness in
            let members = (0..<20).map { harness.member("m\($0)", loop: 0) }
            for round in 0..<20 {
                async let asked = harness.rooms.gather(Audience()) { $0.id }
                for (_, seat) in members { harness.rooms.move(seat, to: (round + 1) % 2) }
                #expect(await asked.count == members.count)
            }
        }
    }

    @Test func `gets nothing directly before it has arrived`() async throws {
        try await RoomsHarness.with { harness in
            let (member, seat) = harness.member("m", loop: 0)
            try await harness.settle()
            let isDirect = try await harness.on(1) {
                harness.emit("1")
                harness.rooms.move(seat, to: 1)
                return harness.rooms.isDirect(seat)
            }
            #expect(!isDirect)
            harness.rooms.send(.text("2"), to: seat)
            try await harness.settle()
            #expect(member.texts == ["1", "2"])
            #expect(try await harness.on(1) { harness.rooms.isDirect(seat) })
        }
    }

    @Test func `that was removed does not come back`() async throws {
        try await RoomsHarness.with { harness in
            let (member, seat) = harness.member("m", loop: 0)
            harness.rooms.remove(seat)
            harness.rooms.move(seat, to: 1)
            harness.rooms.send(.text("never"), to: seat)
            harness.emit("never")
            #expect(await harness.rooms.rooms(of: seat) == nil)
            #expect(member.texts.isEmpty)
        }
    }

    @Test func `gets all that is published on the topic of a room, and nothing twice`() async throws {
        let topic = try Topic("public/a")
        try await RoomsHarness.with(loops: 3, bridge: { $0 == "a" ? topic : nil }) { harness in
            let members = (0..<30).map { harness.member("m\($0)", loop: $0 % 3, rooms: ["a"]) }
            try await harness.settle()
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for publisher in 0..<Self.publishers {
                    tasks.addTask {
                        for number in 0..<Self.messages {
                            let draft = Draft(
                                topic: topic, event: "e\(publisher)", payload: ByteBuffer(string: "\(number)"))
                            _ = try await harness.hub.publish(draft, at: harness.clock.now)
                            if number.isMultiple(of: 8) { await Task.yield() }
                        }
                    }
                }
                tasks.addTask {
                    var generator = SeededGenerator(seed: 9)
                    for _ in 0..<4 {
                        for (_, seat) in members.shuffled(using: &generator) {
                            let target = Int.random(in: 0..<3, using: &generator)
                            try await harness.on(target) { harness.rooms.move(seat, to: target) }
                        }
                    }
                }
                try await tasks.waitForAll()
            }
            try await harness.settle()
            for (member, _) in members {
                for publisher in 0..<Self.publishers {
                    let prefix = "2[\"e\(publisher)\","
                    #expect(
                        member.texts.filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count).dropLast() }
                            == (0..<Self.messages).map { Substring("\($0)") })
                }
            }
        }
    }
}
