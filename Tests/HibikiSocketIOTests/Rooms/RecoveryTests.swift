// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIOCodec
import HibikiTestSupport
import NIOCore
import Testing

@testable import HibikiSocketIO

extension RoomsHarness {
    /// Takes a member away as a broken connection does, and brings it back with what its client says it has got.
    fileprivate func comeBack(
        _ old: (member: RecordingMember, seat: RoomSeat), offset: String?, loop: Int = 1,
        meanwhile: () async throws -> Void = {}
    ) async throws -> (member: RecordingMember, restored: Restored?) {
        self.rooms.remove(old.seat, keeping: LeavingSession(id: old.member.id, privateID: "p-\(old.member.id)"))
        try await self.settle()
        try await meanwhile()
        let member = RecordingMember(old.member.id)
        guard let session = await self.session("p-\(old.member.id)") else { return (member, nil) }
        return (member, await self.restore(member, session, offset, loop: loop))
    }

    fileprivate func session(_ privateID: String) async -> StoredSession? {
        await withCheckedContinuation { session in
            self.rooms.takeSession(privateID) { session.resume(returning: $0) }
        }
    }

    fileprivate func restore(
        _ member: RecordingMember, _ session: StoredSession, _ offset: String?, loop: Int
    ) async -> Restored? {
        await withCheckedContinuation { restored in
            self.rooms.restore(member, loop: loop, session: session, offset: offset) { _ in
                true
            } completion: {
                restored.resume(returning: $0)
            }
        }
    }
}

extension Restored {
    fileprivate var texts: [String] { self.missed.map { offsetless($0.joined) } }
}

/// An event's text without the offset that it ends with.
private func offsetless(_ text: String) -> String {
    guard let comma = text.lastIndex(of: ","), text.hasSuffix("\"]") else { return text }
    return text[..<comma] + "]"
}

/// What a client keeps of an event.
private func offset(of text: String?) -> String? {
    text?.split(separator: "\"").dropLast().last.map(String.init)
}

