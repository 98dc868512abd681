// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import NIOSSL
import Testing

@testable import HibikiTransports

@Suite(.timeLimit(.minutes(1))) struct `A connection over TLS` {
    private func withServer(
        _ configuration: TransportConfiguration = TransportConfiguration(), mounts: [Mount] = [],
        _ body: (RealServer, CertificateFolder, TLSCredentials) async throws -> Void
    ) async throws {
        let folder = try CertificateFolder(.one)
        let credentials = try TLSCredentials(folder.files)
        try await RealServer.with(configuration, mounts: mounts, tls: credentials) { server in
            try await body(server, folder, credentials)
        }
        try folder.remove()
    }

    @Test func `is served like any other`() async throws {
        let who = HotRoute(path: "/who") { _, exchange, connection in
            let text = "\(connection.remoteAddress) \(connection.scheme?.rawValue ?? "-") <"
            exchange.respond(status: 200, fields: [], body: ByteBuffer(string: text))
        }
        try await self.withServer(mounts: [Mount([who])]) { server, _, _ in
            let client = try await server.connect(tls: try TestTLS.client(trusting: .one))
            for _ in 0..<2 {
                try await client.send("GET /who HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.text(through: "<").hasSuffix("127.0.0.1 https <"))
            }
            try await client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
            try await client.send(String(repeating: "a", count: 99_999) + "<")
            #expect(try await client.text(through: "<").hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func `carries events, and ends after the last of them`() async throws {
        try await self.withServer { server, _, _ in
            let client = try await server.connect(tls: try TestTLS.client(trusting: .one))
            try await client.send(
                "GET /v1/events?topic=public/a HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n")
            _ = try await client.text(through: "event: connected")
            try await server.publish(#""one""#)
            _ = try await client.text(through: #"data: "one""#)
            async let ended: Void = server.door.shutDown(within: .seconds(10))
            let rest = String(buffer: try await client.rest())
            #expect(rest.contains("server:shutdown"))
            #expect(rest.hasSuffix("0\r\n\r\n"))
            await ended
        }
    }

    @Test func `ends gracefully when the client says that it sends nothing more`() async throws {
        try await self.withServer { server, _, _ in
            let client = try await server.connect(tls: try TestTLS.client(trusting: .one))
            try await client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            try await client.closeOutput()
            #expect(String(buffer: try await client.rest()).hasSuffix("GET /x "))
            try await until { server.door.connectionCount == 0 }
        }
    }

    @Test func `keeps its certificate when that is replaced, and new ones get the new one`() async throws {
        try await self.withServer { server, folder, credentials in
            let old = try await server.connect(tls: try TestTLS.client(trusting: .one))
            try await old.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await old.text(through: "GET /1 ")
            try folder.replace(chain: TestCertificate.two.chain, key: TestCertificate.two.key)
            _ = (0..<2).map { _ in credentials.look(at: .now()) }
            let new = try await server.connect(tls: try TestTLS.client(trusting: .two))
            try await new.send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await new.text(through: "GET /2 ")
            try await old.send("GET /3 HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await old.text(through: "GET /3 ")
        }
    }

    @Test func `needs TLS, in time`() async throws {
        var configuration = TransportConfiguration()
        configuration.http.headTimeout = .milliseconds(200)
        try await self.withServer(configuration) { server, _, _ in
            let plain = try await server.connect()
            try await plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(!String(buffer: try await plain.rest()).contains("HTTP/1.1"))
            let silent = try await server.connect()
            #expect(try await silent.rest().readableBytes == 0)
            try await until { server.door.connectionCount == 0 }
        }
    }

    @Test func `loses a reader that does not read, and nobody else`() async throws {
        var configuration = TransportConfiguration()
        configuration.outboundQueue = 64 << 10
        try await self.withServer(configuration) { server, _, _ in
            let request = "GET /v1/events?topic=public/a HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n"
            let slow = try await server.connect(receiveBuffer: 4_096, tls: try TestTLS.client(trusting: .one))
            try await slow.send(request)
            _ = try await slow.text(through: "event: connected")
            try await slow.pauseReading()
            let quick = try await server.connect(tls: try TestTLS.client(trusting: .one))
            try await quick.send(request)
            _ = try await quick.text(through: "event: connected")
            // The quick one has read each before the next, so it is never the slow one.
            try await until {
                try await server.publish("\"" + String(repeating: "a", count: 60_000) + "<\"")
                _ = try await quick.text(through: "<")
                return await server.door.statistics().counters.drops.slowStreams == 1
            }
            try await server.publish(#""the last""#)
            _ = try await quick.text(through: "the last")
        }
    }
}
