// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import Testing

@testable import HibikiTransports

@Suite(.timeLimit(.minutes(1))) struct `A connection of a proxy` {
    /// A server that trusts this machine, and answers with whom it takes a request to come from.
    private func withServer(
        proxyProtocol: Bool = false, perAddress: Int = 10_000, trusted: String = "127.0.0.0/8",
        _ body: (RealServer) async throws -> Void
    ) async throws {
        var configuration = TransportConfiguration()
        configuration.proxies.trusted = [try AddressRange(trusted)]
        configuration.proxies.speaksProxyProtocol = proxyProtocol
        configuration.connectionsPerAddress = perAddress
        let who = HotRoute(path: "/who") { _, exchange, connection in
            let text = "\(connection.remoteAddress) \(connection.scheme?.rawValue ?? "-") <"
            exchange.respond(status: 200, fields: [], body: ByteBuffer(string: text))
        }
        try await RealServer.with(configuration, mounts: [Mount([who])], body)
    }

    private func ask(_ client: RawClient, _ fields: String...) async throws -> String {
        let fields = fields.map { $0 + "\r\n" }.joined()
        try await client.send("GET /who HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
        return try #require(HTTPText.responses(in: try await client.text(through: "<")).first?.body)
    }

    @Test func `is many clients, one for each request`() async throws {
        try await self.withServer { server in
            let client = try await server.connect()
            #expect(try await self.ask(client, "X-Forwarded-For: 192.0.2.1") == "192.0.2.1 - <")
            #expect(
                try await self.ask(client, "X-Forwarded-For: 192.0.2.2", "X-Forwarded-Proto: https")
                    == "192.0.2.2 https <")
            #expect(try await self.ask(client) == "127.0.0.1 - <")
        }
    }

    @Test func `is itself where nobody trusts it`() async throws {
        try await self.withServer(trusted: "10.0.0.0/8") { server in
            let client = try await server.connect()
            let answer = try await self.ask(client, "X-Forwarded-For: 192.0.2.1", "X-Forwarded-Proto: https")
            #expect(answer == "127.0.0.1 - <")
        }
    }

    @Test func `counts for the client that it is for`() async throws {
        try await self.withServer(perAddress: 2) { server in
            let first = try await server.connect()
            let second = try await server.connect()
            _ = try await self.ask(first, "X-Forwarded-For: 192.0.2.1")
            _ = try await self.ask(second, "X-Forwarded-For: 192.0.2.1")
            // The proxy itself has room again, and another client too.
            let third = try await server.connect()
            #expect(try await self.ask(third, "X-Forwarded-For: 192.0.2.2") == "192.0.2.2 - <")
            try await third.send("GET /who HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n")
            let refusal = String(buffer: try await third.rest())
            #expect(refusal.hasPrefix("HTTP/1.1 503 "))
            #expect(refusal.contains("Retry-After: 5\r\n"))
            #expect(refusal.contains("\"overloaded\""))
            try await first.close()
            try await until { server.door.connectionCount == 1 }
            let fourth = try await server.connect()
            #expect(try await self.ask(fourth, "X-Forwarded-For: 192.0.2.1") == "192.0.2.1 - <")
        }
    }

    @Test func `begins with the PROXY protocol where it is spoken`() async throws {
        try await self.withServer(proxyProtocol: true) { server in
            let client = try await server.connect()
            try await client.send("PROXY TCP4 192.0.2.1 ")
            try await client.send("10.0.0.1 1 2\r\n")
            #expect(try await self.ask(client) == "192.0.2.1 - <")
            // That client is no proxy.
            #expect(try await self.ask(client, "X-Forwarded-For: 192.0.2.9") == "192.0.2.1 - <")
            let glued = try await server.connect()
            try await glued.send("PROXY TCP4 127.0.0.9 10.0.0.1 1 2\r\nGET /who HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await glued.text(through: "<").hasSuffix("127.0.0.9 - <"))
            #expect(try await self.ask(glued, "X-Forwarded-For: 192.0.2.9") == "192.0.2.9 - <")
        }
    }

    @Test func `ends without an answer if it does not begin with the PROXY protocol`() async throws {
        try await self.withServer(proxyProtocol: true) { server in
            let client = try await server.connect()
            try await client.send("GET /who HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.rest().readableBytes == 0)
        }
        try await self.withServer(proxyProtocol: true, trusted: "10.0.0.0/8") { server in
            let client = try await server.connect()
            try? await client.send("PROXY TCP4 192.0.2.1 10.0.0.1 1 2\r\nGET /who HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.rest().readableBytes == 0)
        }
    }
}
