// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore
import NIOEmbedded
import Testing

@testable import HibikiTransports

/// An event stream over an ``EmbeddedPeer``.
private final class Stream {
    let peer: EmbeddedPeer
    private(set) var head = ""
    private(set) var parser = ServerSentEventParser()
    private var isChunked = true
    private var chunks = ByteBuffer()

    init(_ server: EmbeddedServer, _ query: String, lastEventID: String? = nil, version: String = "1.1") throws {
        self.peer = try server.connect()
        let id = lastEventID.map { "Last-Event-ID: \($0)\r\n" } ?? ""
        try self.peer.send(
            "GET /v1/events\(query) HTTP/\(version)\r\nHost: test\r\nAccept: text/event-stream\r\n\(id)\r\n")
        var received = try self.peer.received()
        while !self.head.hasSuffix("\r\n\r\n"), let byte = received.readString(length: 1) { self.head += byte }
        self.isChunked = self.head.contains("chunked")
        self.chunks = received
    }

    /// What came since this was last asked.
    func events() throws -> [ServerSentEvent] {
        var more = try self.peer.received()
        self.chunks.writeBuffer(&more)
        guard self.isChunked else {
            defer { self.chunks.clear() }
            return try self.parser.parse(self.chunks)
        }
        let text = HTTPText(status: 200, fields: [], body: String(buffer: self.chunks)).unchunked
        self.chunks.clear()
        return try self.parser.parse(ByteBuffer(string: text))
    }

    /// Event, id and data in one line each.
    func lines() throws -> [String] {
        try self.events().map { "\($0.event) \($0.id) \(String(buffer: $0.data))" }
    }
}

@Suite struct `An event stream` {
    @Test func `begins with its head, retry and connected`() throws {
        let server = try EmbeddedServer()
        try server.publish("1")
        let stream = try Stream(server, "?topic=public/a")
        #expect(stream.head.hasPrefix("HTTP/1.1 200 OK\r\n"))
        for field in [
            "Content-Type: text/event-stream", "Cache-Control: no-cache", "Transfer-Encoding: chunked",
            "X-Accel-Buffering: no",
        ] {
            #expect(stream.head.contains(field + "\r\n"))
        }
        let events = try stream.events()
        #expect(events.count == 1)
        #expect(events.first?.event == "connected")
        #expect(events.first?.id == "00000007-1")
        #expect(events.first.map { String(buffer: $0.data).member("clientId")?.utf8.count } == 22)
        let retry = try #require(stream.parser.reconnectionTime)
        #expect((5_000...6_000).contains(retry))
    }

    @Test func `tells what happens as it happens`() throws {
        let server = try EmbeddedServer()
        let stream = try Stream(server, "?topic=public/a")
        _ = try stream.events()
        try server.publish("{\"n\":1}", event: "headline")
        #expect(try stream.lines() == ["headline 00000007-1 {\"n\":1}"])
        try server.publish("2", "3")
        #expect(try stream.lines() == ["message 00000007-2 2", "message 00000007-3 3"])
    }

    @Test func `resumes after Last-Event-ID, which counts before since`() throws {
        let server = try EmbeddedServer()
        try server.publish("1", "2", "3")
        let stream = try Stream(server, "?topic=public/a&since=earliest", lastEventID: "00000007-2")
        #expect(try stream.lines().dropFirst() == ["message 00000007-3 3"])
    }

    @Test func `of several topics has ids for all of them, from each of which it resumes`() throws {
        let server = try EmbeddedServer()
        let query = "?topic=public/a&topic=public/b"
        let stream = try Stream(server, query)
        _ = try stream.events()
        for number in 1...6 { try server.publish("\(number)", to: number.isMultiple(of: 2) ? "public/a" : "public/b") }
        let events = try stream.events()
        #expect(events.map { String(buffer: $0.data) } == ["1", "2", "3", "4", "5", "6"])
        #expect(Set(events.map(\.id)).count == 6)
        for (index, event) in events.enumerated() {
            let resumed = try Stream(server, "?topic=public/b&topic=public/a", lastEventID: event.id)
            let rest = try resumed.events().dropFirst().map { String(buffer: $0.data) }
            #expect(rest.sorted() == events[(index + 1)...].map { String(buffer: $0.data) })
        }
    }