@Suite struct `With recovery, an event` {
    @Test func `ends with its place in the log`() async throws {
        try await RoomsHarness.with(recovery: RecoveryOptions()) { harness in
            let (member, seat) = harness.member("m", rooms: ["a"])
            harness.emit(#"2["x",1]"#, to: "a")
            harness.rooms.send(.text(#"2["y"]"#), to: seat)
            harness.rooms.broadcast(
                EncodedPacket(.text(ByteBuffer(string: #"51-["z",{}]"#)), attachments: [ByteBuffer(string: "b")]),
                to: Audience(isLocal: true))
            try await harness.settle()
            #expect(
                member.texts == [
                    #"2["x",1,"00000007-1"]"#, #"2["y","00000007-2"]"#, #"51-["z",{},"00000007-3"]|b"#,
                ])
            #expect(!(try await harness.on(0) { harness.rooms.isDirect(seat) }))
        }
    }

    @Test func `that no log keeps ends with the place of the last that came before it`() async throws {
        try await RoomsHarness.with(recovery: RecoveryOptions()) { harness in
            let members = (0..<2).map { harness.member("m\($0)", loop: $0) }
            harness.rooms.broadcast(.text(#"2["v"]"#), to: Audience(isVolatile: true))
            harness.emit(#"2["x"]"#)
            harness.rooms.send(.text(#"2["v"]"#), to: members[1].seat, isVolatile: true)
            try await harness.settle()
            #expect(members[0].member.texts == [#"2["v","00000007-0"]"#, #"2["x","00000007-1"]"#])
            #expect(members[1].member.texts == members[0].member.texts + [#"2["v","00000007-1"]"#])
            #expect(members[1].member.batches.map { $0[0].isVolatile } == [true, false, true])
        }
    }

    @Test func `that asks for an ack is left as it is`() async throws {
        try await RoomsHarness.with(recovery: RecoveryOptions()) { harness in
            let (member, seat) = harness.member("m")
            harness.rooms.broadcast(.text(#"21["x"]"#), to: Audience(), takesOffset: false)
            harness.rooms.send(.text(#"22["y"]"#), to: seat, takesOffset: false)
            try await harness.settle()
            #expect(member.texts == [#"21["x"]"#, #"22["y"]"#])
        }
    }

    @Test(arguments: ["2", "", "2[", "2x", "2{}"])
    func `without arguments stays without`(_ text: String) {
        #expect(OffsetSplice.json(.text(text), "o") == .text(text))
    }
}

@Suite struct `A socket that comes back` {
    private let options = RecoveryOptions()

    @Test func `gets what it has missed, once, in order, and then what comes`() async throws {
        try await RoomsHarness.with(recovery: self.options) { harness in
            let old = harness.member("m", rooms: ["a", "b"])
            for number in 0..<4 { harness.emit("2[\(number)]", to: "a") }
            try await harness.settle()
            let last = try #require(offset(of: old.member.texts[1]))
            let (member, restored) = try await harness.comeBack(old, offset: last) {
                harness.emit("2[4]", to: "b", "c")
                harness.emit("2[5]", to: "c")
                harness.emit("2[6]")
                harness.emit("2[7]", to: "m")
                harness.emit("2[8]", to: "b", except: ["a"])
                harness.emit("2[9]", to: "b", except: ["c"])
                harness.rooms.broadcast(.text("2[10]"), to: Audience(leftOut: "m"))
                harness.rooms.broadcast(.text("2[11]"), to: Audience(isVolatile: true))
                harness.rooms.broadcast(.text("2[12]"), to: Audience(isLocal: true))
            }
            let restoration = try #require(restored)
            #expect(restoration.texts == [2, 3, 4, 6, 7, 9, 12].map { "2[\($0)]" })
            #expect(restoration.rooms == ["a", "b"])
            harness.emit("2[13]", to: "b")
            try await harness.settle()
            #expect(member.texts.map(offsetless) == ["2[13]"])
        }
    }

    @Test func `is recovered though it has got no event, from where it was connected`() async throws {
        try await RoomsHarness.with(recovery: self.options) { harness in
            harness.emit("2[0]")
            let quiet = harness.member("quiet", rooms: ["a"])
            let cut = harness.member("cut", rooms: ["a", "b"])
            harness.emit("2[1]", to: "b")
            try await harness.settle()
            let first = try await harness.comeBack(quiet, offset: nil) { harness.emit("2[2]", to: "a") }
            #expect(first.restored?.texts == ["2[2]"])
            // This one was sent an event, which has not arrived.
            let second = try await harness.comeBack(cut, offset: nil)
            #expect(second.restored?.texts == ["2[1]", "2[2]"])
        }
    }

    @Test func `comes back as often as it likes, but with each session once`() async throws {
        try await RoomsHarness.with(recovery: self.options) { harness in
            var current = harness.member("m", rooms: ["a"])
            var last: String?
            for number in 0..<5 {
                let (member, restored) = try await harness.comeBack(current, offset: last, loop: number % 2) {
                    if number != 2 { harness.emit("2[\(number)]", to: "a") }
                }
                let restoration = try #require(restored)
                #expect(restoration.texts == (number == 2 ? [] : ["2[\(number)]"]))
                last = offset(of: restoration.missed.last?.joined) ?? last
                #expect(await harness.session("p-m") == nil)
                current = (member, restoration.seat)
            }
        }
    }

    @Test func `is not recovered after the window, nor by another name, nor by an offset that is none`() async throws {
        try await RoomsHarness.with(recovery: self.options) { harness in
            let old = harness.member("m")
            #expect(await harness.session("p-m") == nil)
            let late = try await harness.comeBack(old, offset: nil) { harness.clock.advance(seconds: 121) }
            #expect(late.restored == nil)
            let next = harness.member("n")
            #expect(try await harness.comeBack(next, offset: "yesterday").restored == nil)
            let other = harness.member("o")
            #expect(try await harness.comeBack(other, offset: "00000008-0").restored == nil)
        }
    }

    @Test func `is recovered in a quiet room though others have filled the log`() async throws {
        let small = TopicRetention(publications: 10)
        try await RoomsHarness.with(recovery: self.options, retention: small) { harness in
            let old = harness.member("m", rooms: ["quiet"])
            harness.emit("2[0]", to: "quiet")
            try await harness.settle()
            let last = try #require(offset(of: old.member.texts.last))
            for _ in 0..<50 { harness.emit("2[1]", to: "busy") }
            let (_, restored) = try await harness.comeBack(old, offset: last) { harness.emit("2[2]", to: "quiet") }
            #expect(restored?.texts == ["2[2]"])
        }
    }

    @Test func `is told that it is not recovered if the log is gone, or has too much`() async throws {
        var narrow = self.options
        narrow.missedEvents = 5
        narrow.missedBytes = 200
        narrow.scannedEvents = 300
        try await RoomsHarness.with(recovery: narrow, retention: TopicRetention(publications: 1_000)) { harness in
            for (room, text, count, isRecovered) in [
                ("m", "2[0]", 5, true), ("m", "2[0]", 6, false), ("x", "2[0]", 200, true), ("x", "2[0]", 600, false),
                ("x", "2[0]", 1_001, false), ("m", "2[\(String(repeating: "1", count: 300))]", 1, false),
            ] {
                let old = harness.member("m")
                let (_, restored) = try await harness.comeBack(old, offset: nil) {
                    for _ in 0..<count { harness.emit(text, to: room) }
                }
                #expect((restored != nil) == isRecovered)
            }
        }
    }

    @Test func `gets nothing of the time before it was there`() async throws {
        try await RoomsHarness.with(recovery: self.options) { harness in
            harness.emit("2[0]")
            harness.emit("2[1]", to: "a")
            let old = harness.member("m")
            harness.emit("2[2]", to: "a")
            harness.rooms.join(old.seat, ["a"])
            harness.emit("2[3]", to: "a")
            let (_, restored) = try await harness.comeBack(old, offset: "00000007-0")
            #expect(restored?.texts == ["2[3]"])
        }
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `loses nothing and gets nothing twice while others send`(_ seed: UInt64) async throws {
        try await RoomsHarness.with(loops: 3, recovery: self.options) { harness in
            let clients = (0..<6).map { harness.member("m\($0)", loop: $0 % 3, rooms: ["a"]) }
            try await harness.settle()
            let (publishers, messages) = (3, 400)
            let got = try await withThrowingTaskGroup(of: (got: [String], member: RecordingMember)?.self) { tasks in
                for publisher in 0..<publishers {
                    tasks.addTask {
                        for number in 0..<messages {
                            harness.emit("2[\"\(publisher)/\(number)\"]", to: "a")
                            if number.isMultiple(of: 4) { await Task.yield() }
                        }
                        return nil
                    }
                }
                for (number, client) in clients.enumerated() {
                    tasks.addTask {
                        var generator = SeededGenerator(seed: seed << 8 | UInt64(number))
                        return try await self.comeAndGo(harness, client, using: &generator)
                    }
                }
                var all: [(got: [String], member: RecordingMember)] = []
                for try await case let one? in tasks { all.append(one) }
                return all
            }
            try await harness.settle()
            #expect(got.count == clients.count)
            let expected = (1...publishers * messages).map {
                StreamPosition(epoch: Epoch(7), offset: UInt64($0)).description
            }
            for (before, member) in got {
                #expect((before + member.texts).compactMap { offset(of: $0) } == expected)
            }
        }
    }

    /// A client that moves, is cut off and comes back, again and again.
    ///
    /// - Returns: what it has got until its last return, and the member that it is since.
    private func comeAndGo(
        _ harness: RoomsHarness, _ client: (member: RecordingMember, seat: RoomSeat),
        using generator: inout SeededGenerator
    ) async throws -> (got: [String], member: RecordingMember) {
        var current = client
        var got: [String] = []
        for _ in 0..<8 {
            await Task.yield()
            harness.rooms.move(current.seat, to: Int.random(in: 0..<3, using: &generator))
            // A client gets a part of what was sent.
            let sent = current.member.texts
            got += sent.prefix(Int.random(in: 0...sent.count, using: &generator))
            let loop = Int.random(in: 0..<3, using: &generator)
            let back = try await harness.comeBack(current, offset: offset(of: got.last), loop: loop)
            let restored = try #require(back.restored)
            got += restored.missed.map(\.joined)
            current = (back.member, restored.seat)
        }
        return (got, current.member)
    }
}
