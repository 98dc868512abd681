// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
import HibikiWire
import NIOCore
import Testing

@testable import HibikiClient

@Suite(.timeLimit(.minutes(1)))
struct WebSocketHandshakeTests {
    /// What a client says to one answer.
    private func error(
        subprotocols: [String] = [], compression: PermessageDeflate.Configuration? = nil,
        answer: @Sendable @escaping (String) -> String
    ) async throws -> HibikiClientError? {
        let server = try await LoopbackServer.start()
        async let error = clientError {
            _ = try await WebSocketClient.connect(
                to: server.url, WebSocketClient.Configuration(subprotocols: subprotocols, compression: compression)
            )
        }
        let peer = try await server.accept()
        let request = try await peer.request()
        try await peer.write(answer(WebSocketHandshake.acceptKey(for: request.headers["sec-websocket-key"] ?? "")))
        try await peer.ended()
        return try await error
    }

    private static let start = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"

    @Test func `an accept key of another request fails the handshake`() async throws {
        let wrong = WebSocketHandshake.acceptKey(for: "AAAAAAAAAAAAAAAAAAAAAA==")
        let error = try await self.error { _ in Self.start + "Sec-WebSocket-Accept: \(wrong)\r\n\r\n" }
        #expect(error?.code == .handshakeFailed)
        #expect(error?.mayRetry == false)
    }

    @Test func `a subprotocol that was not asked for fails the handshake`() async throws {
        let error = try await self.error(subprotocols: ["hibiki.json"]) {
            Self.start + "Sec-WebSocket-Accept: \($0)\r\nSec-WebSocket-Protocol: chat\r\n\r\n"
        }
        #expect(error?.code == .handshakeFailed)
    }

    @Test func `an extension that was not offered fails the handshake`() async throws {
        let error = try await self.error {
            Self.start + "Sec-WebSocket-Accept: \($0)\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
        }
        #expect(error?.code == .handshakeFailed)
    }

    @Test func `a redirect is refused and says where it points`() async throws {
        let error = try await self.error { _ in
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/ws\r\nContent-Length: 0\r\n\r\n"
        }
        #expect(error?.code == .redirected)
        #expect(error?.message.contains("http://127.0.0.1:1/ws") == true)
    }

    @Test func `a refusal in the server's words keeps its code`() async throws {
        let body = #"{"error":{"code":"overloaded","message":"full","retry":true}}"#
        let error = try await self.error { _ in
            "HTTP/1.1 503 Service Unavailable\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
        #expect(error?.serverCode == .overloaded)
        #expect(error?.mayRetry == true)
    }

    @Test func `200 opens no WebSocket`() async throws {
        let error = try await self.error { _ in "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi" }
        #expect(error?.code == .handshakeFailed)
    }

    @Test func `half an answer is a lost connection`() async throws {
        let server = try await LoopbackServer.start()
        async let error = clientError { _ = try await WebSocketClient.connect(to: server.url) }
        let peer = try await server.accept()
        _ = try await peer.request()
        try await peer.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: webso")
        peer.close()
        #expect(try await error?.code == .connectionLost)
    }

    @Test func `a server that never answers is left after the limit`() async throws {
        let server = try await LoopbackServer.start()
        let configuration = WebSocketClient.Configuration(connectLimit: .milliseconds(50))
        let error = try await clientError { _ = try await WebSocketClient.connect(to: server.url, configuration) }
        #expect(error?.code == .timedOut)
    }

    @Test func `nobody at the address is said so`() async throws {
        let server = try await LoopbackServer.start()
        try await server.stop()
        let error = try await clientError { _ = try await WebSocketClient.connect(to: server.url) }
        #expect(error?.code == .cannotConnect)
        #expect(error?.mayRetry == true)
    }

    @Test func `frames right behind the answer are not lost`() async throws {
        let server = try await LoopbackServer.start()
        var first = ByteBuffer()
        first.writeWebSocketFrame(.text, payload: ByteBuffer(string: "one"))
        first.writeWebSocketFrame(.text, payload: ByteBuffer(string: "two"))
        async let connecting = WebSocketClient.connect(to: server.url)
        _ = try await server.acceptWebSocket(behind: first)
        var messages = try await connecting.messages.makeAsyncIterator()
        #expect(try await messages.next()?.text == "one")
        #expect(try await messages.next()?.text == "two")
    }

    @Test func `the request carries headers and subprotocols, and the server's choice is told`() async throws {
        let server = try await LoopbackServer.start()
        let configuration = WebSocketClient.Configuration(
            subprotocols: ["a", "b"], headers: [(name: "Origin", value: "http://example.org")]
        )
        async let connecting = WebSocketClient.connect(to: server.url, configuration)
        let peer = try await server.acceptWebSocket(subprotocols: ["b"])
        #expect(try await connecting.subprotocol == "b")
        #expect(peer.request.headers["origin"] == "http://example.org")
        #expect(peer.request.headers["host"] == "127.0.0.1:\(server.url.port)")
    }
}
