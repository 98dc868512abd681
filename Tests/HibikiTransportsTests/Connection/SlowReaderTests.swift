// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWebSocketCodec
import HibikiWire
import NIOCore
import NIOEmbedded
import Testing

@testable import HibikiTransports

/// What happens to a reader whose outbound queue is full. The channel says when that is so.
@Suite(.everyEncoding) struct `A slow reader` {
    private func server(_ policy: SlowReaderPolicy) throws -> EmbeddedServer {
        var rules = SlowReaderRules()
        rules.set(policy, forPrefix: "public/")
        return try EmbeddedServer(slowReaders: rules)
    }

    private func subscribe(_ server: EmbeddedServer) throws -> EmbeddedSocket {
        let socket = try EmbeddedSocket(server)
        try socket.send(#"{"type":"subscribe","topic":"public/a"}"#)
        return socket
    }

    @Test func `is closed with 4000, and nobody waits for it`() throws {
        let server = try self.server(.close)
        let (slow, other) = (try self.subscribe(server), try self.subscribe(server))
        slow.peer.setWritable(false)
        try server.publish("1")
        #expect(try other.payloads() == ["1"])
        slow.peer.setWritable(true)
        let events = try slow.events()
        #expect(
            events == [.close(WebSocketCloseFrame(code: WebSocketCloseCode(rawValue: 4000), reason: "read too slowly"))]
        )
        try server.publish("2")
        #expect(try slow.events().isEmpty)
        #expect(try other.payloads() == ["2"])
    }

