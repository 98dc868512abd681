// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiServer
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct `The health of a server` {
    private func number(_ name: String, in text: String) -> Int? {
        guard let start = text.firstRange(of: "\"\(name)\":")?.upperBound else { return nil }
        return Int(text[start...].prefix(while: \.isNumber))
    }

    @Test func `is told in numbers`() async throws {
        try await RunningServer.with { server in
            _ = try await server.publish(
                #"[{"topic":"public/a","payload":1},{"topic":"public/b","payload":2},{"topic":"public/b","payload":3}]"#
            )
            let answer = try await server.get("/health")
            #expect(answer.status == 200)
            #expect(answer["Content-Type"] == "application/json")
            #expect(answer["Cache-Control"] == "no-store")
            #expect(answer.text.hasPrefix(#"{"status":"ok","uptime":"#))
            #expect(self.number("connections", in: answer.text) ?? 0 >= 1)
            #expect(self.number("rss", in: answer.text) ?? 1 > 0)
            #expect(self.number("rooms", in: answer.text) == 0)
            #expect(self.number("topics", in: answer.text) == 2)
            #expect(self.number("events", in: answer.text) == 3)
            #expect(self.number("bytes", in: answer.text) ?? 0 > 3)
            #expect(self.number("timestamp", in: answer.text) ?? 0 > 1_700_000_000_000)
        }
    }

    @Test func `is degraded above the configured number of connections`() async throws {
        try await RunningServer.with(.test { $0.healthyConnections = 0 }) { server in
            let answer = try await server.get("/health")
            #expect(answer.status == 503)
            #expect(answer.text.hasPrefix(#"{"status":"degraded","uptime":"#))
        }
    }

    @Test func `is good as long as it answers`() async throws {
        try await RunningServer.with { server in
            let answer = try await server.get("/livez")
            #expect(answer.status == 204)
            #expect(answer.body.readableBytes == 0)
        }
    }

    @Test func `ends with the server, which gives its port back`() async throws {
        let port = try await RunningServer.with { server in
            _ = try await server.get("/livez")
            return server.port
        }
        await #expect(throws: (any Error).self) {
            _ = try await exchange(port: port, "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
        }
        try await RunningServer.with(.test { $0.port = port }) { server in
            let answer = try await server.get("/livez")
            #expect(answer.status == 204)
        }
    }
}
