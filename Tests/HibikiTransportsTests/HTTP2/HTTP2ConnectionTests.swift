// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
import NIOCore
import Testing

@testable import HibikiTransports

@Suite(.timeLimit(.minutes(1))) struct `A connection of HTTP/2` {
    private static let events = [("accept", "text/event-stream")]

    private func withServer(
        _ configuration: TransportConfiguration = TransportConfiguration(), mounts: [Mount] = [],
        _ body: (RealServer, HTTP2Client) async throws -> Void
    ) async throws {
        let folder = try CertificateFolder(.one)
        try await RealServer.with(configuration, mounts: mounts, tls: try TLSCredentials(folder.files)) { server in
            let client = try await HTTP2Client.connect(to: server.port)
            try await body(server, client)
            try await client.close()
        }
        try folder.remove()
    }

    @Test func `answers many requests at once`() async throws {
        try await self.withServer { server, client in
            let polls = try await client.request("GET", "/v1/events?topic=public/a&wait=60&since=latest")
            let stream = try await client.request("GET", "/v1/events?topic=public/a", Self.events)
            let head = try await stream.text(through: "event: connected")
            #expect(head.hasPrefix(":status: 200\n"))
            #expect(head.contains("content-type: text/event-stream\n"))
            #expect(!head.contains("connection: "))
            #expect(!head.contains("transfer-encoding: "))
            let other = String(buffer: try await client.request("GET", "/x").rest())
            #expect(other.hasPrefix(":status: 200\n"))
            #expect(other.hasSuffix("\n\nGET /x "))
            try await server.publish(#""one""#)
            _ = try await stream.text(through: #"data: "one""#)
            #expect(String(buffer: try await polls.rest()).contains(#""payload":"one""#))
            #expect(server.door.connectionCount == 1)
        }
    }

    @Test func `takes bodies and gives them, larger than its windows`() async throws {
        try await self.withServer { _, client in
            let text = String(repeating: "0123456789", count: 40_000)
            let answer = String(buffer: try await client.request("POST", "/x", body: text).rest())
            #expect(answer.hasSuffix("\n\nPOST /x " + text))
            #expect(String(buffer: try await client.request("GET", "/parts").rest()).hasSuffix("\n\none two"))
            #expect(String(buffer: try await client.request("POST", "/x", body: "").rest()).hasSuffix("\n\nPOST /x "))
        }
    }

    @Test func `says that a body may come to a client that asks first`() async throws {
        try await self.withServer { _, client in
            let stream = try await client.request("POST", "/x", [("expect", "100-continue")], isOpen: true)
            #expect(try await stream.text(through: "\n\n").hasPrefix(":status: 100\n"))
            try await stream.send("body")
            try await stream.closeOutput()
            #expect(String(buffer: try await stream.rest()).hasSuffix("\n\nPOST /x body"))
        }
    }

    @Test func `has no body in the answer to HEAD`() async throws {
        try await self.withServer { _, client in
            let answer = String(buffer: try await client.request("HEAD", "/x").rest())
            #expect(answer.contains("content-length: 7\n"))
            #expect(answer.hasSuffix("\n\n"))
        }
    }

    @Test func `refuses one request and goes on with the others`() async throws {
        var configuration = TransportConfiguration()
        configuration.http.bodyBytes = 1_000
        try await self.withServer(configuration) { _, client in
            let long = try await client.request("POST", "/x", body: String(repeating: "a", count: 1_001), isOpen: true)
            #expect(try await long.text(through: "\n\n").hasPrefix(":status: 413\n"))
            let announced = try await client.request("POST", "/x", [("content-length", "1001")], isOpen: true)
            #expect(try await announced.text(through: "\n\n").hasPrefix(":status: 413\n"))
            #expect(String(buffer: try await client.request("GET", "/x").rest()).hasPrefix(":status: 200\n"))
        }
    }

    @Test func `cuts a stream that is left half done, in time`() async throws {
        var configuration = TransportConfiguration()
        configuration.http.headTimeout = .seconds(2)
        try await self.withServer(configuration) { _, client in
            let half = try await client.request("POST", "/x", body: "a", isOpen: true)
            #expect(String(buffer: try await half.rest()).hasPrefix(":status: 408\n"))
            let broken = try await client.request("GET", "/broken")
            #expect(String(buffer: try await broken.rest()).hasSuffix("half"))
            #expect(String(buffer: try await client.request("GET", "/x").rest()).hasPrefix(":status: 200\n"))
        }
    }

    /// A client may not ask for a WebSocket before the server has said that it has them; an answer comes after that.
    private func hearSettings(_ client: HTTP2Client) async throws {
        _ = try await client.request("GET", "/x").rest()
    }

    @Test func `carries WebSockets`() async throws {
        try await self.withServer { server, client in
            try await self.hearSettings(client)
            let fields = [(":protocol", "websocket"), ("sec-websocket-version", "13"), ("origin", "https://localhost")]
            let socket = try await client.request("CONNECT", "/ws", fields, isOpen: true)
            let head = try await socket.text(through: "\n\n")
            #expect(head.hasPrefix(":status: 200\n"))
            #expect(!head.contains("sec-websocket-accept"))
            _ = try await socket.text(through: #""type":"welcome""#)
            var frame = ByteBuffer()
            let subscribe = ByteBuffer(string: #"{"type":"subscribe","topic":"public/a","id":1}"#)
            frame.writeWebSocketFrame(.text, payload: subscribe, mask: 0x1234_5678)
            try await socket.send(frame)
            _ = try await socket.text(through: #""type":"reply""#)
            try await server.publish(#""one""#)
            _ = try await socket.text(through: #""payload":"one""#)
            try await until { await server.door.statistics().counters.open[.webSocket] == 1 }
            try await socket.closeOutput()
            _ = try await socket.rest()
            try await until { await server.door.statistics().counters.open[.webSocket] == 0 }
        }
    }

    @Test func `refuses a WebSocket of another page`() async throws {
        try await self.withServer { _, client in
            try await self.hearSettings(client)
            let fields = [(":protocol", "websocket"), ("sec-websocket-version", "13"), ("origin", "http://localhost")]
            let socket = try await client.request("CONNECT", "/ws", fields, isOpen: true)
            #expect(try await socket.text(through: "\n\n").hasPrefix(":status: 403\n"))
        }
    }

    @Test func `loses a stream that nobody reads, and keeps the others`() async throws {
        var configuration = TransportConfiguration()
        configuration.outboundQueue = 128 << 10
        try await self.withServer(configuration) { server, client in
            let slow = try await client.request("GET", "/v1/events?topic=public/a", Self.events)
            _ = try await slow.text(through: "event: connected")
            try await slow.pauseReading()
            let quick = try await client.request("GET", "/v1/events?topic=public/a", Self.events)
            _ = try await quick.text(through: "event: connected")
            // The quick one has read each before the next, so it is never the slow one.
            try await until {
                try await server.publish("\"" + String(repeating: "a", count: 30_000) + "<\"")
                _ = try await quick.text(through: "<")
                return await server.door.statistics().counters.drops.slowStreams == 1
            }
            try await server.publish(#""the last""#)
            _ = try await quick.text(through: "the last")
        }
    }

    @Test func `ends when nobody uses it`() async throws {
        var configuration = TransportConfiguration()
        configuration.http.idleTimeout = .seconds(2)
        configuration.events.heartbeat = .seconds(1)
        try await self.withServer(configuration) { server, client in
            let stream = try await client.request("GET", "/v1/events?topic=public/a", Self.events)
            _ = try await stream.text(through: "event: connected")
            for _ in 0..<3 { _ = try await stream.text(through: ":\n") }
            #expect(server.door.connectionCount == 1)
            try await stream.close()
            try await client.ended()
            try await until { server.door.connectionCount == 0 }
        }
    }

    @Test func `ends with its streams when the server stops`() async throws {
        try await self.withServer { server, client in
            let stream = try await client.request("GET", "/v1/events?topic=public/a", Self.events)
            let poll = try await client.request("GET", "/v1/events?topic=public/a&wait=60&since=latest")
            _ = try await stream.text(through: "event: connected")
            try await until { await server.door.statistics().counters.open[.http] == 1 }
            async let stopped: Void = server.door.shutDown(within: .seconds(20))
            #expect(String(buffer: try await stream.rest()).contains("server:shutdown"))
            #expect(String(buffer: try await poll.rest()).hasPrefix(":status: 204\n"))
            try await client.ended()
            await stopped
            #expect(server.door.connectionCount == 0)
        }
    }

    @Test func `is not spoken with a client that asks for HTTP/1.1`() async throws {
        try await self.withServer { server, _ in
            let tls = try TestTLS.client(trusting: .one, protocols: ["http/1.1"])
            let client = try await server.connect(tls: tls)
            try await client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.text(through: "GET /x ").hasPrefix("HTTP/1.1 200 "))
        }
    }
}
