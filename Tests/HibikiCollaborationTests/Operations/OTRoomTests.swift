// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiOT
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A document of operations` {
    @Test func `is told to whoever comes from nothing, with its revision and their name`() async throws {
        let rooms = Rooms()
        let (_, seat) = try rooms.greet("aki")
        seat.submit(["hello"], at: 0, 1)
        let (peer, _) = try rooms.greet("bo")
        try await rooms.settle()
        let document = try #require(peer.all("document").first)
        #expect(document["document"] == "hello")
        #expect(document["revision"] == 1)
        #expect(document["client"] == "bo")
        #expect(document["kind"] == "text")
        #expect(document["access"] == "write")
        #expect(peer.handled == 1)
    }

    @Test func `tells everybody of an operation, its sender too, as it is after what was there first`() async throws {
        let rooms = Rooms()
        let (one, seat) = try rooms.greet("aki")
        let (other, otherSeat) = try rooms.greet("bo")
        seat.submit(["ab"], at: 0, 1)
        otherSeat.submit(["x"], at: 0, 1)
        try await rooms.settle()
        for peer in [one, other] {
            #expect(peer.all("operation").map { $0["client"] } == ["aki", "bo"])
            #expect(peer.all("operation").map { $0["revision"] } == [1, 2])
            #expect(peer.all("operation").last?["operation"] == ["x", 2])
        }
        #expect(try await rooms.document() == "xab")
    }

    @Test func `tells nobody of an operation before it is stored`() async throws {
        let rooms = Rooms()
        let (peer, seat) = try rooms.greet("aki")
        try await rooms.settle()
        rooms.store.shut()
        seat.submit(["hello"], at: 0, 1)
        while rooms.store.waiting == 0 { await Task.yield() }
        #expect(peer.all("operation").isEmpty)
        rooms.store.open()
        try await rooms.settle()
        #expect(peer.all("operation").count == 1)
        #expect(rooms.store.appends == [1])
    }

    @Test func `is told to those who come as it is behind all that is stored with their coming`() async throws {
        let rooms = Rooms()
        let (_, seat) = try rooms.greet("aki")
        try await rooms.settle()
        rooms.store.shut()
        seat.submit(["0"], at: 0, 1)
        while rooms.store.waiting == 0 { await Task.yield() }
        let (peer, _) = try rooms.greet("bo")
        for number in 2...5 { seat.submit(["x", OTValue(number - 1)], at: number - 1, number) }
        rooms.store.open()
        try await rooms.settle()
        #expect(rooms.store.appends == [1, 4])
        #expect(peer.all("document").map { $0["revision"] } == [5])
        #expect(peer.all("document").first?["document"] == "xxxx0")
    }

    @Test func `takes an operation once, however often it is sent, and answers its sender each time`() async throws {
        let rooms = Rooms()
        let (peer, seat) = try rooms.greet("aki")
        let (other, _) = try rooms.greet("bo")
        for _ in 0..<3 { seat.submit(["hello"], at: 0, 1) }
        try await rooms.settle()
        #expect(peer.all("operation").map { $0["revision"] } == [1, 1, 1])
        #expect(other.all("operation").count == 1)
        #expect(rooms.store.appends.reduce(0, +) == 1)
    }

    @Test func `knows what it has taken when the server has started again`() async throws {
        let rooms = Rooms()
        let (_, seat) = try rooms.greet("aki")
        seat.submit(["hello"], at: 0, 1)
        try await rooms.settle()
        let later = Rooms(rooms.store)
        let (peer, laterSeat) = try later.come("aki")
        laterSeat.hello(since: 0)
        laterSeat.submit(["hello"], at: 0, 1)
        try await later.settle()
        #expect(peer.all("operations").first?["revision"] == 1)
        #expect(peer.all("operation").map { $0["revision"] } == [1])
        #expect(try await later.document() == "hello")
    }

    @Test func `says to a client that opens it anew which of its numbers are used`() async throws {
        let rooms = Rooms()
        let (peer, seat) = try rooms.greet("aki")
        for number in 1...3 { seat.submit(number == 1 ? ["x"] : ["x", OTValue(number - 1)], at: number - 1, number) }
        seat.hello()
        let (other, _) = try rooms.greet("bo")
        try await rooms.settle()
        #expect(peer.all("document").last?["sequence"] == 3)
        #expect(other.all("document").first?["sequence"] == 0)
    }

    @Test func `belongs to the newest connection of a client`() async throws {
        let rooms = Rooms()
        let (old, oldSeat) = try rooms.greet("aki")
        let (new, newSeat) = try rooms.greet("aki")
        oldSeat.submit(["old"], at: 0, 1)
        newSeat.submit(["new"], at: 0, 1)
        try await rooms.settle()
        #expect(old.end == .replaced)
        #expect(new.end == nil)
        #expect(try await rooms.document() == "new")
    }

    @Test func `takes nothing from somebody who may only read, and says so`() async throws {
        let rooms = Rooms()
        let (reader, seat) = try rooms.greet("rei", as: .text, "pad", .read)
        seat.submit(["mine"], at: 0, 1)
        try await rooms.settle()
        let error = try #require(reader.all("error").first)
        #expect(error["code"] == "permission-denied")
        #expect(error["sequence"] == 1)
        #expect(error["reload"] == true)
        #expect(reader.all("document").first?["access"] == "read")
        #expect(reader.end == nil)
        #expect(try await rooms.store.load(DocumentName("pad")) == nil)
    }

    @Test(arguments: [
        "", "x", "[]", "{}", "{\"type\":\"word\"}", "{\"type\":\"hello\",\"revision\":-1,\"incarnation\":\"\"}",
        "{\"type\":\"hello\",\"revision\":1}", "{\"type\":\"submit\",\"revision\":0,\"sequence\":1}",
        "{\"type\":\"submit\",\"revision\":0,\"sequence\":1,\"operation\":[0]}",
        "{\"type\":\"submit\",\"revision\":1e300,\"sequence\":1,\"operation\":[\"x\"]}",
        "{\"type\":\"submit\",\"revision\":0,\"sequence\":0.5,\"operation\":[\"x\"]}",
        "{\"type\":\"submit\",\"revision\":0,\"sequence\":1,\"operation\":{\"ops\":[]}}",
        "{\"type\":\"submit\",\"revision\":0,\"sequence\":1,\"operation\":[\"\\ud800\"]}",
        "{\"type\":\"select\",\"revision\":0,\"selection\":{\"ranges\":[{\"anchor\":-1,\"head\":0}]}}",
        "{\"type\":\"select\",\"revision\":0,\"selection\":7}", String(repeating: "[", count: 100_000),
    ])
    func `puts out whoever sends what is no message, and nobody else`(_ text: String) async throws {
        let rooms = Rooms()
        let (neighbour, neighbourSeat) = try rooms.greet("bo")
        neighbourSeat.submit(["kept"], at: 0, 1)
        let (peer, seat) = try rooms.greet("mal")
        seat.receive(Array(text.utf8))
        await peer.waitForEnd()
        guard case .malformed = peer.end else {
            Issue.record("\(String(describing: peer.end))")
            return
        }
        try await rooms.settle()
        #expect(neighbour.end == nil)
        #expect(try await rooms.document() == "kept")
    }

    @Test func `does not take what does not fit, says so to its sender, and stays as it is`() async throws {
        let rooms = Rooms()
        let (peer, seat) = try rooms.greet("aki")
        seat.submit(["hello"], at: 0, 1)
        seat.submit([9, "x"], at: 1, 2)
        seat.submit([5, "x"], at: 7, 3)
        try await rooms.settle()
        #expect(peer.all("error").map { $0["code"] } == ["wrong-length", "revision-ahead"])
        #expect(peer.all("error").map { $0["sequence"] } == [2, 3])
        #expect(peer.all("error").allSatisfy { $0["reload"] == true })
        #expect(peer.end == nil)
        #expect(try await rooms.document() == "hello")
    }

    @Test func `has room for so much`() async throws {
        let rooms = Rooms { $0.documentBytes = 200 }
        let (peer, seat) = try rooms.greet("aki")
        seat.submit(["hello"], at: 0, 1)
        seat.submit([5, OTValue(String(repeating: "x", count: 100))], at: 1, 2)
        try await rooms.settle()
        #expect(peer.all("error").map { $0["code"] } == ["document-full"])
        #expect(try await rooms.document() == "hello")
    }

    @Test func `takes nothing from a client that has not said what it knows`() async throws {
        let rooms = Rooms()
        let (peer, seat) = try rooms.come("aki")
        seat.submit(["hello"], at: 0, 1)
        seat.select(0, at: 0)
        try await rooms.settle()
        #expect(peer.all("error").map { $0["code"] } == ["hello-first", "hello-first"])
        #expect(try await rooms.store.load(DocumentName("pad")) == nil)
    }

    @Test func `is read anew after it could not be stored, and takes what is sent again`() async throws {
        let rooms = Rooms()
        let (one, seat) = try rooms.greet("aki")
        let (other, _) = try rooms.greet("bo")
        seat.submit(["a"], at: 0, 1)
        try await rooms.settle()
        rooms.store.fails(true)
        seat.submit(["b", 1], at: 1, 2)
        await one.waitForEnd()
        await other.waitForEnd()
        #expect(one.end == .unavailable)
        #expect(other.all("operation").count == 1)
        rooms.store.fails(false)
        let incarnation = try #require(one.all("document").first?["incarnation"]?.string)
        let (back, newSeat) = try rooms.come("aki")
        newSeat.hello(since: 1, of: incarnation)
        newSeat.submit(["b", 1], at: 1, 2)
        try await rooms.settle()
        #expect(back.all("error").isEmpty)
        #expect(try await rooms.document() == "ba")
    }
}
