// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIO
import NIOCore
import Testing

@testable import ArticleListings

@Suite struct `The listings about namespaces` {
    @Test func `make named ones`() async throws {
        try await ServerHarness.with(prepare: NamespaceListings.named) { harness in
            let (connection, _) = try await harness.client()
            try await connection.receive(#"0/admin,{"token":"no"}"#, #"0/admin,{"token":"ok"}"#, "0/none,")
            try await harness.until { connection.sent.count == 5 }
            let sent = connection.sent.dropFirst()
            #expect(sent.prefix(2) == [#"2["hello"]"#, #"4/admin,{"message":"denied"}"#])
            #expect(sent.dropFirst(2).first?.hasPrefix("0/admin,") == true)
            #expect(sent.last == #"4/none,{"message":"Invalid namespace"}"#)
        }
    }

    @Test func `make those that match, and reach them all`() async throws {
        try await ServerHarness.with { harness in
            let games = NamespaceListings.matching(on: harness.io)
            let (first, _) = try await harness.client("/game-1")
            _ = try await harness.client("/game-1", loop: 1)
            let (other, _) = try await harness.client("/game-2")
            NamespaceListings.pause(games)
            try await harness.settle()
            #expect(first.sent.dropFirst() == [#"2/game-1,["joined","/game-1"]"#, #"2/game-1,["paused"]"#])
            #expect(other.sent.dropFirst() == [#"2/game-2,["paused"]"#])
            #expect(Set(games.children.map(\.name)) == ["/game-1", "/game-2"])
            try await first.receive("0/game-x,")
            try await harness.until { first.sent.last == #"4/game-x,{"message":"Invalid namespace"}"# }
        }
    }

    @Test func `make those that are allowed`() async throws {
        let tenants = Tenants(keys: ["/tenant-a": "k"])
        try await ServerHarness.with(prepare: { NamespaceListings.allowed(on: $0, tenants: tenants) }) { harness in
            let connection = harness.session()
            try await connection.receive(#"0/tenant-a,{"key":"k"}"#)
            try await harness.until { connection.sent.last == #"2/tenant-a,["hello","/tenant-a"]"# }
            for refused in [#"/tenant-b,{"key":"k"}"#, "/tenant-b,", #"/other,{"key":"k"}"#] {
                let count = connection.sent.count
                try await connection.receive("0\(refused)")
                try await harness.until { connection.sent.count > count }
                #expect(connection.sent.last?.hasSuffix(#"{"message":"Invalid namespace"}"#) == true)
            }
        }
    }
}

@Suite struct `The listings about rooms` {
    @Test func `join and leave`() async throws {
        try await ServerHarness.with(prepare: RoomListings.joining) { harness in
            let (connection, socket) = try await harness.client()
            try await connection.receive(#"20["follow","0"]"#)
            let rooms = ["0", socket.id].sorted()
            #expect(connection.sent.last == #"30[["\#(rooms[0])","\#(rooms[1])"]]"#)
            try await connection.receive(#"2["unfollow","0"]"#)
            #expect(socket.rooms == [socket.id])
        }
    }

    @Test func `address whom they say`() async throws {
        try await ServerHarness.with { harness in
            let (speaker, socket) = try await harness.client()
            let (reader, readerSocket) = try await harness.client(loop: 1)
            let (muted, mutedSocket) = try await harness.client()
            await socket.join("sport")
            await readerSocket.join("sport", "weather")
            await mutedSocket.join("sport", "muted")
            RoomListings.addressing(harness.io, socket)
            try await harness.settle()
            #expect(self.numbers(speaker) == [1, 2, 3, 6, 7])
            #expect(self.numbers(reader) == [1, 2, 3, 4, 5, 7])
            #expect(self.numbers(muted) == [1, 2, 4, 7])
        }
    }

    private func numbers(_ connection: FakeConnection) -> [Int] {
        connection.sent.dropFirst().compactMap { Int($0.filter(\.isNumber).dropFirst()) }
    }

    @Test func `move many, look at them, and put some out`() async throws {
        try await ServerHarness.with { harness in
            let (first, one) = try await harness.client()
            let (second, two) = try await harness.client(loop: 1)
            let (third, three) = try await harness.client()
            await one.join("heat-1")
            await two.join("heat-2")
            await three.join("heat-2", "retired")
            RoomListings.moving(harness.io)
            try await harness.settle()
            #expect(one.rooms == [one.id, "final"])
            #expect(two.rooms == [two.id, "final"])
            #expect(third.sent.last == "1")
            #expect(try await RoomListings.looking(harness.io) == ["192.0.2.1", "192.0.2.1"])
            try await harness.settle()
            for connection in [first, second] {
                #expect(connection.sent.dropFirst() == [#"2["ready"]"#, #"2["seen"]"#])
            }
        }
    }

    @Test func `hear of rooms that begin and end`() async throws {
        let lines = Notes<String>()
        try await ServerHarness.with(prepare: { RoomListings.watching($0) { lines.add($0) } }) { harness in
            let (_, socket) = try await harness.client()
            await socket.join("a")
            await socket.leave("a")
            try await harness.settle()
            #expect(lines.all == ["\(socket.id) begins", "a begins", "a is empty"])
        }
    }

    @Test func `join a room with a topic, both ways`() async throws {
        try await ServerHarness.with(prepare: RoomListings.bridging) { harness in
            let topic = try Topic("public/tea")
            let (connection, _) = try await harness.client("/news")
            try await connection.receive(#"2/news,0["follow","tea"]"#)
            let draft = Draft(topic: topic, event: "price", payload: ByteBuffer(string: "2.5"))
            _ = try await harness.hub.publish(draft, at: harness.time.timestamp)
            try await harness.until { connection.sent.count == 3 }
            harness.io.of("/news").to("tea").emit("price", 3)
            harness.io.of("/news").to("tea").emit("prices", 3, 4)
            try await harness.settle()
            #expect(
                connection.sent.dropFirst() == [
                    "3/news,0[]", #"2/news,["price",2.5]"#, #"2/news,["price",3]"#, #"2/news,["prices",3,4]"#,
                ])
            let log = harness.hub.read(topic, from: .earliest, limit: 10, at: harness.time.timestamp)
            #expect(log.publications.map { "\($0.event) \(String(buffer: $0.payload))" } == ["price 2.5", "price 3"])
        }
    }
}
