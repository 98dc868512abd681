// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIOCodec
import NIOCore
import Synchronization
import Testing

@testable import HibikiSocketIO

@Suite(.timeLimit(.minutes(1))) struct `A socket whose client shows a token` {
    private static let access = AccessControl(permissions: .development, authenticator: NameTokens())

    private static func query(_ token: String?) -> [(name: String, value: String)] {
        [("EIO", "4"), ("transport", "websocket")] + (token.map { [("token", $0)] } ?? [])
    }

    private static func socket(of connection: FakeConnection) throws -> Socket {
        let client = try #require(connection.application as? SocketClient)
        return try #require(client.sockets.first)
    }

    private static func recovery(_ configuration: inout SocketIOServer.Configuration) {
        configuration.connectionStateRecovery = .init()
    }

    /// A client in the rooms `open` and `secret`, which has lost its connection and missed an event in each of them.
    private static func cutOff(_ token: String, _ harness: ServerHarness) async throws -> Ticket {
        let first = harness.session(query: Self.query(token))
        try await first.receive("0")
        try await harness.until { first.sent.count == 1 }
        let socket = try Self.socket(of: first)
        try await harness.until { socket.connected }
        await socket.join("open", "secret")
        let ticket = try Ticket(first)
        try await first.lose()
        harness.io.to("secret").emit("hidden")
        harness.io.to("open").emit("shown")
        try await harness.settle()
        return ticket
    }

    @Test func `has its principal when middlewares and handlers are called`() async throws {
        try await ServerHarness.with(access: Self.access) { harness in
            let seen = Notes<String>()
            harness.io.use { seen.add($0.principal.id ?? "-") }
            harness.io.onConnection { seen.add($0.principal.roles.sorted().joined(separator: "+")) }
            let connection = harness.session()
            try await connection.receive(#"0{"token":"alice staff admin"}"#)
            try await harness.until { seen.all == ["alice", "admin+staff"] }
            let anonymous = harness.session()
            try await anonymous.receive("0")
            try await harness.until { seen.all.count == 4 }
            #expect(seen.all.suffix(2) == ["-", ""])
        }
    }

    @Test func `stays out with one that is no good, and may try another`() async throws {
        try await ServerHarness.with(access: Self.access) { harness in
            let connection = harness.session()
            try await connection.receive(#"0{"token":"bad"}"#)
            try await harness.until { connection.sent.count == 1 }
            #expect(
                connection.sent.first
                    == #"4{"message":"no name","data":{"code":"invalid_token","retry":false}}"#)
            try await connection.receive(#"0{"token":"alice"}"#)
            try await harness.until { connection.sent.count == 2 }
            #expect(connection.sent.last?.hasPrefix(#"0{"sid""#) == true)
        }
    }

    @Test func `comes back as the same socket only for the same principal`() async throws {
        try await ServerHarness.with(access: Self.access, Self.recovery) { harness in
            for (token, isSame) in [("alice", true), ("mallory", false), (nil, false), ("alice staff", true)] {
                let first = harness.session(query: Self.query("alice"))
                try await first.receive("0")
                try await harness.until { first.sent.count == 1 }
                let ticket = try Ticket(first)
                try await first.lose()
                try await harness.settle()
                let second = harness.session(query: Self.query(token))
                try await second.receive(ticket.connect)
                try await harness.until { second.sent.count == 1 }
                #expect((try Ticket(second).id == ticket.id) == isSame, "\(token ?? "nobody")")
                try await second.receive("1")
            }
        }
    }

    @Test func `gets nothing of rooms that it may not be in any more when it comes back`() async throws {
        try await ServerHarness.with(access: Self.access, Self.recovery) { harness in
            harness.io.sockets.guardRooms { socket, room in socket.principal.roles.contains(room) }
            let ticket = try await Self.cutOff("alice open secret", harness)
            let second = harness.session(query: Self.query("alice open"))
            try await second.receive(ticket.connect)
            try await harness.until { second.sent.count == 2 }
            #expect(second.sent.last?.hasPrefix(#"2["shown","#) == true)
        }
    }

    @Test func `is not put back into a room that it is taken out of while others of its rooms are asked about`()
        async throws
    {
        try await ServerHarness.with(access: Self.access, Self.recovery) { harness in
            let removed = Mutex(false)
            harness.io.sockets.guardRooms { _, room in
                if room == "secret" { removed.withLock { $0 = true } }
                return true
            } stillAllowed: { _, room in
                !removed.withLock { $0 && room == "secret" }
            }
            let ticket = try await Self.cutOff("alice", harness)
            let second = harness.session(query: Self.query("alice"))
            try await second.receive(ticket.connect)
            try await harness.until { second.sent.count >= 2 }
            #expect(second.sent.last?.hasPrefix(#"2["shown","#) == true)
            let back = try Self.socket(of: second)
            #expect(back.id == ticket.id)
            #expect(back.rooms == [back.id, "open"])
        }
    }

    @Test func `is asked for another when it runs out, and goes on with that one`() async throws {
        try await ServerHarness.with(access: Self.access) { harness in
            harness.io.sockets.guardRooms { socket, room in socket.principal.roles.contains(room) }
            let connection = harness.session(query: Self.query("60 alice staff"))
            try await connection.receive("0")
            try await harness.until { connection.sent.count == 1 }
            let socket = try Self.socket(of: connection)
            try await harness.until { socket.connected }
            await socket.join("staff")
            try await harness.pass(.seconds(34))
            #expect(connection.sent.count == 1)
            try await harness.pass(.seconds(1))
            #expect(connection.sent.last == #"2["token:expiring",{"timeLeft":25000}]"#)
            try await connection.receive(#"21["token:refresh","60 bob"]"#)
            try await harness.until { connection.sent.last?.hasPrefix(#"31[{"error":"#) == true }
            try await connection.receive(#"22["token:refresh","60 alice"]"#)
            try await harness.until {
                connection.sent.last?.hasPrefix(#"32[{"principal":"alice","expiresAt":"#) == true
            }
            #expect(socket.rooms == [socket.id])
            try await harness.pass(.seconds(34))
            #expect(socket.connected)
        }
    }

    @Test func `loses its connection without another, and may come back as the same socket with one`() async throws {
        try await ServerHarness.with(access: Self.access, Self.recovery) { harness in
            let reasons = Notes<String>()
            harness.io.onConnection { socket in socket.onDisconnect { reason, _ in reasons.add(reason.rawValue) } }
            let connection = harness.session(query: Self.query("60 alice"))
            try await connection.receive("0")
            try await harness.until { connection.sent.count == 1 }
            let ticket = try Ticket(connection)
            try await harness.pass(.seconds(35))
            try await harness.pass(.seconds(25))
            try await harness.until { reasons.all == ["token expired"] }
            #expect(!connection.sent.contains("1"))
            let second = harness.session(query: Self.query("60 alice"))
            try await second.receive(ticket.connect)
            try await harness.until { second.sent.count >= 1 }
            #expect(try Ticket(second).id == ticket.id)
        }
    }

    @Test func `may try five times with ones that are no good, and not again`() async throws {
        try await ServerHarness.with(access: Self.access) { harness in
            let connection = harness.session()
            for number in 1...4 {
                try await connection.receive(#"0{"token":"bad"}"#)
                try await harness.until { connection.sent.count == number }
            }
            #expect(!connection.isClosed)
            try await connection.receive(#"0{"token":"bad"}"#)
            try await harness.until { connection.isClosed }
        }
    }

    @Test func `is wanted where everybody has to show one`() async throws {
        var access = Self.access
        access.requiresToken = true
        try await ServerHarness.with(access: access) { harness in
            let connection = harness.session()
            try await connection.receive("0")
            try await harness.until { connection.sent.count == 1 }
            #expect(connection.sent.first?.contains("authentication_required") == true)
            let client = try #require(connection.application as? SocketClient)
            #expect(client.deadline == harness.time.deadline + TimeAmount.seconds(10))
        }
    }
}

/// Tokens such as `60 alice staff`: a name and roles, perhaps with the seconds that they count in front. `bad` is none.
private struct NameTokens: Authenticator {
    func principal(of token: String, at now: Timestamp) async throws(AuthenticationFailure) -> Principal {
        var words = token.split(separator: " ").map(String.init)
        let seconds = words.first.flatMap { Int64($0) }
        if seconds != nil { words.removeFirst() }
        guard let name = words.first, name != "bad" else { throw .invalid("no name") }
        return Principal(
            id: name, roles: Set(words.dropFirst()), expiry: seconds.map { now.advanced(by: .seconds($0)) })
    }
}
