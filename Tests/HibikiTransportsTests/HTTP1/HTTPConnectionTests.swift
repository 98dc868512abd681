// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import NIOCore
import NIOEmbedded
import Testing

@testable import HibikiTransports

@Suite struct `A connection that speaks HTTP` {
    private static let poll = "GET /v1/events?topic=public/a&since=earliest HTTP/1.1\r\nHost: test\r\n\r\n"

    @Test func `answers pipelined requests in their order, whatever the pieces`() throws {
        let server = try EmbeddedServer()
        try server.publish("1", "2", "3")
        let stream = (1...3).map { "GET /v1/events?topic=public/a&limit=\($0) HTTP/1.1\r\nHost: test\r\n\r\n" }.joined()
        let bytes = Array(stream.utf8)
        for cut in 1..<bytes.count {
            let peer = try server.connect()
            try peer.send(ByteBuffer(bytes: bytes[..<cut]))
            try peer.send(ByteBuffer(bytes: bytes[cut...]))
            let answers = HTTPText.responses(in: try peer.receivedText())
            #expect(answers.map { $0.body.values(of: "payload") } == [["1"], ["1", "2"], ["1", "2", "3"]])
        }
    }

    @Test func `answers what was pipelined behind a long poll after it`() throws {
        let server = try EmbeddedServer()
        let peer = try server.connect()
        try peer.send("GET /v1/events?topic=public/a&wait=60 HTTP/1.1\r\nHost: test\r\n\r\n" + Self.poll)
        #expect(try peer.received().readableBytes == 0)
        try server.publish("1")
        let answers = HTTPText.responses(in: try peer.receivedText())
        #expect(answers.map(\.status) == [200, 200])
        #expect(answers.allSatisfy { $0.body.values(of: "payload") == ["1"] })
    }

    @Test func `becomes a WebSocket on a later request`() throws {
        let server = try EmbeddedServer()
        let peer = try server.connect()
        try peer.send(Self.poll)
        try peer.send(Self.poll + EmbeddedSocket.upgrade + "\r\n")
        let text = try peer.receivedText()
        #expect(text.ranges(of: "HTTP/1.1 200 OK").count == 2)
        #expect(text.contains("HTTP/1.1 101 Switching Protocols\r\n"))
        #expect(text.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
        #expect(text.contains(#"{"type":"welcome""#))
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        ("nonsense\r\n\r\n", 400), ("GET / HTTP/3.0\r\n\r\n", 505),
        ("GET / HTTP/1.1\r\nHost: a\r\nA: \(String(repeating: "x", count: 20_000))", 431),
        ("GET /ws HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n", 413),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: wonders\r\n\r\n", 417),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, x\r\n\r\n0\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
    ])
    func `refuses with a status, ends, and reads no second request out of the rest`(
        _ request: String, _ status: Int
    ) throws {
        let peer = try EmbeddedServer().connect()
        try peer.send(request + Self.poll)
        try peer.send(Self.poll)
        let answers = HTTPText.responses(in: try peer.receivedText())
        #expect(answers.map(\.status) == [status])
        #expect(answers.first?["Connection"] == "close")
        #expect(answers.first?.body.hasPrefix(#"{"error":{"code":""#) == true)
        #expect(!peer.isOpen)
    }

    @Test func `asks for a body that waits for leave`() throws {
        let peer = try EmbeddedServer().connect()
        try peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        #expect(try peer.receivedText() == "HTTP/1.1 100 Continue\r\n\r\n")
    }

    @Test(arguments: [
        ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close\r\n", false),
        ("HTTP/1.1", "Connection: x, Close\r\n", false),
        ("HTTP/1.0", "", false), ("HTTP/1.0", "Connection: keep-alive\r\n", true),
    ])
    func `stays open as its version and the request have it`(_ version: String, _ fields: String, _ stays: Bool) throws
    {
        let peer = try EmbeddedServer().connect()
        try peer.send("GET /v1/events?topic=public/a \(version)\r\nHost: a\r\n\(fields)\r\n")
        let answer = try #require(HTTPText.responses(in: try peer.receivedText()).first)
        #expect(answer.status == 200)
        #expect((answer["Connection"] == "close") == !stays)
        #expect(peer.isOpen == stays)
    }

    @Test func `has the date of the standard in every answer`() throws {
        let peer = try EmbeddedServer().connect()
        try peer.send(Self.poll)
        let date = try #require(HTTPText.responses(in: try peer.receivedText()).first?["Date"])
        #expect(date.hasSuffix(" GMT"))
        #expect(date.utf8.count == 29)
    }

    @Test func `ends soon between requests when the server stops, and refuses the next one`() throws {
        let server = try EmbeddedServer()
        let (idle, next, half) = (try server.connect(), try server.connect(), try server.connect())
        try idle.send(Self.poll)
        try half.send(String(Self.poll.prefix(20)))
        for connection in server.loop.connections { connection.shutDown(Farewell(reconnectDelay: .seconds(3))) }
        try next.send(Self.poll)
        let refusal = try #require(HTTPText.responses(in: try next.receivedText()).first)
        #expect(refusal.status == 503)
        #expect(refusal["Retry-After"] == "3")
        #expect(!next.isOpen)
        #expect(half.isOpen)
        idle.connection.deadlinePassed(at: .now())
        #expect(!idle.isOpen)
        try half.send(String(Self.poll.dropFirst(20)))
        let answer = try #require(HTTPText.responses(in: try half.receivedText()).first)
        #expect(answer.status == 503)
        #expect(answer.body.contains(#""code":"shutting_down""#))
        #expect(!half.isOpen)
    }

    @Test func `frees its place when it ends`() throws {
        let server = try EmbeddedServer()
        let peers = [try server.connect(), try server.connect()]
        #expect(server.loop.admission.total == 2)
        for peer in peers { peer.hangUp() }
        #expect(server.loop.admission.total == 0)
        #expect(server.loop.connections.isEmpty)
    }
}
