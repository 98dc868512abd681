// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Testing

@testable import HibikiTransports

@Suite(.timeLimit(.minutes(1)), .everyEncoding) struct `Tokens in the native protocol` {
    private static func access(_ change: (inout AccessControl) -> Void = { _ in }) -> AccessControl {
        let permissions = Permissions { principal, action in
            guard let name = action.topic?.name else { return true }
            return name.hasPrefix("public/") || name == principal.id || principal.roles.contains(name)
        }
        var access = AccessControl(permissions: permissions, authenticator: NameTokens())
        change(&access)
        return access
    }

    @Test func `connect says who somebody is, and what comes behind it waits for the answer`() async throws {
        try await RealServer.with(access: Self.access()) { server in
            let socket = try await RealSocket(server)
            try await socket.send(
                #"{"type":"subscribe","topic":"alice","id":1}"#, #"{"type":"connect","token":"slow alice","id":2}"#,
                #"{"type":"subscribe","topic":"alice","id":3}"#)
            #expect(try await socket.message("error").member("code") == "permission_denied")
            #expect(try await socket.message("reply") == #"{"type":"reply","id":2,"principal":"alice"}"#)
            #expect(try await socket.message("reply").member("topic") == "alice")
        }
    }

    @Test func `a handshake may show the token, and the welcome says whose it is`() async throws {
        try await RealServer.with(access: Self.access()) { server in
            let socket = try await RealSocket(server, fields: ["Authorization: Bearer alice"])
            #expect(try await socket.message("welcome").member("principal") == "alice")
            let client = try await server.connect()
            try await client.send(EmbeddedSocket.upgrade + "Authorization: Bearer bad\r\n\r\n")
            let answer = try await client.text(through: "}}")
            #expect(answer.hasPrefix("HTTP/1.1 401 "))
            #expect(answer.contains(#"WWW-Authenticate: Bearer error="invalid_token""#))
        }
    }

    @Test func `nobody becomes somebody else, and nobody may guess for long`() async throws {
        try await RealServer.with(access: Self.access()) { server in
            let socket = try await RealSocket(server, fields: ["Authorization: Bearer alice"])
            for number in 1...5 {
                try await socket.send(#"{"type":"connect","token":"bob","id":\#(number)}"#)
                #expect(try await socket.message("error").member("code") == "invalid_token")
            }
            #expect(try await socket.closeCode() == 4501)
        }
    }

    @Test func `a new token may allow less: what is no longer allowed is left`() async throws {
        try await RealServer.with(access: Self.access()) { server in
            let socket = try await RealSocket(server, fields: ["Authorization: Bearer alice staff"])
            try await socket.send(#"{"type":"subscribe","topic":"staff","id":1}"#)
            _ = try await socket.message("reply")
            try await socket.send(#"{"type":"connect","token":"alice","id":2}"#)
            _ = try await socket.message("reply")
            #expect(try await socket.message("error").member("code") == "permission_denied")
            try await server.publish("1", to: "staff")
            try await server.publish("2", to: "alice")
            try await socket.send(#"{"type":"subscribe","topic":"alice","since":"earliest","id":3}"#)
            #expect(try await socket.message("event").member("topic") == "alice")
        }
    }

    @Test func `a token that runs out is asked for, and a new one takes its place`() async throws {
        try await RealServer.with(access: Self.access()) { server in
            let socket = try await RealSocket(server, fields: ["Authorization: Bearer brief alice"])
            for number in 1...2 {
                #expect(try await socket.message("token:expiring").member("timeLeft") != nil)
                try await socket.send(#"{"type":"connect","token":"brief alice","id":\#(number)}"#)
                #expect(try await socket.message("reply").member("expiresAt") != nil)
            }
        }
    }

    @Test func `a token that runs out ends the connection with 4002 if no other takes its place`() async throws {
        let access = Self.access { $0.timeToRefresh = .milliseconds(300) }
        try await RealServer.with(access: access) { server in
            let socket = try await RealSocket(server, fields: ["Authorization: Bearer brief alice"])
            _ = try await socket.message("token:expiring")
            #expect(try await socket.closeCode() == 4002)
        }
    }

    @Test func `who shows no token where one is wanted is closed with 4500`() async throws {
        let access = Self.access {
            $0.requiresToken = true
            $0.timeToAuthenticate = .milliseconds(100)
        }
        try await RealServer.with(access: access) { server in
            let known = try await RealSocket(server, fields: ["Authorization: Bearer alice"])
            let unknown = try await RealSocket(server)
            #expect(try await unknown.closeCode() == 4500)
            try await known.send(#"{"type":"ping","id":1}"#)
            #expect(try await known.message("reply").member("id") == "1")
        }
    }

    @Test func `what is for everybody is not for those who have yet to show a token`() async throws {
        try await RealServer.with(access: Self.access { $0.requiresToken = true }, threads: 1) { server in
            let alice = try await RealSocket(server, fields: ["Authorization: Bearer alice"])
            let late = try await RealSocket(server)
            for socket in [alice, late] { _ = try await socket.message("welcome") }
            let bob = try await RealSocket(server, fields: ["Authorization: Bearer bob"])
            try await bob.send(#"{"type":"broadcast","payload":"early","id":1}"#)
            #expect(try await alice.message("broadcast").member("payload") == "early")
            _ = try await bob.message("reply")
            try await late.send(#"{"type":"connect","token":"late","id":1}"#)
            _ = try await late.message("reply")
            try await bob.send(#"{"type":"broadcast","payload":"later","id":2}"#)
            #expect(try await late.message("broadcast").member("payload") == "later")
        }
    }

    @Test func `a stream ends when its token does`() async throws {
        try await RealServer.with(access: Self.access()) { server in
            let client = try await server.connect()
            try await client.send(
                "GET /v1/events?topic=alice&access_token=brief%20alice HTTP/1.1\r\nHost: test\r\n"
                    + "Accept: text/event-stream\r\n\r\n")
            let text = try await client.text(through: "\r\n0\r\n\r\n")
            #expect(text.hasPrefix("HTTP/1.1 200 "))
            #expect(text.contains("event: token:expiring"))
        }
    }
}

/// Tokens such as `alice staff`: a name and roles. `slow` in front takes its time, `brief` runs out soon, `bad` is none.
struct NameTokens: Authenticator {
    func principal(of token: String, at now: Timestamp) async throws(AuthenticationFailure) -> Principal {
        var words = token.split(separator: " ").map(String.init)
        if words.first == "slow" {
            words.removeFirst()
            for _ in 0..<1_000 { await Task.yield() }
        }
        let isBrief = words.first == "brief"
        if isBrief { words.removeFirst() }
        guard let name = words.first, name != "bad" else { throw .invalid("no name") }
        return Principal(
            id: name, roles: Set(words.dropFirst()), expiry: isBrief ? now.advanced(by: .milliseconds(200)) : nil)
    }
}
