// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import Testing

@testable import HibikiSocketIO

extension SocketDataKeys {
    fileprivate var name: SocketDataKey<String> { SocketDataKey("name") }
}

@Suite struct `A client that lost its connection` {
    private static func recovery(
        _ change: (inout SocketIOServer.ConnectionStateRecovery) -> Void = { _ in }
    ) -> (inout SocketIOServer.Configuration) -> Void {
        var recovery = SocketIOServer.ConnectionStateRecovery()
        change(&recovery)
        return { $0.connectionStateRecovery = recovery }
    }

    @Test func `comes back as the same socket, and gets what it missed after the reply, in order`() async throws {
        try await ServerHarness.with(Self.recovery { $0.skipMiddlewares = true }) { harness in
            let middlewares = Notes<String>()
            harness.io.use { socket in
                middlewares.add("called")
                socket.data.name = "ada"
            }
            let (first, socket) = try await harness.client()
            await socket.join("room")
            harness.io.emit("seen", 1)
            try await harness.settle()
            let ticket = try Ticket(first)
            try await first.lose()
            harness.io.to("room").emit("missed", 1)
            harness.io.to("other").emit("foreign")
            harness.io.volatile.emit("volatile")
            harness.io.emit("missed", 2)
            try await harness.settle()

            let second = harness.session(loop: 1)
            try await second.receive(ticket.connect)
            try await harness.until { second.sent.count == 3 }
            #expect(second.sent[0].hasPrefix(#"0{"sid":"\#(ticket.id)","pid":""#))
            #expect(second.sent[1].hasPrefix(#"2["missed",1,"#))
            #expect(second.sent[2].hasPrefix(#"2["missed",2,"#))
            #expect(try Ticket(second).privateID == ticket.privateID)
            let again = try #require(second.application as? SocketClient).sockets.first
            #expect(again?.recovered == true)
            #expect(again?.rooms == [ticket.id, "room"])
            #expect(again?.data.name == "ada")
            #expect(middlewares.all.count == 1)
            harness.io.to("room").emit("after")
            try await harness.settle()
            #expect(second.sent.last?.hasPrefix(#"2["after","#) == true)
        }
    }

    @Test func `gets the same again if it was lost before it saw any of it`() async throws {
        try await ServerHarness.with(Self.recovery()) { harness in
            let (first, _) = try await harness.client()
            harness.io.emit("seen")
            try await harness.settle()
            let ticket = try Ticket(first)
            try await first.lose()
            harness.io.emit("missed")
            for _ in 0..<3 {
                let next = harness.session(loop: 1)
                try await next.receive(ticket.connect)
                try await harness.until { next.sent.count == 2 }
                #expect(next.sent.first?.contains(ticket.id) == true)
                #expect(next.sent.last?.hasPrefix(#"2["missed","#) == true)
                try await next.lose(.pingTimeout)
            }
            // And so it is for one that is lost while the server is at it.
            let hasty = harness.session()
            try await hasty.receive(ticket.connect)
            try await hasty.lose()
            try await harness.settle()
            let last = harness.session()
            try await last.receive(ticket.connect)
            try await harness.until { last.sent.count == 2 }
            #expect(last.sent.last?.hasPrefix(#"2["missed","#) == true)
        }
    }

    @Test func `comes back with a private id alone, if it has got no event`() async throws {
        try await ServerHarness.with(Self.recovery()) { harness in
            let (first, _) = try await harness.client()
            let ticket = try Ticket(first)
            #expect(ticket.offset == nil)
            try await first.lose()
            let second = harness.session()
            try await second.receive(ticket.connect)
            try await harness.until { second.sent.count == 1 }
            #expect(try Ticket(second).id == ticket.id)
        }
    }

