// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWebSocketCodec
import NIOCore
import Testing

@testable import HibikiTransports

@Suite(.timeLimit(.minutes(1)), .everyEncoding) struct `Permissions that somebody else decides` {
    private static func access(_ authorizer: some Authorizer, rules: String...) throws -> AccessControl {
        var access = AccessControl(permissions: Permissions(try rules.map { try PermissionRule($0) }))
        access.authorizer = authorizer
        return access
    }

    @Test func `keep the commands of a connection in their order`() async throws {
        let access = try Self.access(SlowAnswers(), rules: "anyone all public/**")
        try await RealServer.with(access: access) { server in
            let socket = try await RealSocket(server)
            try await socket.send(
                #"{"type":"subscribe","topic":"slow","id":1}"#,
                #"{"type":"publish","topic":"slow","payload":"a","id":2}"#,
                #"{"type":"subscribe","topic":"no","id":3}"#, #"{"type":"ping","id":4}"#,
                #"{"type":"unsubscribe","topic":"slow","id":5}"#,
                #"{"type":"publish","topic":"slow","payload":"b","id":6}"#)
            var seen: [String] = []
            while seen.last != "reply 6" {
                guard case .text(let text) = try await socket.event() else { continue }
                let message = String(buffer: text)
                let type = message.member("type") ?? ""
                if type != "welcome" {
                    seen.append("\(type) \(message.member("id") ?? message.member("payload") ?? "")")
                }
            }
            #expect(
                seen.filter { !$0.hasPrefix("event") } == [
                    "reply 1", "reply 2", "error 3", "reply 4", "reply 5", "reply 6",
                ])
            #expect(seen.filter { $0.hasPrefix("event") } == ["event a"])
        }
    }

    @Test func `are asked for before a stream, a poll and a handshake begin`() async throws {
        let access = try Self.access(SlowAnswers())
        try await RealServer.with(access: access) { server in
            for (topic, status) in [("slow", 200), ("no", 403), ("silence", 503)] {
                for accept in ["text/event-stream", "application/json"] {
                    let client = try await server.connect()
                    try await client.send(
                        "GET /v1/events?topic=\(topic) HTTP/1.1\r\nHost: test\r\nAccept: \(accept)\r\n\r\n")
                    let head = try await client.text(through: "\r\n\r\n")
                    #expect(head.hasPrefix("HTTP/1.1 \(status) "), "\(topic) \(accept)")
                }
            }
        }
        let closed = try Self.access(Nobody(), rules: "anyone all **")
        try await RealServer.with(access: closed) { server in
            let client = try await server.connect()
            try await client.send(EmbeddedSocket.upgrade + "\r\n")
            #expect(try await client.text(through: "\r\n").hasPrefix("HTTP/1.1 403 "))
        }
    }

    @Test func `to read history keep those without it from what came before, and tell them of the gap`() async throws {
        let rules = try ["anyone subscribe+publish live", "anyone all all"].map { try PermissionRule($0) }
        let access = AccessControl(permissions: Permissions(rules))
        try await RealServer.with(access: access) { server in
            for topic in ["live", "all"] { try await server.publish("1", to: topic) }
            let socket = try await RealSocket(server)
            try await socket.send(#"{"type":"subscribe","topic":"live","since":"earliest","id":1}"#)
            #expect(try await socket.message("reply").contains(#""gap":true"#))
            try await socket.send(#"{"type":"history","topic":"live","id":2}"#)
            #expect(try await socket.message("error").member("code") == "permission_denied")
            try await socket.send(#"{"type":"presence","topic":"live","id":3}"#)
            #expect(try await socket.message("error").member("code") == "permission_denied")
            try await socket.send(#"{"type":"history","topic":"all","id":4}"#)
            #expect(try await socket.message("reply").contains(#""payload":1"#))
            try await server.publish("2", to: "live")
            #expect(try await socket.message("event").member("payload") == "2")
            let client = try await server.connect()
            try await client.send("GET /v1/events?topic=live HTTP/1.1\r\nHost: test\r\n\r\n")
            #expect(
                try await client.text(through: "}").contains(#"{"events":[],"lastEventId":"00000007-2","gap":true}"#))
        }
    }
}

/// Answers what the topic is called, after a while.
private struct SlowAnswers: Authorizer {
    func known(_ question: AuthorizationQuestion, at now: Timestamp) -> Bool? { nil }

    func ask(_ question: AuthorizationQuestion, at now: Timestamp) async -> AuthorizationAnswer {
        for _ in 0..<500 { await Task.yield() }
        switch question.topic?.name {
        case "no": return .denied
        case "silence": return .unavailable
        default: return .allowed
        }
    }
}

/// Lets nobody in.
private struct Nobody: Authorizer {
    func known(_ question: AuthorizationQuestion, at now: Timestamp) -> Bool? { nil }

    func ask(_ question: AuthorizationQuestion, at now: Timestamp) async -> AuthorizationAnswer { .denied }
}
