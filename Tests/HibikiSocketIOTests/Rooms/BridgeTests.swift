// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIOCodec
import NIOCore
import Testing

@testable import HibikiSocketIO

@Suite struct `A room that is a topic` {
    private func publish(_ harness: RoomsHarness, _ text: String, to topic: Topic) async throws {
        let draft = Draft(topic: topic, event: "e", payload: ByteBuffer(string: text))
        _ = try await harness.hub.publish(draft, at: harness.clock.now)
    }

    private func topicTexts(_ harness: RoomsHarness, _ topic: Topic) -> [String] {
        harness.hub.read(topic, from: .earliest, limit: 100, at: harness.clock.now).publications
            .map { "\($0.event) \(String(buffer: $0.payload))" }
    }

    @Test(arguments: [nil, RecoveryOptions()] as [RecoveryOptions?])
    func `gets what others publish there, as long as it has members`(_ recovery: RecoveryOptions?) async throws {
        let topic = try Topic("public/a")
        try await RoomsHarness.with(loops: 3, recovery: recovery, bridge: { $0 == "a" ? topic : nil }) { harness in
            let members = (0..<6).map { harness.member("m\($0)", loop: $0 % 3, rooms: [$0 < 4 ? "a" : "b"]) }
            try await harness.settle()
            try await self.publish(harness, "1", to: topic)
            try await self.publish(harness, "2", to: topic)
            try await harness.settle()
            for (_, seat) in members { harness.rooms.leave(seat, ["a"]) }
            try await harness.settle()
            #expect(harness.hub.topicsWithMembers == (recovery == nil ? 0 : 1))
            try await self.publish(harness, "3", to: topic)
            try await harness.settle()
            for (number, (member, _)) in members.enumerated() {
                let expected =
                    recovery == nil
                    ? [#"2["e",1]"#, #"2["e",2]"#] : [#"2["e",1,"00000007-1"]"#, #"2["e",2,"00000007-2"]"#]
                #expect(member.texts == (number < 4 ? expected : []))
            }
        }
    }

    @Test func `is published to by an emit, which its members get as it was sent, and once`() async throws {
        let topic = try Topic("public/a")
        try await RoomsHarness.with(bridge: { $0.hasPrefix("a") ? topic : nil }) { harness in
            let members = (0..<3).map { harness.member("m\($0)", loop: $0 % 2, rooms: $0 < 2 ? ["a"] : ["b"]).member }
            try await harness.settle()
            let event = BridgedEvent(name: "x", payload: ByteBuffer(string: "1"))
            harness.rooms.broadcast(.text(#"2["x",1,2]"#), to: Audience(rooms: ["a", "a2", "b"], leftOut: "m1")) {
                event
            }
            harness.rooms.broadcast(.text(#"2["y"]"#), to: Audience(rooms: ["b"])) {
                Issue.record("no room of this audience is bridged")
                return event
            }
            harness.rooms.broadcast(.text(#"2["z"]"#), to: Audience(rooms: ["a"], isLocal: true)) { event }
            harness.rooms.broadcast(.text(#"2["n"]"#), to: Audience(rooms: ["a"])) { nil }
            try await harness.settle()
            #expect(self.topicTexts(harness, topic) == ["x 1"])
            #expect(
                members.map(\.texts) == [
                    [#"2["x",1,2]"#, #"2["z"]"#, #"2["n"]"#], [#"2["z"]"#, #"2["n"]"#], [#"2["x",1,2]"#, #"2["y"]"#],
                ])
        }
    }

    @Test func `takes no event that the hub would not take from anybody`() async throws {
        let topic = try Topic("public/a")
        try await RoomsHarness.with(bridge: { _ in topic }) { harness in
            let large = ByteBuffer(repeating: UInt8(ascii: "1"), count: harness.hub.payloadBytes + 1)
            for event in [
                BridgedEvent(name: "", payload: ByteBuffer(string: "1")), BridgedEvent(name: "x", payload: large),
                BridgedEvent(name: String(repeating: "x", count: 256), payload: ByteBuffer(string: "1")),
            ] {
                harness.rooms.broadcast(.text("2[]"), to: Audience(rooms: ["a"])) { event }
            }
            #expect(self.topicTexts(harness, topic).isEmpty)
        }
    }

    @Test func `has its events recovered too`() async throws {
        let topic = try Topic("public/a")
        try await RoomsHarness.with(recovery: RecoveryOptions(), bridge: { _ in topic }) { harness in
            let (member, seat) = harness.member("m", rooms: ["a"])
            try await harness.settle()
            harness.rooms.remove(seat, keeping: LeavingSession(id: "m", privateID: "p"))
            try await harness.settle()
            try await self.publish(harness, "1", to: topic)
            try await harness.settle()
            let session = await withCheckedContinuation { taken in
                harness.rooms.takeSession("p") { taken.resume(returning: $0) }
            }
            let stored = try #require(session)
            let restored = await withCheckedContinuation { restored in
                harness.rooms.restore(member, loop: 1, session: stored, offset: nil) { _ in
                    true
                } completion: {
                    restored.resume(returning: $0)
                }
            }
            #expect(restored?.missed.map(\.joined) == [#"2["e",1,"00000007-1"]"#])
        }
    }
}
