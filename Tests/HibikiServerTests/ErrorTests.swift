// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiServer
import Testing

/// The table "Errors" of Documentation/protocol.md.
@Suite(.timeLimit(.minutes(1))) struct `Errors over HTTP` {
    private func expect(
        _ answer: HTTPAnswer, _ status: Int, _ code: String, retry: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(answer.status == status, sourceLocation: sourceLocation)
        #expect(answer.code == code, sourceLocation: sourceLocation)
        #expect(answer["Content-Type"] == "application/json", sourceLocation: sourceLocation)
        #expect(answer.text.hasSuffix(#","retry":\#(retry)}}"#), sourceLocation: sourceLocation)
    }

    @Test(arguments: [
        "", "nonsense", "{", "null", "5", #"{"topic":"public/a"}"#, #"{"payload":1}"#, #"{"topic":5,"payload":1}"#,
        #"{"topic":"public/a","payload":1}x"#,
        #"{"topic":"public/a","payload":1,"event":""}"#, #"{"topic":"public/a","payload":1,"id":""}"#,
        #"{"topic":"public/a","payload":1,"id":5}"#,
        #"{"topic":"public/a","payload":01}"#, #"{"topic":"public/a","topic":"public/a","payload":1}"#,
    ])
    func `a body that is not understood is invalid_message`(_ body: String) async throws {
        try await RunningServer.with { server in
            self.expect(try await server.publish(body), 400, "invalid_message")
        }
    }

    @Test func `a body that is nested too deep, or not UTF-8, is invalid_message`() async throws {
        try await RunningServer.with { server in
            let deep = String(repeating: "[", count: 400_000)
            self.expect(try await server.publish(#"{"topic":"public/a","payload":\#(deep)"#), 400, "invalid_message")
        }
    }

    @Test func `every row of the table has its status`() async throws {
        try await RunningServer.with { server in
            self.expect(try await server.publish(#"{"topic":"$SYS","payload":1}"#), 400, "invalid_topic")
            self.expect(try await server.publish(#"{"topic":"private","payload":1}"#), 403, "permission_denied")
            self.expect(try await server.get("/v1/events?topic=private"), 403, "permission_denied")
            self.expect(try await server.get("/health", "Origin: https://evil.example"), 403, "origin_not_allowed")
            self.expect(try await server.get("/nowhere"), 404, "not_found")
            self.expect(try await server.get("/client/../Package.swift"), 404, "not_found")
            self.expect(try await server.get("/client/%2e%2e/Package.swift"), 404, "not_found")
            self.expect(try await server.request("PATCH", "/v1/events"), 405, "method_not_allowed")
            let large = "\"" + String(repeating: "x", count: 1 << 20) + "\""
            self.expect(try await server.publish(#"{"topic":"public/a","payload":\#(large)}"#), 413, "too_large")
            let topics = (0...128).map { "topic=public/\($0)" }.joined(separator: "&")
            self.expect(try await server.get("/v1/events?\(topics)"), 429, "limit_exceeded")
        }
    }

    @Test func `a full log is overloaded, and says that coming back makes sense`() async throws {
        try await RunningServer.with(.test { $0.retention.topics = 1 }) { server in
            #expect(try await server.publish(#"{"topic":"public/a","payload":1}"#).status == 200)
            self.expect(try await server.publish(#"{"topic":"public/b","payload":1}"#), 503, "overloaded", retry: true)
        }
    }

    @Test func `a method that does not fit says which do`() async throws {
        try await RunningServer.with { server in
            let answer = try await server.request("PATCH", "/v1/events")
            #expect(answer["Allow"] == "GET, HEAD, POST, OPTIONS")
        }
    }

    @Test func `production denies everything to those whom nobody knows`() async throws {
        try await RunningServer.with(.test { $0.isProduction = true }) { server in
            self.expect(try await server.publish(#"{"topic":"public/a","payload":1}"#), 403, "permission_denied")
            self.expect(try await server.get("/v1/events?topic=public/a"), 403, "permission_denied")
            self.expect(try await server.get("/v1/events?topic=public/a&wait=10"), 403, "permission_denied")
            self.expect(
                try await server.get("/v1/events?topic=public/a", "Accept: text/event-stream"), 403, "permission_denied"
            )
            #expect(try await server.get("/health").status == 200)
        }
    }
}
