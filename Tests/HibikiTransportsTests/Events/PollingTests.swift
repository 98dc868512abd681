// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiTestSupport
import NIOCore
import NIOEmbedded
import Testing

@testable import HibikiTransports

@Suite struct `Short polling` {
    private func get(_ server: EmbeddedServer, _ query: String, _ fields: String...) throws -> HTTPText {
        let peer = try server.connect()
        try peer.send(
            "GET /v1/events\(query) HTTP/1.1\r\nHost: test\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n")
        return try #require(HTTPText.responses(in: try peer.receivedText()).first)
    }

    @Test func `answers what the log holds, and where to go on`() throws {
        let server = try EmbeddedServer()
        try server.publish("{ }", "[2]", event: "headline")
        let answer = try self.get(server, "?topic=public/a")
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == "application/json")
        #expect(answer["Cache-Control"] == "no-store")
        #expect(answer["Last-Event-ID"] == "00000007-2")
        #expect(
            answer.body.stable().hasPrefix(
                #"{"events":[{"topic":"public/a","position":"00000007-1","event":"headline","payload":{ },"from":null,"timestamp":0},"#
            ))
        #expect(answer.body.hasSuffix(#"],"lastEventId":"00000007-2"}"#))
        let rest = try self.get(server, "?topic=public/a&since=00000007-2")
        #expect(rest.body == #"{"events":[],"lastEventId":"00000007-2"}"#)
    }

    @Test func `bounds an answer by limit, and the next goes on`() throws {
        let server = try EmbeddedServer()
        try server.publish("1", "2", "3", "4", "5")
        var since = "earliest"
        var payloads: [String] = []
        for _ in 0..<4 {
            let answer = try self.get(server, "?topic=public/a&limit=2&since=\(since)")
            payloads += answer.body.values(of: "payload")
            since = try #require(answer["Last-Event-ID"])
        }
        #expect(payloads == ["1", "2", "3", "4", "5"])
    }

    @Test func `goes through several topics with one position for all, whatever their order`() throws {
        let server = try EmbeddedServer()
        try server.publish("1", "2", "3", to: "public/a")
        try server.publish("7", "8", to: "public/b")
        var since = "earliest"
        var payloads: [String] = []
        for round in 0..<6 {
            let topics = round.isMultiple(of: 2) ? "topic=public/a&topic=public/b" : "topic=public/b&topic=public/a"
            let answer = try self.get(server, "?\(topics)&limit=1&since=\(since)")
            payloads += answer.body.values(of: "payload")
            since = try #require(answer["Last-Event-ID"])
        }
        #expect(payloads.filter { $0 < "5" } == ["1", "2", "3"])
        #expect(payloads.filter { $0 > "5" } == ["7", "8"])
    }

    @Test func `says gap, returns no events and goes on from the newest`() throws {
        var retention = LogRetention()
        retention.publications = 2
        let server = try EmbeddedServer(retention: retention)
        try server.publish("1", "2", "3", "4")
        for since in ["00000007-1", "00000008-3", "00000007-9", "-1", "9e99", "%00", ""] {
            let answer = try self.get(server, "?topic=public/a&since=\(since)")
            #expect(answer.body == #"{"events":[],"lastEventId":"00000007-4","gap":true}"#)
        }
    }

    @Test func `says gap for one of several topics and keeps the place in the others`() throws {
        let server = try EmbeddedServer()
        try server.publish("1", "2", to: "public/a")
        try server.publish("7", "8", to: "public/b")
        let gap = try self.get(server, "?topic=public/a&topic=public/b&since=public/a=00000008-1,public/b=00000007-1")
        #expect(gap.body.contains(#""events":[]"#))
        #expect(gap.body.hasSuffix(#""gap":true}"#))
        let since = try #require(gap["Last-Event-ID"])
        let next = try self.get(server, "?topic=public/a&topic=public/b&since=\(since)")
        #expect(next.body.values(of: "payload") == ["8"])
    }

    @Test(arguments: [
        ("", "400", "invalid_topic"), ("?topic=$x", "400", "invalid_topic"),
        ("?topic=private", "403", "permission_denied"),
        ("?topic=public/a&topic=private", "403", "permission_denied"),
        ("?topic=public/a&limit=x", "400", "invalid_message"),
    ])
    func `refuses with status and code`(_ query: String, _ status: String, _ code: String) throws {
        let answer = try self.get(try EmbeddedServer(), query)
        #expect("\(answer.status)" == status)
        #expect(answer.body.hasPrefix(#"{"error":{"code":"\#(code)","message":""#))
        #expect(answer.body.hasSuffix(#""retry":false}}"#))
        #expect(answer["Content-Type"] == "application/json")
    }

    @Test func `answers HEAD with the same head and no body`() throws {
        let server = try EmbeddedServer()
        try server.publish("1")
        let peer = try server.connect()
        try peer.send("HEAD /v1/events?topic=public/a HTTP/1.1\r\nHost: test\r\n\r\n")
        let answer = try peer.receivedText()
        let length = try self.get(server, "?topic=public/a").body.utf8.count
        #expect(answer.contains("Content-Length: \(length)\r\n"))
        #expect(answer.hasSuffix("\r\n\r\n"))
    }

    @Test func `refuses pages of other origins and lets allowed ones read the answer`() throws {
        var configuration = TransportConfiguration()
        configuration.origins.allowed = ["https://app.example"]
        let server = try EmbeddedServer(configuration)
        let refused = try self.get(server, "?topic=public/a", "Origin: https://evil.example")
        #expect(refused.status == 403)
        #expect(refused.body.contains("origin_not_allowed"))
        #expect(refused["Access-Control-Allow-Origin"] == nil)
        let allowed = try self.get(server, "?topic=public/a", "Origin: https://app.example")
        #expect(allowed.status == 200)
        #expect(allowed["Access-Control-Allow-Origin"] == "https://app.example")
        #expect(allowed["Vary"] == "Origin")
        #expect(allowed["Access-Control-Expose-Headers"]?.contains("Last-Event-ID") == true)
        let failed = try self.get(server, "?topic=private", "Origin: https://app.example")
        #expect(failed.status == 403)
        #expect(failed["Access-Control-Allow-Origin"] == "https://app.example")
    }
}

