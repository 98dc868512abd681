// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIOCodec
import NIOCore
import Synchronization
import Testing

@testable import HibikiSocketIO

@Suite struct `A broadcast to rooms` {
    @Test func `reaches the union of the rooms, on every loop, each member once`() async throws {
        try await RoomsHarness.with(loops: 3) { harness in
            let members = [["a"], ["b"], ["a", "b"], [], ["c"]].enumerated().map { number, rooms in
                harness.member("m\(number)", loop: number % 3, rooms: rooms).member
            }
            harness.emit("x", to: "a", "b")
            try await harness.settle()
            #expect(members.map(\.texts) == [["x"], ["x"], ["x"], [], []])
        }
    }

    @Test func `reaches the whole namespace if it names no room`() async throws {
        try await RoomsHarness.with { harness in
            let members = (0..<4).map { harness.member("m\($0)", loop: $0 % 2).member }
            harness.emit("x")
            try await harness.settle()
            #expect(members.allSatisfy { $0.texts == ["x"] })
        }
    }

    @Test func `reaches one socket by its id, and another that has joined a room of that name`() async throws {
        try await RoomsHarness.with { harness in
            let members = [
                harness.member("m0").member, harness.member("m1", rooms: ["m0"]).member,
                harness.member("m2", loop: 1, rooms: ["m0"]).member, harness.member("m3").member,
            ]
            harness.emit("x", to: "m0")
            try await harness.settle()
            #expect(members.map(\.texts) == [["x"], ["x"], ["x"], []])
        }
    }

    @Test func `leaves out members of rooms that are excepted, single sockets too, and who sends it`() async throws {
        try await RoomsHarness.with { harness in
            let members = [["a"], ["a", "no"], ["a"], ["a"], ["no"]].enumerated().map { number, rooms in
                harness.member("m\(number)", loop: number % 2, rooms: rooms).member
            }
            for rooms in [["a"], []] {
                harness.rooms.broadcast(
                    .text("x"), to: Audience(rooms: rooms, except: ["no", "m2", "nobody"], leftOut: "m3"))
                try await harness.settle()
            }
            #expect(members.map(\.texts) == [["x", "x"], [], [], [], []])
        }
    }

    @Test func `says whether it is volatile and whether it is worth compressing`() async throws {
        try await RoomsHarness.with { harness in
            let member = harness.member("m").member
            harness.rooms.broadcast(.text("1"), to: Audience(isVolatile: true))
            harness.rooms.broadcast(.text("2"), to: Audience(isCompressible: false))
            harness.rooms.broadcast(.text("3"), to: Audience(isLocal: true))
            try await harness.settle()
            #expect(
                member.batches.flatMap(\.self) == [
                    RecordingMember.Record(text: "1", isVolatile: true, isCompressible: true),
                    RecordingMember.Record(text: "2", isVolatile: false, isCompressible: false),
                    RecordingMember.Record(text: "3", isVolatile: false, isCompressible: true),
                ])
        }
    }

    @Test func `of one turn to the same audience comes in one piece`() async throws {
        try await RoomsHarness.with(loops: 1) { harness in
            let member = harness.member("m", rooms: ["a"]).member
            try await harness.settle()
            try await harness.on(0) {
                for text in ["1", "2", "3"] { harness.emit(text, to: "a") }
                harness.emit("4")
                harness.emit("5")
            }
            try await harness.settle()
            #expect(member.batches.map { $0.map(\.text) } == [["1", "2", "3"], ["4", "5"]])
        }
    }

    @Test func `takes its attachments along`() async throws {
        try await RoomsHarness.with { harness in
            let member = harness.member("m").member
            let parts = [ByteBuffer(string: "one"), ByteBuffer(), ByteBuffer(string: "three")]
            harness.rooms.broadcast(
                EncodedPacket(.text(ByteBuffer(string: "53-[]")), attachments: parts), to: Audience())
            try await harness.settle()
            #expect(member.texts == ["53-[]|one||three"])
        }
    }
}

@Suite struct `What one caller does` {
    @Test(arguments: [0, 1])
    func `takes effect in the order of the calls`(_ caller: Int) async throws {
        try await RoomsHarness.with { harness in
            let (member, seat) = harness.member("m", loop: 0)
            try await harness.on(caller) {
                let rooms = harness.rooms
                harness.emit("before", to: "a")
                rooms.join(seat, ["a", "b"])
                harness.emit("1", to: "a")
                rooms.send(.text("2"), to: seat)
                harness.emit("3", to: "b")
                rooms.leave(seat, ["a"])
                harness.emit("after", to: "a")
                rooms.send(.text("4"), to: seat)
                harness.emit("5", to: "b")
                rooms.remove(seat)
                rooms.send(.text("never"), to: seat)
                harness.emit("never", to: "b")
            }
            try await harness.settle()
            #expect(member.texts == ["1", "2", "3", "4", "5"])
        }
    }

