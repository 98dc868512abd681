// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWebSocketCodec
import NIOCore
import Testing

@testable import HibikiTransports

@Suite(.everyEncoding) struct `Budgets of the native protocol` {
    /// Budgets that do not fill while a test runs.
    private func budgets(_ change: (inout BudgetConfiguration) -> Void) -> Budgets {
        var configuration = BudgetConfiguration.off
        change(&configuration)
        return Budgets(configuration)
    }

    private func few(_ burst: Int) -> Budget { Budget(1, per: .hour, burst: burst) }

    @Test func `refuse a message too many with its id and the time, and do not carry it out`() throws {
        let budgets = self.budgets { $0.connection.messages = self.few(2) }
        let server = try EmbeddedServer(budgets: budgets)
        let socket = try EmbeddedSocket(server)
        let neighbour = try EmbeddedSocket(server)
        let publish = #"{"type":"publish","topic":"public/a","payload":1,"id":"#
        for id in 1...2 { #expect(try socket.ask("\(publish)\(id)}").first?.member("type") == "reply") }
        let answers = try socket.ask("\(publish)3}")
        #expect(answers.count == 1)
        #expect(answers.first?.member("type") == "error" && answers.first?.member("id") == "3")
        #expect(answers.first?.member("code") == "rate_limited" && answers.first?.member("retry") == "true")
        let time = try #require(answers.first?.member("retryAfter").flatMap(Int.init))
        #expect((3_500_000...3_600_000).contains(time))
        #expect(try socket.ask("nonsense").first?.member("code") == "rate_limited")
        // Nothing else has been published, and nobody else is refused.
        let history = try neighbour.ask(#"{"type":"history","topic":"public/a","id":1}"#)
        #expect(history.first?.contains("00000007-2") == true && history.first?.contains("00000007-3") == false)
    }

    @Test func `refuse to follow more, and let go on with the rest`() throws {
        let server = try EmbeddedServer(budgets: self.budgets { $0.connection.joins = self.few(2) })
        let socket = try EmbeddedSocket(server)
        for (id, expected) in [(1, "reply"), (2, "reply"), (3, "error")] {
            let answers = try socket.ask(#"{"type":"subscribe","topic":"public/\#(id)","id":\#(id)}"#)
            #expect(answers.map { $0.member("type") } == [expected])
        }
        #expect(try socket.ask(#"{"type":"ping","id":9}"#) == [#"{"type":"reply","id":9}"#])
        try server.publish("1", to: "public/3")
        #expect(try socket.texts() == [])
        try server.publish("1", to: "public/2")
        #expect(try socket.texts().count == 1)
    }

    @Test func `count bytes, and let one large message pass that is larger than all of them`() throws {
        let server = try EmbeddedServer(budgets: self.budgets { $0.connection.bytes = self.few(100) })
        let socket = try EmbeddedSocket(server)
        let payload = String(repeating: "a", count: 1_000)
        let publish = #"{"type":"publish","topic":"public/a","payload":"\#(payload)","id":1}"#
        #expect(try socket.ask(publish).first?.member("type") == "reply")
        #expect(try socket.ask(#"{"type":"ping","id":2}"#).first?.member("code") == "rate_limited")
    }

    @Test func `close a connection that goes on all the same, with a code that invites it back`() throws {
        let budgets = self.budgets { budgets in
            budgets.connection.messages = self.few(1)
            budgets.refusals = self.few(3)
        }
        let socket = try EmbeddedSocket(try EmbeddedServer(budgets: budgets))
        let ping = #"{"type":"ping","id":1}"#
        #expect(try socket.ask(ping).first?.member("type") == "reply")
        for _ in 0..<3 { #expect(try socket.ask(ping).first?.member("code") == "rate_limited") }
        try socket.send(ping)
        let events = try socket.events()
        #expect(events.count == 2)
        let close = WebSocketCloseFrame(code: WebSocketCloseCode(rawValue: 4003), reason: "sent too much for too long")
        #expect(events.last == .close(close))
        #expect(budgets.refusals(of: .messagesOfConnection) == 4 && budgets.refusals(of: .refusals) == 1)
    }

    @Test func `count pings, of which those too many are not answered, and at last end the connection`() throws {
        let budgets = self.budgets { budgets in
            budgets.connection.messages = self.few(2)
            budgets.refusals = self.few(3)
        }
        let socket = try EmbeddedSocket(try EmbeddedServer(budgets: budgets))
        for number in 0..<5 { try socket.send(.ping, ByteBuffer(integer: UInt8(number))) }
        let pongs = (0..<2).map { WebSocketEvent.pong(ByteBuffer(integer: UInt8($0))) }
        #expect(try socket.events() == pongs)
        try socket.send(.ping)
        let close = WebSocketCloseFrame(code: WebSocketCloseCode(rawValue: 4003), reason: "sent too much for too long")
        #expect(try socket.events() == [.close(close)])
    }

    @Test func `are those of the address for all its connections, and not of another`() throws {
        let server = try EmbeddedServer(budgets: self.budgets { $0.address.messages = self.few(2) })
        let ping = #"{"type":"ping","id":1}"#
        for expected in ["reply", "reply", "error"] {
            #expect(try EmbeddedSocket(server).ask(ping).first?.member("type") == expected)
        }
        #expect(try EmbeddedSocket(server, from: "127.0.0.2").ask(ping).first?.member("type") == "reply")
    }

    @Test func `can be set anew for connections that are there`() throws {
        let budgets = self.budgets { $0.connection.messages = self.few(1) }
        let socket = try EmbeddedSocket(try EmbeddedServer(budgets: budgets))
        let ping = #"{"type":"ping","id":1}"#
        #expect(try socket.ask(ping).first?.member("type") == "reply")
        #expect(try socket.ask(ping).first?.member("type") == "error")
        budgets.set(.off)
        #expect(try socket.ask(ping).first?.member("type") == "reply")
    }
}

@Suite struct `Budgets of requests` {
    private func server(_ change: (inout BudgetConfiguration) -> Void) throws -> EmbeddedServer {
        var configuration = BudgetConfiguration.off
        change(&configuration)
        return try EmbeddedServer(budgets: Budgets(configuration))
    }

    @Test func `answer a poll too many with 429, when to come back, and what was spent`() throws {
        let server = try self.server { $0.connection.messages = Budget(1, per: .hour, burst: 2) }
        let client = try server.connect()
        for _ in 0..<2 {
            try client.get("/v1/events?topic=public/a")
            #expect(try client.receivedText().hasPrefix("HTTP/1.1 200 "))
        }
        try client.get("/v1/events?topic=public/a")
        let answer = try client.receivedText()
        #expect(answer.hasPrefix("HTTP/1.1 429 "))
        #expect(answer.contains("\r\nRetry-After: 3600\r\n"))
        #expect(answer.contains("\r\nRateLimit-Policy: \"messages-per-connection\";q=2;w=7200\r\n"))
        #expect(answer.contains("\r\nRateLimit: \"messages-per-connection\";r=0;t=3600\r\n"))
        #expect(answer.contains(#"{"error":{"code":"rate_limited","#))
        #expect(answer.contains(#""retry":true,"retryAfter":3"#))
        #expect(client.isOpen)
        let neighbour = try server.connect()
        try neighbour.get("/v1/events?topic=public/a")
        #expect(try neighbour.receivedText().hasPrefix("HTTP/1.1 200 "))
    }

    @Test func `count the topics of a stream, and end a connection that goes on`() throws {
        let server = try self.server { budgets in
            budgets.connection.joins = Budget(1, per: .hour, burst: 1)
            budgets.connection.messages = Budget(1, per: .hour, burst: 1)
            budgets.refusals = Budget(1, per: .hour, burst: 2)
        }
        let stream = try server.connect()
        try stream.get("/v1/events?topic=public/a&topic=public/b", "Accept: text/event-stream")
        #expect(try stream.receivedText().hasPrefix("HTTP/1.1 200 "))
        let client = try server.connect()
        var ends: [Bool] = []
        for _ in 0..<4 {
            try client.get("/v1/events?topic=public/a")
            ends.append(try client.receivedText().contains("\r\nConnection: close\r\n"))
        }
        #expect(ends == [false, false, false, true])
    }

    @Test func `are those of the address over as many connections as it likes`() throws {
        let server = try self.server { $0.address.messages = Budget(1, per: .hour, burst: 2) }
        for (ip, expected) in [("192.0.2.1", 200), ("192.0.2.1", 200), ("192.0.2.1", 429), ("192.0.2.2", 200)] {
            let client = try server.connect(from: ip)
            try client.get("/v1/events?topic=public/a")
            #expect(try client.receivedText().hasPrefix("HTTP/1.1 \(expected) "))
        }
    }
}