@Suite struct `Long polling` {
    @Test func `answers at once if something is there`() throws {
        let server = try EmbeddedServer()
        try server.publish("1")
        let peer = try server.connect()
        try peer.get("/v1/events?topic=public/a&since=earliest&wait=60")
        #expect(try peer.receivedText().values(of: "payload") == ["1"])
    }

    @Test func `waits for the next event, and answers all of one turn together`() throws {
        let server = try EmbeddedServer()
        try server.publish("1")
        let peer = try server.connect()
        try peer.get("/v1/events?topic=public/a&topic=public/b&wait=60")
        #expect(try peer.received().readableBytes == 0)
        for (payload, topic) in [("2", "public/a"), ("3", "public/b"), ("4", "public/a")] {
            let draft = Draft(topic: try Topic(topic), event: "e", payload: ByteBuffer(string: payload))
            server.hub.publish(draft, at: .now()) { _ in }
        }
        server.eventLoop.run()
        let answer = try #require(HTTPText.responses(in: try peer.receivedText()).first)
        #expect(answer.body.values(of: "payload").sorted() == ["2", "3", "4"])
        #expect(server.hub.topicsWithMembers == 0)
    }

    @Test func `is answered with what no log keeps, without a position and behind the rest`() throws {
        let server = try EmbeddedServer()
        let peer = try server.connect()
        let topic = try Topic("public/a")
        func signal(_ payload: String) -> Signal {
            Signal("typing", on: topic, payload: ByteBuffer(string: payload), timestamp: Timestamp(milliseconds: 5))
        }
        server.hub.send(signal("missed"))
        try peer.get("/v1/events?topic=public/a&wait=60")
        #expect(try peer.received().readableBytes == 0)
        server.hub.send(signal("1"))
        server.hub.publish(Draft(topic: topic, event: "e", payload: ByteBuffer(string: "2")), at: .now()) { _ in }
        server.hub.send(signal("3"))
        // What the parts of the server say among themselves is nobody's event.
        server.hub.send(Signal(.topic(topic), from: nil, payload: ByteBuffer(string: "own"), timestamp: .now()))
        server.eventLoop.run()
        let answer = try #require(HTTPText.responses(in: try peer.receivedText()).first)
        #expect(answer.body.values(of: "payload") == ["2", "1", "3"])
        #expect(answer.body.contains(#"{"topic":"public/a","event":"typing","payload":3,"from":null,"timestamp":5}"#))
        #expect(answer["Last-Event-ID"] == "00000007-1")
        try peer.get("/v1/events?topic=public/a&wait=60&since=00000007-1")
        for number in 0..<200 { server.hub.send(signal("\(number)")) }
        server.eventLoop.run()
        let crowd = try #require(HTTPText.responses(in: try peer.receivedText()).first)
        #expect(crowd.body.values(of: "payload") == (0..<100).map { "\($0)" })
        #expect(crowd["Last-Event-ID"] == "00000007-1")
        #expect(server.hub.topicsWithMembers == 0)
    }