    @Test func `tells a gap after connected and goes on with what happens next`() throws {
        let server = try EmbeddedServer()
        try server.publish("1", "2")
        let stream = try Stream(
            server, "?topic=public/a&topic=public/b", lastEventID: "public/a=00000009-1,public/b=00000007-0")
        let events = try stream.events()
        #expect(events.map(\.event) == ["connected", "gap"])
        #expect(events.last.map { String(buffer: $0.data) } == #"{"topics":["public/a"]}"#)
        try server.publish("3")
        #expect(try stream.events().map { String(buffer: $0.data) } == ["3"])
    }

    @Test func `has whole events with envelope`() throws {
        let server = try EmbeddedServer()
        let stream = try Stream(server, "?topic=public/a&envelope=1")
        _ = try stream.events()
        try server.publish("1", event: "headline")
        #expect(
            try stream.lines().map { $0.stable() }
                == [
                    #"event 00000007-1 {"topic":"public/a","position":"00000007-1","event":"headline","payload":1,"from":null,"timestamp":0}"#
                ])
    }

    @Test func `is not chunked for HTTP 1_0, and ends with the connection`() throws {
        let server = try EmbeddedServer()
        let stream = try Stream(server, "?topic=public/a", version: "1.0")
        #expect(!stream.head.contains("Transfer-Encoding"))
        #expect(stream.head.contains("Connection: close\r\n"))
        _ = try stream.events()
        try server.publish("1")
        #expect(try stream.lines() == ["message 00000007-1 1"])
    }

    @Test func `brings direct messages and no broadcasts`() throws {
        let server = try EmbeddedServer()
        let stream = try Stream(server, "?topic=public/a")
        let id = try #require(try stream.events().first.flatMap { String(buffer: $0.data).member("clientId") })
        let socket = try EmbeddedSocket(server)
        try socket.send(#"{"type":"broadcast","payload":1}"#)
        try socket.send(#"{"type":"direct","targetId":"\#(id)","payload":[2]}"#)
        let events = try stream.events()
        #expect(events.map(\.event) == ["direct"])
        #expect(
            events.first.map { String(buffer: $0.data).stable([socket.clientID: "S"]) }
                == #"{"from":"S","payload":[2],"timestamp":0}"#)
    }

    @Test func `says that the server stops, and ends`() throws {
        let server = try EmbeddedServer()
        let stream = try Stream(server, "?topic=public/a")
        _ = try stream.events()
        stream.peer.connection.shutDown(Farewell(reconnectDelay: .seconds(7)))
        let events = try stream.events()
        #expect(events.map(\.event) == ["server:shutdown"])
        #expect(events.first.map { String(buffer: $0.data).member("reconnectDelay") } == "7000")
        #expect(stream.parser.reconnectionTime == 7_000)
        #expect(!stream.peer.isOpen)
        #expect(server.hub.topicsWithMembers == 0)
    }

    @Test func `takes no notice of what the client sends`() throws {
        let server = try EmbeddedServer()
        let stream = try Stream(server, "?topic=public/a")
        _ = try stream.events()
        try stream.peer.get("/v1/events?topic=public/a")
        #expect(try stream.peer.received().readableBytes == 0)
        try server.publish("1")
        #expect(try stream.lines() == ["message 00000007-1 1"])
    }

    @Test func `leaves its topics when the client goes`() throws {
        let server = try EmbeddedServer()
        let stream = try Stream(server, "?topic=public/a")
        stream.peer.hangUp()
        #expect(server.hub.topicsWithMembers == 0)
        #expect(server.loop.members.clientCount == 0)
    }
}
