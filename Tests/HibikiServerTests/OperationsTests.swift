// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMetrics
import HibikiServer
import HibikiTransports
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct `The pages for operators` {
    @Test func `count answers by route, and paths of clients together`() async throws {
        try await RunningServer.with { server in
            _ = try await server.get("/livez")
            _ = try await server.get("/made/up/1")
            _ = try await server.get("/made/up/2")
            let text = try await server.get("/metrics").text
            #expect(text.contains("hibiki_http_answers_total{route=\"/livez\",status=\"204\"} 1\n"))
            #expect(text.contains("hibiki_http_answers_total{route=\"other\",status=\"404\"} 2\n"))
            #expect(!text.contains("/made/up"))
        }
    }

    @Test func `show what the log holds and who is there`() async throws {
        try await RunningServer.with { server in
            _ = try await server.publish(#"{"topic":"public/a","payload":1}"#)
            let text = try await server.get("/metrics").text
            #expect(text.contains("hibiki_log_topics 1\n"))
            #expect(text.contains("hibiki_log_events 1\n"))
            #expect(text.contains("hibiki_connections{transport=\"http\"} 1\n"))
            #expect(text.contains("websocket_connections_active 0\n"))
        }
    }

    @Test func `count requests that meet a limit`() async throws {
        try await RunningServer.with(.test { $0.transport.http.headBytes = 256 }) { server in
            _ = try await server.get("/" + String(repeating: "a", count: 300))
            let text = try await server.get("/metrics").text
            #expect(text.contains("hibiki_refusals_total{limit=\"head\"} 1\n"))
            #expect(text.contains("hibiki_http_answers_total{route=\"none\",status=\"431\"} 1\n"))
        }
    }

    @Test func `come in the format that the scraper accepts`() async throws {
        try await RunningServer.with { server in
            let plain = try await server.get("/metrics")
            #expect(plain["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
            let open = try await server.get("/metrics", "Accept: application/openmetrics-text; version=1.0.0")
            #expect(open["Content-Type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
            #expect(open.text.hasSuffix("\n# EOF\n"))
        }
    }

    @Test(arguments: [
        "X-Forwarded-For: 192.0.2.1", "Forwarded: for=192.0.2.1", "Via: 1.1 proxy", "X-Real-IP: 192.0.2.1",
    ])
    func `are not for those who come through a proxy`(_ field: String) async throws {
        try await RunningServer.with { server in
            let answer = try await server.get("/metrics", field)
            #expect(answer.status == 403)
            #expect(answer.code == "permission_denied")
        }
        try await RunningServer.with(.test { $0.metrics = .open }) { server in
            let answer = try await server.get("/metrics", field)
            #expect(answer.status == 200)
        }
    }

    @Test func `are gone where they are switched off`() async throws {
        try await RunningServer.with(.test { $0.metrics = .off }) { server in
            let answer = try await server.get("/metrics")
            #expect(answer.status == 404)
        }
    }

    @Test func `say whether the server wants traffic`() async throws {
        try await RunningServer.with { server in
            let answer = try await server.get("/readyz")
            #expect(answer.status == 200)
            #expect(answer.text == #"{"status":"ready","checks":{"server":true}}"#)
        }
    }

    @Test func `say no as long as something fails that the server needs`() async throws {
        let store = Readiness.Check(name: "store", passes: { false })
        try await RunningServer.with(prepare: { $0.readiness.add(store) }) { server in
            let answer = try await server.get("/readyz")
            #expect(answer.status == 503)
            #expect(answer.text == #"{"status":"not ready","checks":{"server":true,"store":false}}"#)
        }
    }
}
