// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

@testable import HibikiSocketIO

@Suite struct `A middleware` {
    @Test func `keeps a socket out with a message and data`() async throws {
        struct Secret: Error {}
        try await ServerHarness.with { harness in
            let calls = Notes<String>()
            harness.io.use { _ in calls.add("first") }
            harness.io.use { socket async throws in
                switch socket.handshake.auth["token"].string {
                case "ok": return
                case "secret": throw Secret()
                default: throw ConnectError("denied", data: ["code": 7])
                }
            }
            harness.io.use { _ in calls.add("last") }
            harness.io.onConnection { _ in calls.add("connected") }
            let connection = harness.session()
            try await connection.receive("0", #"0{"token":"secret"}"#, #"0{"token":"ok"}"#)
            #expect(
                connection.sent.prefix(2) == [
                    #"4{"message":"denied","data":{"code":7}}"#, #"4{"message":"internal error"}"#,
                ])
            #expect(connection.sent.last?.hasPrefix(#"0{"sid""#) == true)
            #expect(calls.all == ["first", "first", "first", "last", "connected"])
        }
    }

    @Test func `may put a socket into rooms`() async throws {
        try await ServerHarness.with { harness in
            harness.io.use { $0.join("room") }
            let (connection, socket) = try await harness.client()
            harness.io.to("room").emit("e")
            try await harness.settle()
            #expect(connection.sent.last == #"2["e"]"#)
            #expect(socket.rooms == [socket.id, "room"])
        }
    }

    @Test func `whose client has gone meanwhile leaves nothing behind`() async throws {
        try await ServerHarness.with { harness in
            let gate = Gate()
            let calls = Notes<String>()
            harness.io.use { _ in
                calls.add("asked")
                await gate.pass()
                calls.add("let in")
            }
            harness.io.onConnection { _ in calls.add("connected") }
            let connection = harness.session()
            try await connection.receive("0")
            try await connection.lose()
            gate.open()
            try await harness.until { calls.all.count == 2 }
            try await harness.settle()
            #expect(calls.all == ["asked", "let in"])
            #expect(connection.sent.isEmpty)
            #expect(harness.io.sockets.socketCount == 0)
            #expect(try await harness.io.fetchSockets().isEmpty)
        }
    }

