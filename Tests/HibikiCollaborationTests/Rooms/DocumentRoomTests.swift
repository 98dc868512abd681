// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiWire
import HibikiYjs
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A document's room` {
    @Test func `greets whoever comes with what it has, and answers what that one lacks`() async throws {
        let rooms = Rooms()
        try await rooms.service.apply(try update("hello"), to: DocumentName("pad"))
        let (peer, _) = try rooms.enterAndAsk()
        try await rooms.settle()
        guard case .syncStep1(let vector) = peer.heard.first else {
            Issue.record("\(peer.heard)")
            return
        }
        #expect(try YStateVector(encoded: vector)[1] == 5)
        #expect(try peer.text() == "hello")
    }

    @Test func `tells everybody of an update, its sender too, in the bytes in which it came`() async throws {
        let rooms = Rooms()
        let (one, seat) = try rooms.enter()
        let (other, _) = try rooms.enter()
        let bytes = try update("hello")
        seat.receive(YMessage.update(bytes).frame)
        try await rooms.settle()
        #expect(one.heard.contains(.update(bytes)))
        #expect(other.heard.contains(.update(bytes)))
        #expect(one.handled == 1)
    }

    @Test func `tells nobody of an update before it is stored`() async throws {
        let rooms = Rooms()
        let (peer, seat) = try rooms.enter()
        try await rooms.settle()
        rooms.store.shut()
        seat.receive(YMessage.update(try update("hello")).frame)
        while rooms.store.waiting == 0 { await Task.yield() }
        #expect(try peer.text() == "")
        #expect(peer.handled == 0)
        rooms.store.open()
        try await rooms.settle()
        #expect(try peer.text() == "hello")
        #expect(try await rooms.store.load(DocumentName("pad"))?.updates.count == 1)
    }

    @Test func `shows nobody who looks at it what is not stored yet`() async throws {
        let rooms = Rooms()
        let (_, seat) = try rooms.enter()
        try await rooms.settle()
        let document = YDocument(clientID: 1)
        let hasLooked = Atomic(false)
        rooms.store.shut()
        seat.receive(YMessage.update(try update("a", in: document)).frame)
        while rooms.store.waiting == 0 { await Task.yield() }
        seat.receive(YMessage.update(try update("b", at: 1, in: document)).frame)
        async let text = rooms.service.look(at: DocumentName("pad")) { document in
            hasLooked.store(true, ordering: .relaxed)
            return try document.text("t").string
        }
        while rooms.service.users < 2 { await Task.yield() }
        rooms.store.letThrough()
        while rooms.store.appends.isEmpty || rooms.store.waiting == 0 { await Task.yield() }
        let lookedTooEarly = hasLooked.load(ordering: .relaxed)
        #expect(!lookedTooEarly)
        rooms.store.open()
        #expect(try await text == "ab")
    }

    @Test func `stores together what came while something was being stored`() async throws {
        let rooms = Rooms()
        let (peer, seat) = try rooms.enter()
        try await rooms.settle()
        let document = YDocument(clientID: 1)
        rooms.store.shut()
        seat.receive(YMessage.update(try update("0", in: document)).frame)
        while rooms.store.waiting == 0 { await Task.yield() }
        for number in 1...9 {
            seat.receive(YMessage.update(try update("\(number)", at: number, in: document)).frame)
        }
        rooms.store.open()
        try await rooms.settle()
        #expect(rooms.store.appends == [1, 9])
        #expect(try peer.text() == "0123456789")
    }

    @Test func `stores an update once, however often it is sent, and answers each time`() async throws {
        let rooms = Rooms()
        let (peer, seat) = try rooms.enter()
        let frame = YMessage.update(try update("hello")).frame
        for _ in 0..<3 { seat.receive(frame) }
        try await rooms.settle()
        #expect(try await rooms.store.load(DocumentName("pad"))?.updates.count == 1)
        #expect(peer.heard.filter { if case .update = $0 { true } else { false } }.count == 3)
    }

    @Test func `takes several messages in one frame`() async throws {
        let rooms = Rooms()
        let (peer, seat) = try rooms.enter()
        let step2 = YMessage.syncStep2(update: try update("hello")).frame
        seat.receive(step2 + YMessage.syncStep1(vector: YStateVector().encoded()).frame)
        try await rooms.settle()
        #expect(try peer.text() == "hello")
        #expect(peer.heard.contains { if case .syncStep2 = $0 { true } else { false } })
    }

    @Test func `puts out whoever sends what is no message, and keeps the document as it was`() async throws {
        let rooms = Rooms()
        try await rooms.service.apply(try update("hello"), to: DocumentName("pad"))
        let (neighbour, _) = try rooms.enterAndAsk()
        let frames: [[UInt8]] = [
            [9], [0], [0, 7, 0], [0, 2, 200], YMessage.update([1, 2, 3]).frame, [1, 3, 1, 2, 3],
            YMessage.syncStep1(vector: [5]).frame, [UInt8](repeating: 3, count: 101),
        ]
        for frame in frames {
            let (peer, seat) = try rooms.enter()
            seat.receive(frame)
            await peer.waitForEnd()
            guard case .malformed = peer.end else {
                Issue.record("\(frame): \(String(describing: peer.end))")
                continue
            }
        }
        try await rooms.settle()
        #expect(neighbour.end == nil)
        #expect(try neighbour.text() == "hello")
        #expect(try await rooms.store.load(DocumentName("pad"))?.updates.count == 1)
    }

    @Test func `takes nothing from somebody who may only read, and says so once`() async throws {
        let rooms = Rooms()
        let (reader, seat) = try rooms.enter("pad", .read)
        let (other, _) = try rooms.enter()
        for text in ["one", "two"] { seat.receive(YMessage.update(try update(text, client: text.count)).frame) }
        seat.receive(YMessage.syncStep2(update: YUpdate.empty).frame)
        try await rooms.settle()
        #expect(try await rooms.store.load(DocumentName("pad")) == nil)
        #expect(try other.text() == "")
        #expect(reader.heard.filter { if case .permissionDenied = $0 { true } else { false } }.count == 1)
        #expect(reader.end == nil)
    }

    @Test func `says nothing to a reader that sends what is known already`() async throws {
        let rooms = Rooms()
        let bytes = try update("hello")
        try await rooms.service.apply(bytes, to: DocumentName("pad"))
        let (reader, seat) = try rooms.enter("pad", .read)
        seat.receive(YMessage.syncStep2(update: bytes).frame)
        try await rooms.settle()
        #expect(reader.heard.count == 1)
    }

    @Test func `refuses what a document has no room for, and keeps what it has`() async throws {
        let rooms = Rooms { $0.documentBytes = 100 }
        let (peer, seat) = try rooms.enter()
        seat.receive(YMessage.update(try update("hello")).frame)
        seat.receive(YMessage.update(try update(String(repeating: "x", count: 100), client: 2)).frame)
        await peer.waitForEnd()
        #expect(peer.end == .full)
        let (next, _) = try rooms.enterAndAsk()
        try await rooms.settle()
        #expect(try next.text() == "hello")
    }

    @Test func `puts everybody out when it cannot store, and is read anew when they come back with what they have`()
        async throws
    {
        let rooms = Rooms()
        let (one, seat) = try rooms.enter()
        let (other, _) = try rooms.enter()
        seat.receive(YMessage.update(try update("hello")).frame)
        try await rooms.settle()
        rooms.store.fails(true)
        let lost = YMessage.update(try update("lost", client: 2)).frame
        seat.receive(lost)
        await one.waitForEnd()
        await other.waitForEnd()
        #expect(one.end == .unavailable)
        #expect(try other.text() == "hello")
        rooms.store.fails(false)
        let (back, newSeat) = try rooms.enterAndAsk()
        newSeat.receive(lost)
        try await rooms.settle()
        #expect(try back.text().count == 9)
        #expect(try await rooms.store.load(DocumentName("pad"))?.updates.count == 2)
    }

    @Test func `puts out whoever comes while a document cannot be read, and never takes it for empty`() async throws {
        let rooms = Rooms()
        try await rooms.service.apply(try update("hello"), to: DocumentName("pad"))
        rooms.wait(.seconds(60))
        rooms.service.sweep()
        rooms.store.fails(true)
        let (peer, _) = try rooms.enterAndAsk()
        await peer.waitForEnd()
        #expect(peer.end == .unavailable)
        rooms.store.fails(false)
        let (next, _) = try rooms.enterAndAsk()
        try await rooms.settle()
        #expect(try next.text() == "hello")
    }

    @Test func `reads back what it has taken, though in one piece it is more than an update may ask for`() async throws
    {
        let rooms = Rooms { configuration in
            configuration.updates.conflictSteps = 1_000
            configuration.updatesBehindSnapshot = 300
        }
        let (_, seat) = try rooms.enter()
        for client in 1...300 { seat.receive(YMessage.update(try update("x", client: client)).frame) }
        await rooms.service.stop()
        #expect(try await rooms.store.load(DocumentName("pad"))?.snapshot != nil)
        let again = Rooms(rooms.store) { $0.updates.conflictSteps = 1_000 }
        let (peer, _) = try again.enterAndAsk()
        try await again.settle()
        #expect(peer.end == nil)
        #expect(try peer.text().count == 300)
    }

    @Test func `makes a snapshot of many updates, and is the same after it`() async throws {
        let rooms = Rooms { $0.updatesBehindSnapshot = 10 }
        let (_, seat) = try rooms.enter()
        let document = YDocument(clientID: 1)
        for number in 0..<25 {
            seat.receive(YMessage.update(try update("\(number % 10)", at: number, in: document)).frame)
            try await rooms.settle()
        }
        await rooms.service.stop()
        let stored = try #require(try await rooms.store.load(DocumentName("pad")))
        #expect(stored.snapshot != nil)
        #expect(stored.updates.count < 10)
        #expect(stored.sequence == 25)
        let (peer, _) = try Rooms(rooms.store).enterAndAsk()
        while peer.heard.count < 2 { await Task.yield() }
        #expect(try peer.text() == "0123456789012345678901234")
    }
}
