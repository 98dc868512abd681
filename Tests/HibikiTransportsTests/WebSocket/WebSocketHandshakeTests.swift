// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
import NIOCore
import NIOEmbedded
import Testing

@testable import HibikiTransports

@Suite struct `The upgrade to WebSocket` {
    private func answer(_ head: String, origins: OriginPolicy = OriginPolicy()) throws -> HTTPText {
        var configuration = TransportConfiguration()
        configuration.origins = origins
        let peer = try EmbeddedServer(configuration).connect()
        try peer.send(head)
        return try #require(HTTPText.responses(in: try peer.receivedText()).first)
    }

    @Test func `accepts the example of RFC 6455`() throws {
        let answer = try self.answer(EmbeddedSocket.upgrade + "Sec-WebSocket-Protocol: x, hibiki.json\r\n\r\n")
        #expect(answer.status == 101)
        #expect(answer["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(answer["Sec-WebSocket-Protocol"] == "hibiki.json")
        #expect(answer["Content-Length"] == nil)
    }

    @Test(arguments: [
        ("hibiki.protobuf", "hibiki.protobuf"), ("hibiki.protobuf, hibiki.json", "hibiki.protobuf"),
        ("hibiki.json, hibiki.protobuf", "hibiki.json"), ("hibiki.xml, hibiki.protobuf", "hibiki.protobuf"),
        ("hibiki", nil),
    ])
    func `chooses the first subprotocol of the offer that it knows`(_ offer: String, _ chosen: String?) throws {
        let answer = try self.answer(EmbeddedSocket.upgrade + "Sec-WebSocket-Protocol: \(offer)\r\n\r\n")
        #expect(answer.status == 101)
        #expect(answer["Sec-WebSocket-Protocol"] == chosen)
    }

    @Test(arguments: [
        ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8", 426), ("GET", "POST", 405),
        ("HTTP/1.1", "HTTP/1.0", 400),
        ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Key: short", 400),
        ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "X: y", 400), ("Upgrade: websocket", "Upgrade: x", 426),
        ("Connection: Upgrade", "Connection: x", 400),
    ])
    func `refuses what is no handshake`(_ part: String, _ replacement: String, _ status: Int) throws {
        let answer = try self.answer(EmbeddedSocket.upgrade.replacing(part, with: replacement) + "\r\n")
        #expect(answer.status == status)
        #expect(answer.body.hasPrefix(#"{"error":"#))
        if part.contains("Version") { #expect(answer["Sec-WebSocket-Version"] == "13") }
    }

    @Test(arguments: ["https://evil.example", "null", "https://test.evil.example", "https://test:444"])
    func `refuses pages of other origins`(_ origin: String) throws {
        let answer = try self.answer(EmbeddedSocket.upgrade + "Origin: \(origin)\r\n\r\n")
        #expect(answer.status == 403)
        #expect(answer.body.contains("origin_not_allowed"))
    }

    @Test func `accepts our own pages and those on the list`() throws {
        #expect(try self.answer(EmbeddedSocket.upgrade + "Origin: http://test\r\n\r\n").status == 101)
        let policy = OriginPolicy(allowed: ["https://app.example"])
        #expect(
            try self.answer(EmbeddedSocket.upgrade + "Origin: https://app.example\r\n\r\n", origins: policy).status
                == 101)
    }

    @Test func `refuses a request with a cookie that does not say where it comes from`() throws {
        #expect(try self.answer(EmbeddedSocket.upgrade + "Cookie: a=b\r\n\r\n").status == 403)
        #expect(try self.answer(EmbeddedSocket.upgrade + "Cookie: a=b\r\nOrigin: http://test\r\n\r\n").status == 101)
    }

    @Test func `refuses a second origin`() throws {
        #expect(
            try self.answer(EmbeddedSocket.upgrade + "Origin: http://test\r\nOrigin: http://test\r\n\r\n").status == 403
        )
    }

    @Test func `a request that is under way when the server stops is answered before the close`() throws {
        let server = try EmbeddedServer()
        let socket = try EmbeddedSocket(server)
        // Read, but the event loop has not turned: the answer is still on its way.
        try socket.peer.channel.writeInbound(
            EmbeddedSocket.frame(#"{"type":"presence","topic":"public/a","id":1}"#))
        socket.peer.connection.shutDown(Farewell(reconnectDelay: .seconds(7)))
        server.eventLoop.run()
        let events = try socket.events().map { event -> String? in
            switch event {
            case .text(let text): String(buffer: text).member("type")
            case .close(let frame): frame.code.map { "\($0.rawValue)" }
            default: nil
            }
        }
        #expect(events == ["server:shutdown", "presence", "1012"])
    }

    @Test func `is stopped with 1012 after a notice when the server stops`() throws {
        let server = try EmbeddedServer()
        let socket = try EmbeddedSocket(server)
        for connection in server.loop.connections { connection.shutDown(Farewell(reconnectDelay: .seconds(7))) }
        server.eventLoop.run()
        var events = try socket.events()[...]
        guard case .text(let notice) = events.popFirst(), case .close(let frame) = events.popFirst() else {
            Issue.record("the socket was not told, or not closed")
            return
        }
        #expect(String(buffer: notice).member("type") == "server:shutdown")
        #expect(String(buffer: notice).member("reconnectDelay") == "7000")
        #expect(frame.code?.rawValue == 1012)
    }
}