    @Test(arguments: [#"2["x"]"#, "0", "1"])
    func `that has not decided yet leaves the client outside`(_ text: String) async throws {
        try await ServerHarness.with { harness in
            let gate = Gate()
            harness.io.use { _ in await gate.pass() }
            let connection = harness.session()
            try await connection.receive("0", text)
            #expect(connection.isClosed)
            gate.open()
        }
    }
}

@Suite struct `Namespaces` {
    @Test func `are separate worlds`() async throws {
        try await ServerHarness.with { harness in
            _ = harness.io.of("chat")
            let (first, _) = try await harness.client("/chat")
            let (second, _) = try await harness.client()
            harness.io.of("/chat").emit("e")
            harness.io.emit("f")
            try await harness.settle()
            #expect(first.sent.last == #"2/chat,["e"]"#)
            #expect(second.sent.last == #"2["f"]"#)
            #expect(harness.io.of("/") === harness.io.sockets)
            #expect(harness.io.of("chat") === harness.io.of("/chat"))
        }
    }

    @Test func `that a pattern or a closure allows are made for clients, with what the family has`() async throws {
        try await ServerHarness.with({ $0.childNamespaces = 3 }) { harness in
            let new = Notes<String>()
            let calls = Notes<String>()
            harness.io.onNewNamespace { new.add($0.name) }
            let digits = harness.io.of(matching: /^\/room-\d+$/)
            digits.use { socket in if socket.handshake.auth["no"].bool == true { throw ConnectError("no") } }
            digits.onConnection { socket in calls.add("digits \(socket.namespace.name)") }
            let asked = harness.io.of { name, auth async throws in
                await Task.yield()
                return name.hasPrefix("/tenant-") && auth["key"] == "k"
            }
            asked.onConnection { socket in calls.add("asked \(socket.namespace.name)") }

            let connection = harness.session()
            try await connection.receive(
                "0/room-1,", #"0/room-2,{"no":true}"#, #"0/tenant-a,{"key":"k"}"#, "0/tenant-b,")
            try await harness.until { connection.sent.count == 4 }
            #expect(Set(calls.all) == ["digits /room-1", "asked /tenant-a"])
            #expect(connection.sent.contains(#"4/room-2,{"message":"no"}"#))
            #expect(connection.sent.contains(#"4/tenant-b,{"message":"Invalid namespace"}"#))
            #expect(Set(new.all) == ["/room-1", "/room-2", "/tenant-a"])
            #expect(harness.io.of("/room-1").parent === digits)

            digits.emit("all", 1)
            try await harness.settle()
            #expect(connection.sent.last == #"2/room-1,["all",1]"#)
            await #expect(throws: EmitError.unsupported) { try await digits.fetchSockets() }

            try await connection.receive("0/room-3,")
            try await harness.until { connection.sent.last == #"4/room-3,{"message":"Invalid namespace"}"# }
            #expect(harness.io.of("/room-9").parent === digits)
        }
    }

    @Test func `that clients have made go when they are empty, if that is wanted`() async throws {
        for isWanted in [true, false] {
            try await ServerHarness.with({ $0.cleanupEmptyChildNamespaces = isWanted }) { harness in
                let family = harness.io.of(matching: /room/)
                let (connection, _) = try await harness.client("/room")
                #expect(family.children.count == 1)
                try await connection.receive("1/room,")
                #expect(family.children.count == (isWanted ? 0 : 1))
                try await connection.receive("0/room,")
                try await harness.until { connection.sent.count == 2 }
                #expect(family.children.count == 1)
            }
        }
    }

    @Test func `tell of their rooms`() async throws {
        let changes = Notes<RoomChange>()
        try await ServerHarness.with(prepare: { $0.sockets.onRoomChange(changes.add) }) { harness in
            let (connection, socket) = try await harness.client()
            await socket.join("a")
            await socket.leave("a")
            try await harness.settle()
            let id = socket.id
            #expect(
                changes.all == [
                    .created(id), .joined(id, socketID: id), .created("a"), .joined("a", socketID: id),
                    .left("a", socketID: id), .deleted("a"),
                ])
            try await connection.lose()
        }
    }

    @Test func `with a name that they cannot have are refused`() async throws {
        try await ServerHarness.with { harness in
            let long = "/" + String(repeating: "x", count: 300)
            _ = harness.io.of(long)
            let connection = harness.session()
            try await connection.receive("0\(long),")
            #expect(connection.sent == [#"4\#(long),{"message":"Invalid namespace"}"#])
        }
    }
}

@Suite struct `A server that closes` {
    @Test func `ends its sockets and tells clients nothing`() async throws {
        try await ServerHarness.with { harness in
            let reasons = Notes<DisconnectReason>()
            harness.io.onConnection { socket in socket.onDisconnect { reason, _ in reasons.add(reason) } }
            let (connection, _) = try await harness.client()
            await harness.io.close()
            await harness.io.close()
            #expect(reasons.all == [.serverShuttingDown])
            #expect(connection.sent.count == 1)
            #expect(harness.session().isClosed)
        }
    }
}

/// Two servers, each of which is all that the other has.
private struct OneOther: ServerSideRelay {
    let other: SocketIOServer

    func emit(
        _ event: String, _ arguments: Arguments, namespace: String, wantsAnswers: Bool, within timeout: Duration
    ) async throws -> [Arguments] {
        let answer = await self.other.of(namespace).receiveServerSide(event, arguments)
        return wantsAnswers ? [answer].compactMap(\.self) : []
    }
}

@Suite struct `A server-side event` {
    @Test func `reaches the other nodes and never its own`() async throws {
        let (one, two) = (SocketIOServer(), SocketIOServer())
        let heard = Notes<String>()
        for (name, server) in [("one", one), ("two", two)] {
            server.onServerSideEvent("told") { (text: String) in heard.add("\(name) \(text)") }
            server.onServerSideEvent("ask") { (number: Int) in "\(name) \(number)" }
        }
        try await one.serverSideEmit("told", "alone")
        #expect(try await one.serverSideEmitWithAck("ask", 1, as: String.self) == [])
        one.setRelay(OneOther(other: two))
        try await one.serverSideEmit("told", "x")
        #expect(heard.all == ["two x"])
        #expect(try await one.serverSideEmitWithAck("ask", 2, as: String.self) == ["two 2"])
        await #expect(throws: EmitError.reservedName("connection")) { try await one.serverSideEmit("connection") }
    }
}
