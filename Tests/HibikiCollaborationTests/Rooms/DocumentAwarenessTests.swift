// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiYjs
import Testing

@Suite(.timeLimit(.minutes(1))) struct `What people show in a document` {
    private static func frame(_ client: Int, _ clock: Int = 1, at now: ContinuousClock.Instant) throws -> [UInt8] {
        var awareness = YAwareness(clientID: client)
        for _ in 0...clock { awareness.setLocalState(["name": .string("\(client)")], at: now) }
        return YMessage.awareness(awareness.encode([client])).frame
    }

    @Test func `is told to all who are there, and to whoever comes later`() async throws {
        let rooms = Rooms()
        let (one, seat) = try rooms.enter()
        seat.receive(try Self.frame(7, at: rooms.now))
        try await rooms.settle()
        #expect(try one.shown(at: rooms.now).keys.sorted() == [7])
        let (late, _) = try rooms.enter()
        try await rooms.settle()
        #expect(try late.shown(at: rooms.now).keys.sorted() == [7])
    }

    @Test func `is taken away as soon as their connection is gone`() async throws {
        let rooms = Rooms()
        let (_, seat) = try rooms.enter()
        let (other, _) = try rooms.enter()
        seat.receive(try Self.frame(7, at: rooms.now))
        try await rooms.settle()
        #expect(try other.shown(at: rooms.now).keys.sorted() == [7])
        seat.leave()
        seat.leave()
        try await rooms.settle()
        #expect(try other.shown(at: rooms.now).isEmpty)
    }

    @Test func `stays when somebody comes back on another connection before the old one is gone`() async throws {
        let rooms = Rooms()
        let (_, old) = try rooms.enter()
        let (_, new) = try rooms.enter()
        let (other, _) = try rooms.enter()
        old.receive(try Self.frame(7, 1, at: rooms.now))
        new.receive(try Self.frame(7, 2, at: rooms.now))
        old.leave()
        try await rooms.settle()
        #expect(try other.shown(at: rooms.now).keys.sorted() == [7])
        new.leave()
        try await rooms.settle()
        #expect(try other.shown(at: rooms.now).isEmpty)
    }

    @Test func `is there again as soon as they are back, though they show what they have shown before`() async throws {
        let rooms = Rooms()
        let (_, seat) = try rooms.enter()
        let (other, relay) = try rooms.enter()
        let frame = try Self.frame(7, at: rooms.now)
        seat.receive(frame)
        relay.receive(try Self.frame(8, at: rooms.now))
        seat.leave()
        try await rooms.settle()
        relay.receive(frame)
        try await rooms.settle()
        #expect(try other.shown(at: rooms.now).keys.sorted() == [8])
        let (_, back) = try rooms.enter()
        back.receive(frame)
        try await rooms.settle()
        #expect(try other.shown(at: rooms.now).keys.sorted() == [7, 8])
    }

    @Test func `is taken away when they were not heard of for thirty seconds`() async throws {
        let rooms = Rooms()
        let (other, seat) = try rooms.enter()
        seat.receive(try Self.frame(7, at: rooms.now))
        seat.receive(try Self.frame(8, at: rooms.now))
        try await rooms.settle()
        rooms.wait(.seconds(20))
        seat.receive(try Self.frame(8, 2, at: rooms.now))
        try await rooms.settle()
        rooms.wait(.seconds(11))
        rooms.service.sweep()
        try await rooms.settle()
        #expect(try other.shown(at: rooms.now).keys.sorted() == [8])
    }

    @Test func `is of a few clients for each connection, and not too long`() async throws {
        let rooms = Rooms { configuration in
            configuration.clientsOfPeer = 2
            configuration.awarenessBytes = 200
        }
        let (greedy, seat) = try rooms.enter()
        let (other, _) = try rooms.enter()
        for client in 1...3 { seat.receive(try Self.frame(client, at: rooms.now)) }
        await greedy.waitForEnd()
        try await rooms.settle()
        #expect(try other.shown(at: rooms.now).isEmpty)
        let (chatty, chattySeat) = try rooms.enter()
        var awareness = YAwareness(clientID: 5)
        awareness.setLocalState(.string(String(repeating: "x", count: 300)), at: rooms.now)
        awareness.setLocalState(.string(String(repeating: "x", count: 301)), at: rooms.now)
        chattySeat.receive(YMessage.awareness(awareness.encode([5])).frame)
        await chatty.waitForEnd()
        #expect(other.end == nil)
    }

    @Test func `is told to whoever asks`() async throws {
        let rooms = Rooms()
        let (peer, seat) = try rooms.enter()
        seat.receive(try Self.frame(7, at: rooms.now) + YMessage.queryAwareness.frame)
        try await rooms.settle()
        #expect(peer.heard.filter { if case .awareness = $0 { true } else { false } }.count == 2)
    }
}