    @Test func `goes straight to the member on its loop, unless something earlier is on its way`() async throws {
        try await RoomsHarness.with { harness in
            let (member, seat) = harness.member("m", loop: 0)
            try await harness.settle()
            #expect(!harness.rooms.isDirect(seat))
            #expect(try await harness.on(1) { harness.rooms.isDirect(seat) } == false)
            let seen = try await harness.on(0) {
                let before = harness.rooms.isDirect(seat)
                harness.rooms.send(.text("1"), to: seat)
                let atOnce = member.texts
                harness.emit("2")
                let after = harness.rooms.isDirect(seat)
                harness.rooms.send(.text("3"), to: seat)
                return (before, atOnce, after, member.texts)
            }
            #expect(seen.0)
            #expect(seen.1 == ["1"])
            #expect(!seen.2)
            #expect(seen.3 == ["1"])
            try await harness.settle()
            #expect(member.texts == ["1", "2", "3"])
        }
    }

    @Test func `gathers answers on every loop, after what was sent before`() async throws {
        try await RoomsHarness.with(loops: 3) { harness in
            for number in 0..<9 {
                _ = harness.member("m\(number)", loop: number % 3, rooms: number < 6 ? ["a"] : [])
            }
            harness.emit("x", to: "a")
            let audience = Audience(rooms: ["a"], except: ["m0"])
            let answers = await harness.rooms.gather(audience) { member -> String? in
                guard member.id != "m1", let member = member as? RecordingMember else { return nil }
                return member.id + member.texts.joined()
            }
            #expect(answers.sorted() == ["m2x", "m3x", "m4x", "m5x"])
        }
    }

    @Test func `moves all members of an audience into rooms and out again`() async throws {
        try await RoomsHarness.with { harness in
            let members = (0..<4).map { harness.member("m\($0)", loop: $0 % 2, rooms: $0 < 2 ? ["a"] : []) }
            await withCheckedContinuation { done in
                harness.rooms.joinAll(Audience(rooms: ["a", "m2"]), ["b", "c"]) { done.resume() }
            }
            harness.emit("1", to: "b")
            harness.rooms.leaveAll(Audience(rooms: ["m0"]), ["b"])
            harness.emit("2", to: "b")
            try await harness.settle()
            #expect(members.map(\.member.texts) == [["1"], ["1", "2"], ["1", "2"], []])
            #expect(await harness.rooms.rooms(of: members[0].seat) == ["m0", "a", "c"])
            let sizes = await withCheckedContinuation { sizes in
                harness.rooms.roomSizes { sizes.resume(returning: $0) }
            }
            #expect(sizes == ["a": 2, "b": 2, "c": 3, "m0": 1, "m1": 1, "m2": 1, "m3": 1])
        }
    }

    @Test func `says once for the node which rooms begin and end, and who joins and leaves`() async throws {
        let events = Mutex<[RoomEvent]>([])
        let report: @Sendable (RoomEvent) -> Void = { event in events.withLock { $0.append(event) } }
        try await RoomsHarness.with(onRoomEvent: report) { harness in
            let first = harness.member("m0", loop: 0, rooms: ["a"]).seat
            try await harness.settle()
            let second = harness.member("m1", loop: 1, rooms: ["a", "a"]).seat
            try await harness.settle()
            harness.rooms.move(second, to: 0)
            try await harness.settle()
            harness.rooms.remove(first)
            try await harness.settle()
            harness.rooms.leave(second, ["a", "nowhere"])
            try await harness.settle()
            #expect(
                events.withLock { $0 } == [
                    .createRoom("m0"), .joinRoom("m0", id: "m0"), .createRoom("a"), .joinRoom("a", id: "m0"),
                    .createRoom("m1"), .joinRoom("m1", id: "m1"), .joinRoom("a", id: "m1"),
                    .leaveRoom("a", id: "m0"), .leaveRoom("m0", id: "m0"), .deleteRoom("m0"),
                    .leaveRoom("a", id: "m1"), .deleteRoom("a"),
                ])
        }
    }

    @Test func `is nothing for a member that is gone, or before the beginning, or after the end`() async throws {
        try await RoomsHarness.with { harness in
            let (member, seat) = harness.member("m")
            harness.rooms.stop()
            harness.rooms.join(seat, ["a"])
            harness.rooms.send(.text("x"), to: seat)
            #expect(await harness.rooms.rooms(of: seat) == nil)
            #expect(await harness.rooms.gather(Audience()) { $0.id }.isEmpty)
            harness.emit("x")
            let nowhere = harness.rooms.add(member, loop: 64)
            #expect(await harness.rooms.rooms(of: nowhere) == nil)
            #expect(member.texts.isEmpty)
        }
    }
}
