// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiServer
import HibikiTransports
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Pages of other origins` {
    private static let app = "https://app.example"

    private func with(_ body: (RunningServer) async throws -> Void) async throws {
        try await RunningServer.with(.test { $0.transport.origins.allowed = [Self.app] }) { server in
            try await body(server)
        }
    }

    @Test func `may ask first`() async throws {
        try await self.with { server in
            let fields = [
                "Origin: \(Self.app)", "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: content-type",
            ]
            let answer = try await server.request("OPTIONS", "/v1/events", fields)
            #expect(answer.status == 204)
            #expect(answer["Access-Control-Allow-Origin"] == Self.app)
            #expect(answer["Access-Control-Allow-Credentials"] == "true")
            #expect(answer["Access-Control-Allow-Methods"] == "GET, HEAD, POST, OPTIONS")
            #expect(answer["Access-Control-Allow-Headers"]?.contains("Content-Type") == true)
            #expect(answer["Access-Control-Max-Age"] == "600")
            #expect(answer["Vary"] == "Origin")
        }
    }

    @Test func `may publish and read the answer, errors too, if they are on the list`() async throws {
        try await self.with { server in
            for (body, status) in [
                (#"{"topic":"public/a","payload":1}"#, 200), (#"{"topic":"private","payload":1}"#, 403),
            ] {
                let answer = try await server.request("POST", "/v1/events", ["Origin: \(Self.app)"], body: body)
                #expect(answer.status == status)
                #expect(answer["Access-Control-Allow-Origin"] == Self.app)
            }
        }
    }

    @Test(arguments: [
        "https://evil.example", "null", "https://app.example.evil", "http://app.example", "https://app.example:444",
    ])
    func `are refused if they are not on the list, before anything happens`(_ origin: String) async throws {
        try await self.with { server in
            for method in ["POST", "OPTIONS"] {
                let body = #"{"topic":"public/a","payload":1}"#
                let answer = try await server.request(method, "/v1/events", ["Origin: \(origin)"], body: body)
                #expect(answer.status == 403)
                #expect(answer.code == "origin_not_allowed")
                #expect(answer["Access-Control-Allow-Origin"] == nil)
            }
            #expect(try await server.get("/v1/events?topic=public/a").text.hasPrefix(#"{"events":[],"#))
        }
    }

    @Test func `are our own where the origin is the host`() async throws {
        try await self.with { server in
            let answer = try await server.get("/health", "Origin: http://127.0.0.1:\(server.port)")
            #expect(answer.status == 200)
            #expect(answer["Access-Control-Allow-Origin"] == nil)
        }
    }

    @Test func `may load the client from anywhere`() async throws {
        try await RunningServer.with { server in
            let answer = try await server.get("/client/index.js")
            #expect(answer["Access-Control-Allow-Origin"] == "*")
        }
    }
}
