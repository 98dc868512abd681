// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIOCodec
import HibikiTransports
import HibikiWire
import NIOCore
import Testing

@testable import HibikiSocketIO

private struct User: Codable, Sendable, Equatable {
    var name: String
    var age: Int
}

extension SocketDataKeys {
    fileprivate var user: SocketDataKey<User> { SocketDataKey("user") }
    fileprivate var secret: SocketDataKey<@Sendable () -> Void> { SocketDataKey("secret") }
}

@Suite struct `A server that is restarted` {
    private static func recovery(_ configuration: inout SocketIOServer.Configuration) {
        configuration.connectionStateRecovery = SocketIOServer.ConnectionStateRecovery()
    }

    /// What a file would bring back.
    private func reread(_ saved: [SavedNamespace]) throws -> [SavedNamespace] {
        var writer = SavedStateWriter()
        var bytes = ByteBuffer()
        for namespace in saved { namespace.save { writer.write($0, to: &bytes) } }
        writer.end(to: &bytes)
        var reader = SavedStateReader()
        reader.append(bytes)
        var restored = SavedNamespaces()
        while let record = try reader.next() { #expect(try restored.restore(record)) }
        try reader.finish()
        return restored.all
    }

    private func publish(_ hub: Hub, _ text: String) async throws {
        let draft = Draft(topic: try Topic("news"), event: "news", payload: ByteBuffer(string: text))
        _ = try await hub.publish(draft, at: Timestamp(milliseconds: 1_000_000))
    }

    @Test func `knows its sockets again, with their rooms and their data, and sends what they missed`() async throws {
        var kept: (log: MemoryEventLog, saved: [SavedNamespace], ticket: Ticket)?
        try await ServerHarness.with(Self.recovery) { harness in
            let (client, socket) = try await harness.client()
            await socket.join("room")
            socket.data.user = User(name: "ada", age: 36)
            socket.data.secret = {}
            harness.io.emit("seen")
            try await harness.settle()
            let ticket = try Ticket(client)
            try await client.lose()
            harness.io.to("room").emit("missed", 1)
            let log = try #require(harness.hub.broker.log as? MemoryEventLog)
            kept = (log, try self.reread(await harness.io.end()), ticket)
        }
        let (log, saved, ticket) = try #require(kept)
        #expect(saved.map(\.sessions.count) == [1])
        try await ServerHarness.with(log: log, Self.recovery, prepare: { $0.restore(saved) }) { harness in
            harness.io.to("room").emit("missed", 2)
            let client = harness.session(loop: 1)
            try await client.receive(ticket.connect)
            try await harness.until { client.sent.count == 3 }
            #expect(client.sent[0].contains(ticket.id))
            #expect(client.sent[1].hasPrefix(#"2["missed",1,"#))
            #expect(client.sent[2].hasPrefix(#"2["missed",2,"#))
            let socket = try #require(client.application as? SocketClient).sockets.first
            #expect(socket?.rooms == [ticket.id, "room"])
            #expect(socket?.data.user == User(name: "ada", age: 36))
            #expect(socket?.data.secret == nil)
        }
    }

    @Test func `takes over what was published on the topic of a room meanwhile, once`() async throws {
        let bridge: (SocketIOServer) -> Void = { $0.sockets.bridge { try? Topic($0) } }
        var kept: (log: MemoryEventLog, saved: [SavedNamespace], ticket: Ticket)?
        try await ServerHarness.with(Self.recovery, prepare: bridge) { harness in
            let (client, socket) = try await harness.client()
            await socket.join("news")
            try await harness.settle()
            try await self.publish(harness.hub, "1")
            try await harness.until { client.sent.count == 2 }
            let ticket = try Ticket(client)
            let log = try #require(harness.hub.broker.log as? MemoryEventLog)
            kept = (log, try self.reread(await harness.io.end()), ticket)
            // Nobody is left who would bring it to the room.
            try await self.publish(harness.hub, "2")
        }
        let (log, saved, ticket) = try #require(kept)
        try await ServerHarness.with(
            log: log, Self.recovery,
            prepare: { io in
                bridge(io)
                io.restore(saved)
            }
        ) { harness in
            try await self.publish(harness.hub, "3")
            try await harness.settle()
            let client = harness.session(loop: 1)
            try await client.receive(ticket.connect)
            try await harness.until { client.sent.count == 3 }
            try await self.publish(harness.hub, "4")
            try await harness.until { client.sent.count == 4 }
            #expect(
                client.sent.dropFirst().map { $0.prefix(#"2["news",0"#.count) }
                    == [#"2["news",2"#, #"2["news",3"#, #"2["news",4"#])
        }
    }

    @Test func `a client is told, and let go when its handler has answered`() async throws {
        try await ServerHarness.with { harness in
            let gate = Gate()
            harness.io.onConnection { socket in
                socket.on("work") { (ack: Ack) async in
                    await gate.pass()
                    ack("done")
                }
            }
            let (client, socket) = try await harness.client()
            try await client.receive(#"20["work"]"#)
            let application = try #require(client.application)
            #expect(application.shutDown(Farewell(reconnectDelay: .seconds(3))))
            try await harness.settle()
            #expect(client.sent.last?.hasPrefix(#"2["server:shutdown",{"message":""#) == true)
            #expect(client.sent.last?.hasSuffix(#","reconnectDelay":3000}]"#) == true)
            try await harness.pass(.milliseconds(60))
            #expect(!client.isClosed)
            gate.open()
            try await harness.until { client.sent.last == #"30["done"]"# }
            try await harness.pass(.milliseconds(60))
            try await harness.until { client.isClosed }
            #expect(!socket.connected)
        }
    }

    @Test func `a session without a namespace is no saved state`() {
        var restored = SavedNamespaces()
        let crossing = SavedRecord(.crossing) { bytes in
            bytes.writeSaved("room")
            bytes.writeSaved(StreamPosition(epoch: Epoch(7), offset: 1))
        }
        #expect(throws: DamagedState("a session has no namespace")) { try restored.restore(crossing) }
    }
}