    @Test func `loses nothing and repeats nothing from poll to poll`() throws {
        let server = try EmbeddedServer()
        let peer = try server.connect()
        var since = "earliest"
        var payloads: [String] = []
        var next = 1
        var generator = SeededGenerator(seed: 41)
        while payloads.count < 60 {
            try peer.get("/v1/events?topic=public/a&wait=60&since=\(since)")
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                try server.publish("\(next)")
                next += 1
            }
            let answer = try #require(HTTPText.responses(in: try peer.receivedText()).first)
            payloads += answer.body.values(of: "payload")
            since = try #require(answer["Last-Event-ID"])
        }
        #expect(payloads == (1...payloads.count).map { "\($0)" })
    }

    @Test func `answers a gap at once`() throws {
        let server = try EmbeddedServer()
        let peer = try server.connect()
        try peer.get("/v1/events?topic=public/a&wait=60&since=00000009-4")
        #expect(try peer.receivedText().hasSuffix(#"{"events":[],"lastEventId":"00000007-0","gap":true}"#))
    }

    @Test func `leaves its topics when the client goes`() throws {
        let server = try EmbeddedServer()
        let peer = try server.connect()
        try peer.get("/v1/events?topic=public/a&wait=60")
        #expect(server.hub.topicsWithMembers == 1)
        peer.hangUp()
        #expect(server.hub.topicsWithMembers == 0)
        #expect(server.loop.admission.total == 0)
    }

    @Test func `answers 204 with a position, and says when to come back, when the server is about to stop`() throws {
        let server = try EmbeddedServer()
        try server.publish("1")
        let peer = try server.connect()
        try peer.get("/v1/events?topic=public/a&wait=60")
        peer.connection.shutDown(Farewell(reconnectDelay: .milliseconds(4_001)))
        server.eventLoop.run()
        let answer = try #require(HTTPText.responses(in: try peer.receivedText()).first)
        #expect(answer.status == 204)
        #expect(answer["Last-Event-ID"] == "00000007-1")
        #expect(answer["Retry-After"] == "5")
        #expect(answer["Connection"] == "close")
        #expect(answer["Content-Length"] == nil)
        #expect(!peer.isOpen)
    }
}

extension String {
    /// The values of all members of that name, as ``member(_:)`` reads them.
    func values(of name: String) -> [String] {
        self.ranges(of: "\"\(name)\":").compactMap { String(self[$0.lowerBound...]).member(name) }
    }
}
