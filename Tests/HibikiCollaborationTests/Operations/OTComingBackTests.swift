// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiOT
import HibikiWire
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Who comes back to a document of operations` {
    /// A document of `count` letters, each of them an operation.
    private static func written(_ count: Int, _ rooms: Rooms) async throws -> String {
        let (peer, seat) = try rooms.greet("author")
        for number in 1...count {
            seat.submit(number == 1 ? ["x"] : ["x", OTValue(number - 1)], at: number - 1, number)
            try await rooms.settle()
        }
        seat.leave()
        return try #require(peer.all("document").first?["incarnation"]?.string)
    }

    @Test func `is told of the operations since`() async throws {
        let rooms = Rooms()
        let incarnation = try await Self.written(5, rooms)
        let (peer, seat) = try rooms.come("aki")
        seat.hello(since: 3, of: incarnation)
        try await rooms.settle()
        let answer = try #require(peer.all("operations").first)
        guard case .array(let operations)? = answer["operations"] else { throw WireError(.invalidMessage, "") }
        #expect(operations.map { $0["revision"] } == [4, 5])
        #expect(operations.last?["operation"] == ["x", 4])
        #expect(answer["revision"] == 5)
    }

    @Test func `is told of them also when they are in a snapshot and the server has started again`() async throws {
        let rooms = Rooms { $0.updatesBehindSnapshot = 4 }
        let incarnation = try await Self.written(10, rooms)
        let stored = try #require(try await rooms.store.load(DocumentName("pad")))
        #expect(stored.snapshot != nil && stored.updates.count < 4)
        let later = Rooms(rooms.store)
        let (peer, seat) = try later.come("aki")
        seat.hello(since: 1, of: incarnation)
        try await later.settle()
        guard case .array(let operations)? = peer.all("operations").first?["operations"] else {
            throw WireError(.invalidMessage, "\(peer.heard)")
        }
        #expect(operations.map { $0["revision"] } == (2...10).map { OTValue($0) })
    }

    @Test(arguments: [(2, 1 << 20), (1_000, 100)])
    func `is told to load anew what is older than what is kept, and can`(kept: Int, bytes: Int) async throws {
        let rooms = Rooms {
            $0.updatesBehindSnapshot = 4
            $0.operationsKept = kept
            $0.operationBytesKept = bytes
        }
        let incarnation = try await Self.written(8, rooms)
        let later = Rooms(rooms.store)
        let (peer, seat) = try later.come("aki")
        seat.hello(since: 1, of: incarnation)
        try await later.settle()
        let error = try #require(peer.all("error").first)
        #expect(error["code"] == "revision-gone")
        #expect(error["reload"] == true)
        seat.hello()
        try await later.settle()
        #expect(peer.all("document").first?["document"] == "xxxxxxxx")
        #expect(peer.end == nil)
    }

    @Test func `is told so when it is another document under the old name`() async throws {
        let rooms = Rooms()
        let incarnation = try await Self.written(3, rooms)
        #expect(try await rooms.service.delete(DocumentName("pad")))
        _ = try await Self.written(5, rooms)
        let (peer, seat) = try rooms.come("aki")
        seat.hello(since: 3, of: incarnation)
        seat.submit([3, "mine"], at: 3, 1)
        try await rooms.settle()
        #expect(peer.all("error").map { $0["code"] } == ["another-document", "hello-first"])
        #expect(try await rooms.document() == "xxxxx")
    }

    @Test func `keeps what was written into an empty document before the server started again`() async throws {
        let rooms = Rooms()
        let (peer, _) = try rooms.greet("aki")
        try await rooms.settle()
        let incarnation = try #require(peer.all("document").first?["incarnation"]?.string)
        let later = Rooms(rooms.store)
        let (_, seat) = try later.come("aki")
        seat.hello(since: 0, of: incarnation)
        seat.submit(["offline"], at: 0, 1)
        try await later.settle()
        #expect(try await later.document() == "offline")
    }
}