    @Test func `resumes from its last position after that`() throws {
        let server = try self.server(.close)
        let slow = try self.subscribe(server)
        try server.publish("1")
        #expect(try slow.payloads() == ["1"])
        slow.peer.setWritable(false)
        try server.publish("2", "3")
        slow.peer.hangUp()
        let again = try EmbeddedSocket(server)
        try again.send(#"{"type":"subscribe","topic":"public/a","since":"00000007-1"}"#)
        #expect(try again.payloads() == ["2", "3"])
    }

    @Test func `misses what is dropped and goes on`() throws {
        let server = try self.server(.drop)
        let slow = try self.subscribe(server)
        slow.peer.setWritable(false)
        try server.publish("1", "2")
        slow.peer.setWritable(true)
        #expect(try slow.payloads().isEmpty)
        try server.publish("3")
        #expect(try slow.payloads() == ["3"])
    }

    @Test func `gets the newest when it reads again, where the newest counts`() throws {
        let server = try self.server(.latest)
        let slow = try self.subscribe(server)
        try slow.send(#"{"type":"subscribe","topic":"public/b"}"#)
        slow.peer.setWritable(false)
        try server.publish("1", "2")
        try server.publish("7", to: "public/b")
        try server.publish("3")
        slow.peer.setWritable(true)
        #expect(try slow.payloads().sorted() == ["3", "7"])
        try server.publish("4")
        #expect(try slow.payloads() == ["4"])
    }

    @Test func `loses signals, which nobody keeps`() throws {
        let server = try self.server(.close)
        let (slow, other) = (try self.subscribe(server), try self.subscribe(server))
        slow.peer.setWritable(false)
        try other.send(#"{"type":"broadcast","payload":1}"#)
        slow.peer.setWritable(true)
        #expect(try slow.events().isEmpty)
    }

    @Test func `is not read from while its answers wait`() throws {
        let server = try self.server(.close)
        let slow = try EmbeddedSocket(server)
        slow.peer.setWritable(false)
        for number in 1...3 { try slow.send(#"{"type":"ping","id":\#(number)}"#) }
        #expect(try slow.texts().isEmpty)
        slow.peer.setWritable(true)
        #expect(try slow.texts() == (1...3).map { #"{"type":"reply","id":\#($0)}"# })
    }

    @Test(arguments: ["ws", "sse"])
    func `is given a long replay in portions, complete and in order`(_ transport: String) throws {
        var retention = LogRetention()
        retention.publications = 2_000
        let server = try EmbeddedServer(retention: retention)
        let padding = String(repeating: ".", count: 300)
        for number in 1...1_500 { try server.publish("\"\(number)\(padding)\"") }
        let peer: EmbeddedPeer
        var socket: EmbeddedSocket?
        if transport == "ws" {
            let opened = try EmbeddedSocket(server)
            (peer, socket) = (opened.peer, opened)
        } else {
            peer = try server.connect()
        }
        let gauge = WriteGauge()
        try peer.channel.pipeline.syncOperations.addHandler(gauge, position: .first)
        gauge.channel = peer.channel
        if let socket {
            try socket.send(#"{"type":"subscribe","topic":"public/a","since":"earliest"}"#)
        } else {
            try peer.get("/v1/events?topic=public/a&since=earliest", "Accept: text/event-stream")
        }
        var portions = 0
        while gauge.isFull {
            portions += 1
            try #require(portions < 1_000)
            if portions == 3 { try server.publish("\"1501\"") }
            gauge.drain()
            peer.channel.embeddedEventLoop.run()
        }
        #expect(portions > 4)
        #expect(gauge.most < 128 << 10)
        let numbers = transport == "ws" ? try self.payloads(gauge.taken) : self.data(gauge.taken)
        #expect(numbers.map { $0.filter(\.isNumber) } == (1...1_501).map { "\($0)" })
    }

    private func payloads(_ bytes: ByteBuffer) throws -> [String] {
        var bytes = bytes
        var reader = WebSocketReader(role: .client)
        var payloads: [String] = []
        let translator = NativeTranslator()
        while let event = try reader.next(&bytes), case .text(let text) = try translator.received(event) {
            payloads += String(buffer: text).values(of: "payload")
        }
        return payloads
    }

    @Test func `of large events has no more of them in its queue than the bound and one`() throws {
        let server = try self.server(.close)
        let large = "\"" + String(repeating: "x", count: 50_000) + "\""
        for _ in 0..<40 { try server.publish(large) }
        let peer = try server.connect()
        let gauge = WriteGauge()
        try peer.channel.pipeline.syncOperations.addHandler(gauge, position: .first)
        gauge.channel = peer.channel
        try peer.get("/v1/events?topic=public/a&since=earliest", "Accept: text/event-stream")
        while gauge.isFull { gauge.drain() }
        #expect(self.data(gauge.taken).count == 40)
        #expect(gauge.most < 200_000)
    }

    private func data(_ bytes: ByteBuffer) -> [String] {
        String(buffer: bytes).split(separator: "\n").compactMap { line in
            line.hasPrefix("data: ") && !line.contains("{") ? String(line.dropFirst(6)) : nil
        }
    }
}

/// An outbound queue with a bound, as a socket's channel has one.
private final class WriteGauge: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    static let bound = 8_192

    var channel: EmbeddedChannel?
    private(set) var waiting = ByteBuffer()
    private(set) var taken = ByteBuffer()
    private(set) var most = 0
    private(set) var isFull = false

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var bytes = self.unwrapOutboundIn(data)
        self.waiting.writeBuffer(&bytes)
        self.most = max(self.most, self.waiting.readableBytes)
        guard self.waiting.readableBytes > Self.bound, !self.isFull else { return }
        self.isFull = true
        self.channel?.isWritable = false
        context.pipeline.fireChannelWritabilityChanged()
    }

    func flush(context: ChannelHandlerContext) {
        if !self.isFull { self.take() }
    }

    /// The socket takes everything.
    func drain() {
        self.take()
        self.isFull = false
        self.channel?.isWritable = true
        self.channel?.pipeline.fireChannelWritabilityChanged()
    }

    private func take() {
        self.taken.writeBuffer(&self.waiting)
        self.waiting.clear()
    }
}
