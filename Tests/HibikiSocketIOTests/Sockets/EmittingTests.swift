// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

@testable import HibikiSocketIO

private struct Move: Codable, Sendable {
    var x: Int
}

private struct Unwritable: Encodable, Sendable {
    struct Refusal: Error {}

    func encode(to encoder: any Encoder) throws { throw Refusal() }
}

@Suite struct `An emit` {
    @Test func `writes arguments of any type`() async throws {
        try await ServerHarness.with(prepare: { _ = $0.of("/n") }) { harness in
            let (connection, socket) = try await harness.client("/n")
            socket.emit("e", "é\"", 1, 2.5, true, Move(x: 1), nil as Int?, ["a": JSON.null], ByteBuffer(bytes: [1]))
            socket.emit("none")
            socket.send("hello")
            try await harness.settle()
            #expect(
                connection.sent.dropFirst() == [
                    #"51-/n,["e","é\"",1,2.5,true,{"x":1},null,{"a":null},{"_placeholder":true,"num":0}]"#, "<01>",
                    #"2/n,["none"]"#, #"2/n,["message","hello"]"#,
                ])
        }
    }

    @Test func `on the loop of the connection and from elsewhere keeps its order, acks and the end included`()
        async throws
    {
        try await ServerHarness.with { harness in
            harness.io.onConnection { socket in
                socket.join("room")
                socket.on("go") { (ack: Ack) in
                    socket.emit("1")
                    harness.io.to("room").emit("2")
                    socket.emit("3", Move(x: 3))
                    ack("4")
                    harness.io.emit("5")
                    socket.disconnect(close: true)
                    socket.emit("never")
                }
            }
            let (connection, _) = try await harness.client()
            try await connection.receive(#"20["go"]"#)
            try await harness.until { connection.isClosed }
            #expect(
                connection.sent.dropFirst() == [
                    #"2["1"]"#, #"2["2"]"#, #"2["3",{"x":3}]"#, #"30["4"]"#, #"2["5"]"#, "1",
                ])
        }
    }

    @Test(arguments: ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"])
    func `of a reserved name is dropped and reported`(_ name: String) async throws {
        try await ServerHarness.with { harness in
            let failures = Notes<EmitError>()
            harness.io.onEncodingError { failures.add($0.error) }
            let (connection, socket) = try await harness.client()
            socket.emit(name)
            harness.io.emit(name)
            try await harness.settle()
            #expect(connection.sent.count == 1)
            #expect(failures.all == [.reservedName(name), .reservedName(name)])
            await #expect(throws: EmitError.reservedName(name)) { try await socket.emitWithAck(name) }
        }
    }

    @Test func `that cannot be written is dropped and reported`() async throws {
        try await ServerHarness.with { harness in
            let failures = Notes<String>()
            harness.io.onEncodingError { failures.add($0.event) }
            harness.io.onConnection { socket in socket.on("ask") { Unwritable() } }
            let (connection, socket) = try await harness.client()
            socket.emit("a", Unwritable())
            harness.io.emit("b", Unwritable())
            try await connection.receive(#"20["ask"]"#)
            try await harness.settle()
            #expect(connection.sent.dropFirst() == [#"30[{"error":{"message":"internal error"}}]"#])
            #expect(failures.all == ["a", "b", "ack"])
        }
    }

    @Test func `in a middleware waits for the reply, as many as may`() async throws {
        try await ServerHarness.with({ $0.earlyEmits = 2 }) { harness in
            harness.io.use { socket in
                for n in 1...3 { socket.emit("early", n) }
            }
            let (connection, _) = try await harness.client()
            #expect(connection.sent.count == 3)
            #expect(connection.sent.dropFirst() == [#"2["early",1]"#, #"2["early",2]"#])
        }
    }
}

@Suite struct `An emit with an ack` {
    @Test func `gets the answer, with ids that count in the namespace from 0`() async throws {
        try await ServerHarness.with { harness in
            let (first, firstSocket) = try await harness.client()
            let (second, secondSocket) = try await harness.client(loop: 1)
            async let one = firstSocket.emitWithAck("ask", "a", as: Int.self)
            try await harness.until { first.sent.last == #"20["ask","a"]"# }
            async let two = secondSocket.timeout(.seconds(1)).emitWithAck("ask")
            try await harness.until { second.sent.last == #"21["ask"]"# }
            try await first.receive("31[9]", "30[7]", "30[8]")
            try await second.receive(#"31["x",2]"#)
            #expect(try await one == 7)
            #expect(try await two.json == ["x", 2])
            #expect(harness.io.deadlines.count == 0)
        }
    }

    @Test func `with binary comes back with it`() async throws {
        try await ServerHarness.with { harness in
            let (connection, socket) = try await harness.client()
            async let answer = socket.emitWithAck("ask", as: ByteBuffer.self)
            try await harness.until { connection.sent.count == 2 }
            try await connection.receive(#"61-0[{"_placeholder":true,"num":0}]"#)
            try await connection.receive(binary: [4, 5])
            #expect(try await answer == ByteBuffer(bytes: [4, 5]))
        }
    }

    @Test func `ends with its time, with the socket, and with its task`() async throws {
        try await ServerHarness.with { harness in
            let (connection, socket) = try await harness.client()
            let late = Task { try await socket.timeout(.seconds(2)).emitWithAck("a") }
            let cancelled = Task { try await socket.emitWithAck("b") }
            let lost = Task { try await socket.emitWithAck("c") }
            try await harness.until { connection.sent.count == 4 }
            try await harness.pass(.milliseconds(1_999))
            cancelled.cancel()
            await #expect(throws: CancellationError.self) { try await cancelled.value }
            try await harness.pass(.milliseconds(1))
            await #expect(throws: EmitError.timeout) { try await late.value }
            try await connection.lose()
            await #expect(throws: EmitError.disconnected) { try await lost.value }
            await #expect(throws: EmitError.disconnected) { try await socket.emitWithAck("d") }
        }
    }

    @Test func `is refused when too many are pending, or when it cannot be written`() async throws {
        try await ServerHarness.with({ $0.pendingAcks = 1 }) { harness in
            let (connection, socket) = try await harness.client()
            let first = Task { try await socket.emitWithAck("a", as: Int.self) }
            try await harness.until { connection.sent.count == 2 }
            await #expect(throws: EmitError.tooManyPendingAcks) { try await socket.emitWithAck("b") }
            try await connection.receive("30[1]")
            #expect(try await first.value == 1)
            await #expect(throws: EmitError.self) { try await socket.emitWithAck("c", Unwritable()) }
            #expect(connection.sent.count == 2)
        }
    }

    @Test func `whose answer is of another type throws where`() async throws {
        try await ServerHarness.with { harness in
            let (connection, socket) = try await harness.client()
            let answer = Task { try await socket.emitWithAck("a", as: Move.self) }
            try await harness.until { connection.sent.count == 2 }
            try await connection.receive(#"30[{"x":"y"}]"#)
            let error = await #expect(throws: ArgumentError.self) { try await answer.value }
            #expect(error?.path.description == "arguments[0].x")
        }
    }
}

@Suite struct `A broadcast` {
    /// Who got the event `e`.
    private func whoGot(
        _ harness: ServerHarness, _ connections: [FakeConnection], after emit: () -> Void
    ) async throws -> [Int] {
        let before = connections.map(\.sent.count)
        emit()
        try await harness.settle()
        return connections.indices.filter { connections[$0].sent.count > before[$0] }
    }

    @Test func `reaches those whom it names, each once`() async throws {
        try await ServerHarness.with { harness in
            var connections: [FakeConnection] = []
            var sockets: [Socket] = []
            for (number, rooms) in [["a"], ["b"], ["a", "b"], []].enumerated() {
                let (connection, socket) = try await harness.client(loop: number % 2)
                socket.join(rooms)
                connections.append(connection)
                sockets.append(socket)
            }
            let io = harness.io
            let first = sockets[0]
            let cases: [(BroadcastOperator, [Int])] = [
                (io.everyone, [0, 1, 2, 3]), (io.to("a"), [0, 2]), (io.in("a", "b"), [0, 1, 2]),
                (io.to(["a"]).to("b").except("b"), [0]), (io.except("a"), [1, 3]), (io.local, [0, 1, 2, 3]),
                (io.volatile.compress(false).to("b"), [1, 2]), (io.sockets.to(sockets[3].id), [3]),
                (first.broadcast, [1, 2, 3]), (first.to("a"), [2]), (first.in("a", "b"), [1, 2]),
                (first.except("b"), [3]), (first.local, [1, 2, 3]), (first.volatile.to("a"), [2]),
                (first.timeout(.seconds(1)).broadcast, [1, 2, 3]),
            ]
            for (operation, expected) in cases {
                let got = try await self.whoGot(harness, connections) { operation.emit("e", 1) }
                #expect(got == expected)
            }
            #expect(connections[2].sent.dropFirst().allSatisfy { $0 == #"2["e",1]"# })
            #expect(try await self.whoGot(harness, connections) { first.emit("e", 1) } == [0])
            #expect(try await self.whoGot(harness, connections) { first.volatile.emit("e", 1) } == [0])
        }
    }

    @Test func `gathers the acks of all`() async throws {
        try await ServerHarness.with { harness in
            let (first, one) = try await harness.client()
            let (second, _) = try await harness.client(loop: 1)
            await one.join("room")
            let all = Task { try await harness.io.timeout(.seconds(1)).emitWithAck("ask", 1, as: String.self) }
            try await harness.until { first.sent.count == 2 && second.sent.count == 2 }
            #expect(first.sent.last == #"20["ask",1]"#)
            #expect(second.sent.last == #"20["ask",1]"#)
            try await second.receive(#"30["b"]"#, #"30["c"]"#)
            try await first.receive(#"30["a"]"#)
            #expect(try await all.value == ["b", "a"])
            #expect(try await harness.io.to("nobody").emitWithAck("ask", as: Int.self) == [])
        }
    }

    @Test func `whose acks do not all come in time throws with those that have`() async throws {
        try await ServerHarness.with { harness in
            let (first, _) = try await harness.client()
            let (second, _) = try await harness.client(loop: 1)
            let all = Task { try await harness.io.emitWithAck("ask", as: Int.self) }
            try await harness.until { first.sent.count == 2 && second.sent.count == 2 }
            try await first.receive("30[1]")
            try await harness.pass(.seconds(5))
            let error = await #expect(throws: BroadcastTimeout.self) { try await all.value }
            #expect(error?.responses(as: Int.self) == [1])
            #expect(error?.expected == 2)
            // A late answer is for nobody, and the table has no trace of it.
            try await second.receive("30[2]")
            #expect(harness.io.deadlines.count == 0)
        }
    }

    @Test func `fetches, moves and ends sockets`() async throws {
        try await ServerHarness.with { harness in
            let (_, one) = try await harness.client()
            let (second, two) = try await harness.client(loop: 1)
            await two.join("b")
            harness.io.socketsJoin("all")
            harness.io.to("b").socketsLeave("all")
            harness.io.to("all").emit("e")
            let fetched = try await harness.io.in("all").fetchSockets()
            #expect(fetched.map(\.id) == [one.id])
            #expect(fetched.first?.rooms == [one.id, "all"])
            #expect(one.rooms == [one.id, "all"])
            #expect(two.rooms == [two.id, "b"])
            #expect(try await harness.io.fetchSockets().count == 2)
            #expect(await harness.io.sockets.roomSizes() == [one.id: 1, two.id: 1, "all": 1, "b": 1])
            harness.io.to("b").disconnectSockets()
            try await harness.until { !two.connected }
            #expect(second.sent.last == "1")
            #expect(!second.isClosed)
            fetched.first?.join("x")
            fetched.first?.leave("all")
            try await harness.settle()
            #expect(one.rooms == [one.id, "x"])
            fetched.first?.disconnect(close: true)
            try await harness.until { !one.connected }
        }
    }

    @Test func `asks one socket through its remote form`() async throws {
        try await ServerHarness.with { harness in
            let (connection, _) = try await harness.client()
            let remote = try #require(try await harness.io.fetchSockets().first)
            let answer = Task { try await remote.emitWithAck("ask", as: Int.self) }
            try await harness.until { connection.sent.count == 2 }
            try await connection.receive("30[5]")
            #expect(try await answer.value == 5)
        }
    }
}

@Suite struct `A socket` {
    @Test func `is in its rooms until it ends`() async throws {
        try await ServerHarness.with({ $0.roomsPerSocket = 3 }) { harness in
            let errors = Notes<String>()
            let (connection, socket) = try await harness.client()
            socket.onError { errors.add("\(type(of: $0))") }
            await socket.join("a", "b")
            socket.join(["a", "c", "d"])
            #expect(socket.rooms == [socket.id, "a", "b", "c"])
            #expect(errors.all == ["RoomLimitError"])
            await socket.leave("b")
            await socket.leave(socket.id)
            #expect(socket.rooms == [socket.id, "a", "c"])
            try await connection.lose()
            await socket.join("e")
            #expect(socket.rooms.isEmpty)
            #expect(await harness.io.sockets.roomSizes().isEmpty)
        }
    }

    @Test func `that is put out gets told, with the reason, and keeps the connection`() async throws {
        try await ServerHarness.with(prepare: { _ = $0.of("/b") }) { harness in
            let reasons = Notes<String>()
            for name in ["/", "/b"] {
                harness.io.of(name).onConnection { socket in
                    socket.onDisconnect { reason, _ in reasons.add("\(name) \(reason)") }
                }
            }
            let (connection, socket) = try await harness.client()
            try await connection.receive("0/b,")
            socket.disconnect()
            socket.disconnect()
            try await harness.settle()
            #expect(connection.sent.filter { $0 == "1" }.count == 1)
            #expect(reasons.all == ["/ server namespace disconnect"])
            #expect(!connection.isClosed)
            try await connection.receive("0")
            let again = try #require(connection.application as? SocketClient).sockets.first { $0.namespace.name == "/" }
            again?.disconnect(close: true)
            try await harness.until { connection.isClosed }
            #expect(Set(connection.sent.suffix(2)) == ["1", "1/b,"])
            #expect(reasons.all.count == 3)
        }
    }

    @Test func `knows the handshake`() async throws {
        try await ServerHarness.with { harness in
            let connection = harness.session(
                url: "/socket.io/?a=1&a=2", query: [("a", "1"), ("a", "2")],
                headers: [("origin", "https://x"), ("x-a", "1"), ("x-a", "2")], isSecure: true)
            try await connection.receive(#"0{"token":"t","n":{"x":[1]}}"#)
            let handshake = try #require(connection.application as? SocketClient).sockets.first?.handshake
            #expect(handshake?.auth == ["token": "t", "n": ["x": [1]]])
            #expect(handshake?.headers == ["origin": "https://x", "x-a": "1, 2"])
            #expect(handshake?.query == ["a": "2"])
            #expect(handshake?.address == "192.0.2.1")
            #expect(handshake?.isSecure == true)
            #expect(handshake?.isCrossDomain == true)
            #expect(handshake?.issued == 1_795_257_026_000)
            #expect(handshake?.time == "Sat Nov 21 2026 10:30:26 GMT+0000 (Coordinated Universal Time)")
            #expect(handshake?.json["xdomain"] == true)
        }
    }

    @Test func `is found by rooms after its connection has changed the loop`() async throws {
        try await ServerHarness.with { harness in
            let (connection, socket) = try await harness.client(loop: 0)
            await socket.join("room")
            harness.io.to("room").emit("1")
            try await connection.move(to: 1)
            harness.io.to("room").emit("2")
            socket.emit("3")
            try await harness.settle()
            #expect(connection.sent.dropFirst() == [#"2["1"]"#, #"2["2"]"#, #"2["3"]"#])
        }
    }
}

extension SocketDataKeys {
    fileprivate var user: SocketDataKey<String> { SocketDataKey("user") }
    fileprivate var visits: SocketDataKey<Int> { SocketDataKey("visits") }
}

@Suite struct `The data of a socket` {
    @Test func `has names and types that the application declares`() async throws {
        try await ServerHarness.with { harness in
            harness.io.use { socket in socket.data.user = "ada" }
            let (_, socket) = try await harness.client()
            #expect(socket.data.user == "ada")
            #expect(socket.data.visits == nil)
            socket.data.update(SocketDataKey<Int>("visits")) { $0 = ($0 ?? 0) + 1 }
            #expect(socket.data.visits == 1)
            #expect(socket.data.json == ["user": "ada", "visits": 1])
            #expect(try await harness.io.fetchSockets().first?.data == ["user": "ada", "visits": 1])
            socket.data.user = nil
            #expect(socket.data.json == ["visits": 1])
        }
    }
}
