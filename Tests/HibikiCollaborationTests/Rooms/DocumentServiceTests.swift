// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiWire
import HibikiYjs
import Testing

@Suite(.timeLimit(.minutes(1))) struct `The documents of a server` {
    private static func code(_ body: () async throws -> Void) async throws -> WireErrorCode? {
        do {
            try await body()
            return nil
        } catch let error as WireError {
            return error.code
        }
    }

    @Test func `are in memory while somebody has them open, and a while longer`() async throws {
        let rooms = Rooms()
        let (_, seat) = try rooms.enter()
        seat.receive(YMessage.update(try update("hello")).frame)
        try await rooms.settle()
        rooms.wait(.seconds(300))
        rooms.service.sweep()
        #expect(rooms.service.openDocuments == 1)
        seat.leave()
        try await rooms.settle()
        rooms.wait(.seconds(29))
        rooms.service.sweep()
        #expect(rooms.service.openDocuments == 1)
        rooms.wait(.seconds(1))
        rooms.service.sweep()
        #expect(rooms.service.openDocuments == 0)
        let (next, _) = try rooms.enterAndAsk()
        try await rooms.settle()
        #expect(try next.text() == "hello")
    }

    @Test func `are not let go of while something is being stored`() async throws {
        let rooms = Rooms()
        let (_, seat) = try rooms.enter()
        try await rooms.settle()
        rooms.store.shut()
        seat.receive(YMessage.update(try update("hello")).frame)
        while rooms.store.waiting == 0 { await Task.yield() }
        seat.leave()
        rooms.wait(.seconds(60))
        rooms.service.sweep()
        #expect(rooms.service.openDocuments == 1)
        rooms.store.open()
        await rooms.service.stop()
        #expect(try await rooms.store.load(DocumentName("pad"))?.updates.count == 1)
    }

    @Test func `are so many at a time, with so many people in each`() async throws {
        let rooms = Rooms { configuration in
            configuration.documents = 2
            configuration.peers = 3
        }
        let first = try rooms.enter("a")
        _ = try rooms.enter("b")
        #expect(try await Self.code { _ = try rooms.enter("c") } == .overloaded)
        _ = try rooms.enter("a")
        _ = try rooms.enter("a")
        #expect(try await Self.code { _ = try rooms.enter("a") } == .limitExceeded)
        first.1.leave()
        _ = try rooms.enter("a")
    }

    @Test func `make space for another as soon as nobody has one of them open`() async throws {
        let rooms = Rooms { $0.documents = 2 }
        _ = try rooms.enter("a")
        let (_, seat) = try rooms.enter("b")
        seat.receive(YMessage.update(try update("kept")).frame)
        seat.leave()
        try await rooms.settle("b")
        _ = try rooms.enter("c")
        #expect(rooms.service.openDocuments == 2)
        #expect(try await rooms.store.load(DocumentName("b"))?.updates.count == 1)
    }

    @Test func `are deleted while people have them open, who are told`() async throws {
        let rooms = Rooms()
        let (peer, seat) = try rooms.enter()
        seat.receive(YMessage.update(try update("hello")).frame)
        try await rooms.settle()
        #expect(try await rooms.service.delete(DocumentName("pad")))
        #expect(peer.end == .deleted)
        seat.receive(YMessage.update(try update("again", client: 2)).frame)
        seat.leave()
        #expect(try await rooms.store.load(DocumentName("pad")) == nil)
        #expect(try await rooms.service.delete(DocumentName("pad")) == false)
        let (next, _) = try rooms.enterAndAsk()
        try await rooms.settle()
        #expect(try next.text() == "")
    }

    @Test(arguments: [YUpdateFormat.v1, .v2])
    func `take updates of either format from requests, and refuse what is none`(_ format: YUpdateFormat) async throws {
        let rooms = Rooms()
        let (peer, _) = try rooms.enter()
        let bytes = try YUpdate.convert(try update("hello"), from: .v1, to: format)
        try await rooms.service.apply(bytes, format: format, to: DocumentName("pad"))
        #expect(try peer.text() == "hello")
        let refusal = try await Self.code {
            try await rooms.service.apply([1, 2, 3], format: format, to: DocumentName("pad"))
        }
        #expect(refusal == .invalidMessage)
    }

    @Test func `take nobody in when the server is about to stop, and have stored all that came`() async throws {
        let rooms = Rooms()
        let (_, seat) = try rooms.enter()
        let document = YDocument(clientID: 1)
        for number in 0..<50 { seat.receive(YMessage.update(try update("x", at: number, in: document)).frame) }
        await rooms.service.stop()
        #expect(try await rooms.store.load(DocumentName("pad"))?.updates.count == 50)
        #expect(try await Self.code { _ = try rooms.enter() } == .shuttingDown)
    }

    @Test(arguments: ["", String(repeating: "x", count: 201), "a\u{0}b", "\u{7F}"])
    func `have names of 1 to 200 bytes without control characters`(_ text: String) {
        #expect(throws: WireError.self) { _ = try DocumentName(text) }
    }
}
