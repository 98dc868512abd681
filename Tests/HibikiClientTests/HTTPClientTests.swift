// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import NIOHTTP1
import Testing

@testable import HibikiClient

@Suite(.timeLimit(.minutes(1)))
struct HTTPClientTests {
    private func client(_ server: LoopbackServer, bodyLimit: Int = 1_000, traffic: SocketTraffic? = nil) -> HTTPClient {
        HTTPClient(Dialer(server.url, traffic: traffic), bodyLimit: bodyLimit)
    }

    @Test func `requests one after the other use one connection`() async throws {
        let server = try await LoopbackServer.start()
        let traffic = SocketTraffic()
        let client = self.client(server, traffic: traffic)
        async let first = client.answer(to: HTTPRequest(.GET, "/a"))
        let peer = try await server.accept()
        #expect(try await peer.request().line == "GET /a HTTP/1.1")
        try await peer.answer(body: "one")
        #expect(try await String(buffer: first.body) == "one")
        async let second = client.answer(to: HTTPRequest(.GET, "/b"))
        #expect(try await peer.request().line == "GET /b HTTP/1.1")
        try await peer.answer(body: "two")
        #expect(try await String(buffer: second.body) == "two")
        #expect(traffic.totals.connections == 1)
        #expect(traffic.totals.requests == 2)
    }

    @Test func `bytes are counted with their heads`() async throws {
        let server = try await LoopbackServer.start()
        let traffic = SocketTraffic()
        async let answer = self.client(server, traffic: traffic).answer(to: HTTPRequest(.GET, "/"))
        let peer = try await server.accept()
        _ = try await peer.request()
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
        try await peer.write(text)
        _ = try await answer
        #expect(traffic.totals.bytesReceived == text.utf8.count)
        #expect(traffic.totals.bytesSent > "GET / HTTP/1.1\r\n\r\n".utf8.count)
    }

    @Test func `a connection that the server closed in between is replaced`() async throws {
        let server = try await LoopbackServer.start()
        let client = self.client(server)
        async let first = client.answer(to: HTTPRequest(.GET, "/a"))
        let peer = try await server.accept()
        _ = try await peer.request()
        try await peer.answer()
        _ = try await first
        async let second = client.answer(to: HTTPRequest(.GET, "/b"))
        // Closed at the moment that it is used again: the request has come, and no answer begins.
        _ = try await peer.request()
        peer.close()
        let other = try await server.accept()
        #expect(try await other.request().line == "GET /b HTTP/1.1")
        try await other.answer(body: "two")
        #expect(try await String(buffer: second.body) == "two")
    }

    @Test func `a request that must not be repeated is not`() async throws {
        let server = try await LoopbackServer.start()
        let client = self.client(server)
        async let first = client.answer(to: HTTPRequest(.GET, "/a"))
        let peer = try await server.accept()
        _ = try await peer.request()
        try await peer.answer()
        _ = try await first
        async let error = clientError { _ = try await client.answer(to: HTTPRequest(.POST, "/b", isRepeatable: false)) }
        _ = try await peer.request()
        peer.close()
        #expect(try await error?.code == .connectionLost)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "HTTP/1.1 200 OK\r\nContent-Le", "HT",
    ])
    func `half an answer is a lost connection`(_ half: String) async throws {
        let server = try await LoopbackServer.start()
        async let error = clientError { _ = try await self.client(server).answer(to: HTTPRequest(.GET, "/")) }
        let peer = try await server.accept()
        _ = try await peer.request()
        try await peer.write(half)
        peer.close()
        #expect(try await error?.code == .connectionLost)
    }

    @Test func `what is not HTTP is an invalid answer`() async throws {
        let server = try await LoopbackServer.start()
        async let error = clientError { _ = try await self.client(server).answer(to: HTTPRequest(.GET, "/")) }
        let peer = try await server.accept()
        _ = try await peer.request()
        try await peer.write("SSH-2.0-OpenSSH\r\n\r\n")
        #expect(try await error?.code == .invalidAnswer)
    }

    @Test func `a server that does not answer, or stops in the middle, is left after the limit`() async throws {
        let server = try await LoopbackServer.start()
        let request = HTTPRequest(.GET, "/", headLimit: .milliseconds(50), silenceLimit: .milliseconds(50))
        let silent = try await clientError { _ = try await self.client(server).answer(to: request) }
        #expect(silent?.code == .timedOut)
        _ = try await server.accept()
        let patient = HTTPRequest(.GET, "/", silenceLimit: .milliseconds(50))
        async let stopped = clientError { _ = try await self.client(server).answer(to: patient) }
        let peer = try await server.accept()
        _ = try await peer.request()
        try await peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        #expect(try await stopped?.message == "the answer stopped for 50 ms")
    }

    @Test func `an answer above the limit is not read to its end`() async throws {
        let server = try await LoopbackServer.start()
        async let error = clientError {
            _ = try await self.client(server, bodyLimit: 8).answer(to: HTTPRequest(.GET, "/"))
        }
        let peer = try await server.accept()
        _ = try await peer.request()
        try await peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n123456789")
        try await peer.ended()
        #expect(try await error?.code == .tooLarge)
    }

    @Test func `a redirect is refused and says where it points`() async throws {
        let server = try await LoopbackServer.start()
        async let error = clientError { _ = try await self.client(server).answer(to: HTTPRequest(.GET, "/")) }
        let peer = try await server.accept()
        _ = try await peer.request()
        try await peer.answer("308 Permanent Redirect", ["Location: https://example.org/"])
        #expect(try await error?.code == .redirected)
        #expect(try await error?.message.contains("https://example.org/") == true)
    }

    @Test func `cancelling ends the connection`() async throws {
        let server = try await LoopbackServer.start()
        let task = Task { try await self.client(server).answer(to: HTTPRequest(.GET, "/")) }
        let peer = try await server.accept()
        _ = try await peer.request()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        try await peer.ended()
    }
}