    @Test func `takes its session over from a connection that does not answer, and from no other`() async throws {
        try await ServerHarness.with(Self.recovery()) { harness in
            let (first, socket) = try await harness.client()
            let ticket = try Ticket(first)
            let stranger = harness.session()
            try await stranger.receive(ticket.connect)
            try await harness.until { stranger.sent.count == 1 }
            #expect(try Ticket(stranger).id != ticket.id)
            #expect(socket.connected)
            first.isSilent = true
            let second = harness.session(loop: 1)
            try await second.receive(ticket.connect)
            try await harness.until { second.sent.count == 1 }
            #expect(try Ticket(second).id == ticket.id)
            #expect(!socket.connected)
            harness.io.emit("news")
            try await harness.settle()
            #expect(second.sent.last?.hasPrefix(#"2["news""#) == true)
            #expect(first.sent.allSatisfy { !$0.hasPrefix(#"2["news""#) })
        }
    }

    @Test func `gets a new socket if it left by itself, was put out, or is somebody else`() async throws {
        let configure = Self.recovery { $0.subject = { $0.header("x-user") } }
        try await ServerHarness.with(configure) { harness in
            for end in 0..<3 {
                let first = harness.session(headers: [("x-user", "ada")])
                try await first.receive("0")
                try await harness.settle()
                let ticket = try Ticket(first)
                switch end {
                case 0: try await first.receive("1")
                case 1: harness.io.disconnectSockets()
                default: try await first.lose()
                }
                try await harness.settle()
                let second = harness.session(headers: [("x-user", end == 2 ? "eve" : "ada")])
                try await second.receive(ticket.connect)
                try await harness.until { second.sent.count == 1 }
                #expect(try Ticket(second).id != ticket.id)
                try await second.receive("1")
            }
        }
    }

    @Test(arguments: ["", "x", "00000007-99999999", "00000007--1", "99999999-1"])
    func `gets a new socket, and the middlewares, for an offset that makes no sense`(_ offset: String) async throws {
        try await ServerHarness.with(Self.recovery { $0.skipMiddlewares = true }) { harness in
            let middlewares = Notes<Bool>()
            harness.io.use { middlewares.add($0.recovered) }
            let (first, _) = try await harness.client()
            var ticket = try Ticket(first)
            ticket.offset = offset
            try await first.lose()
            let second = harness.session()
            try await second.receive(ticket.connect)
            try await harness.until { second.sent.count == 1 }
            #expect(try Ticket(second).id != ticket.id)
            #expect(middlewares.all == [false, false])
        }
    }

    @Test func `is asked for each room whether it may still be there`() async throws {
        let configure = Self.recovery { $0.mayRecover = { _, room in room != "secret" } }
        try await ServerHarness.with(configure) { harness in
            let (first, socket) = try await harness.client()
            await socket.join("open", "secret")
            try await harness.settle()
            let ticket = try Ticket(first)
            try await first.lose()
            harness.io.to("secret").emit("hidden")
            harness.io.to("open").emit("shown")
            try await harness.settle()
            let second = harness.session()
            try await second.receive(ticket.connect)
            try await harness.until { second.sent.count == 2 }
            #expect(second.sent.last?.hasPrefix(#"2["shown","#) == true)
            let again = try #require(second.application as? SocketClient).sockets.first
            #expect(again?.rooms == [ticket.id, "open"])
        }
    }

    @Test func `goes through the middlewares if that is wanted, and may be refused`() async throws {
        try await ServerHarness.with(Self.recovery { $0.skipMiddlewares = false }) { harness in
            let recovered = Notes<Bool>()
            harness.io.use { socket in
                recovered.add(socket.recovered)
                if recovered.all.count == 2 { throw ConnectError("no") }
            }
            let (first, _) = try await harness.client()
            let ticket = try Ticket(first)
            try await first.lose()
            harness.io.emit("missed")
            let second = harness.session()
            try await second.receive(ticket.connect)
            try await harness.until { second.sent.count == 1 }
            #expect(second.sent == [#"4{"message":"no"}"#])
            #expect(recovered.all == [false, true])
        }
    }
}
