// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
import NIOCore
import Testing

@testable import HibikiClient

@Suite(.timeLimit(.minutes(1)))
struct WebSocketConnectionTests {
    private func open(
        _ configuration: WebSocketClient.Configuration = WebSocketClient.Configuration(),
        compression: PermessageDeflate.Configuration? = nil
    ) async throws -> (WebSocketConnection, SocketPeer, LoopbackServer) {
        let server = try await LoopbackServer.start()
        async let connecting = WebSocketClient.connect(to: server.url, configuration)
        let peer = try await server.acceptWebSocket(compression: compression)
        return (try await connecting, peer, server)
    }

    @Test func `messages go both ways, masked towards the server`() async throws {
        let (connection, peer, _) = try await self.open()
        try await connection.send(text: "grüße")
        #expect(try await peer.event() == .text(ByteBuffer(string: "grüße")))
        try await connection.send(binary: ByteBuffer(bytes: [0, 255]))
        #expect(try await peer.event() == .binary(ByteBuffer(bytes: [0, 255])))
        try await peer.send(.binary, ByteBuffer(bytes: [1, 2]))
        var messages = connection.messages.makeAsyncIterator()
        #expect(try await messages.next() == .binary(ByteBuffer(bytes: [1, 2])))
    }

    @Test func `a message in two fragments with a ping between them is one message, and the ping is answered`()
        async throws
    {
        let (connection, peer, _) = try await self.open()
        var frames = ByteBuffer()
        frames.writeWebSocketFrame(.text, fin: false, payload: ByteBuffer(string: "he"))
        frames.writeWebSocketFrame(.ping, payload: ByteBuffer(string: "?"))
        frames.writeWebSocketFrame(.continuation, payload: ByteBuffer(string: "llo"))
        try await peer.peer.write(frames)
        var messages = connection.messages.makeAsyncIterator()
        #expect(try await messages.next()?.text == "hello")
        #expect(try await peer.event() == .pong(ByteBuffer(string: "?")))
    }

    @Test func `a ping waits for its own pong`() async throws {
        let (connection, peer, _) = try await self.open()
        async let ping: Void = connection.ping()
        guard case .ping(let payload) = try await peer.event() else { throw PeerGone() }
        try await peer.send(.pong, ByteBuffer(string: "unasked"))
        try await peer.send(.pong, payload)
        try await ping
    }

    @Test func `long messages are compressed where that was agreed on, both ways`() async throws {
        let (connection, peer, _) = try await self.open(compression: PermessageDeflate.Configuration())
        let text = String(repeating: "resonance ", count: 500)
        try await connection.send(text: text)
        try await peer.peer.receive()
        #expect(peer.peer.input.getInteger(at: peer.peer.input.readerIndex, as: UInt8.self) == 0xC1)
        #expect(peer.peer.input.readableBytes < 500)
        #expect(try await peer.text() == text)
        let deflated = try #require(DeflateContexts().deflate(ByteBuffer(string: text)))
        try await peer.send(.text, deflated, compressed: true)
        var messages = connection.messages.makeAsyncIterator()
        #expect(try await messages.next()?.text == text)
    }

    @Test func `data that do not inflate fail the connection with 1007`() async throws {
        let (connection, peer, _) = try await self.open(compression: PermessageDeflate.Configuration())
        try await peer.send(.text, ByteBuffer(bytes: [0xFF, 0xFF, 0xFF, 0xFF]), compressed: true)
        guard case .close(let frame) = try await peer.event() else { throw PeerGone() }
        #expect(frame.code == .invalidPayload)
        peer.peer.close()
        let closure = try await connection.closure
        #expect(closure.code == .invalidPayload)
        #expect(!closure.invitesReturn)
        await #expect(throws: HibikiClientError.self) { for try await _ in connection.messages {} }
    }

    @Test func `a masked frame of a server fails the connection with 1002`() async throws {
        let (connection, peer, _) = try await self.open()
        var frame = ByteBuffer()
        frame.writeWebSocketFrame(.text, payload: ByteBuffer(string: "x"), mask: 0x0102_0304)
        try await peer.peer.write(frame)
        guard case .close(let close) = try await peer.event() else { throw PeerGone() }
        #expect(close.code == .protocolError)
        peer.peer.close()
        #expect(try await connection.closure.code == .protocolError)
    }

    @Test func `a message above the limit fails the connection with 1009 before it has come`() async throws {
        let (connection, peer, _) = try await self.open(
            WebSocketClient.Configuration(limits: WebSocketLimits(messageBytes: 10))
        )
        var header = ByteBuffer()
        header.writeWebSocketFrameHeader(.text, payloadLength: 11)
        try await peer.peer.write(header)
        guard case .close(let close) = try await peer.event() else { throw PeerGone() }
        #expect(close.code == .messageTooBig)
        peer.peer.close()
        #expect(try await connection.closure.code == .messageTooBig)
    }

    @Test func `closing says goodbye, waits for the answer and tells the code`() async throws {
        let (connection, peer, _) = try await self.open()
        async let closing = connection.close(code: .goingAway, reason: "done")
        #expect(try await peer.event() == .close(WebSocketCloseFrame(code: .goingAway, reason: "done")))
        try await peer.close(1001)
        #expect(try await closing.code == .goingAway)
        await #expect(throws: HibikiClientError.self) { try await connection.send(text: "late") }
    }

    @Test func `a server that does not answer the close frame is left after the limit`() async throws {
        let (connection, _, _) = try await self.open()
        let closure = try await connection.close(limit: .milliseconds(50))
        #expect(closure.code == .abnormalClosure)
    }

    @Test func `a close of the server is answered, and ends the messages without an error`() async throws {
        let (connection, peer, _) = try await self.open()
        try await peer.send("last")
        try await peer.close(4000, "too slow")
        var messages = connection.messages.makeAsyncIterator()
        #expect(try await messages.next()?.text == "last")
        #expect(try await peer.event() == .close(WebSocketCloseFrame(code: WebSocketCloseCode(rawValue: 4000))))
        peer.peer.close()
        #expect(try await messages.next() == nil)
        let closure = try await connection.closure
        #expect(closure == WebSocketClosure(code: WebSocketCloseCode(rawValue: 4000), reason: "too slow"))
        #expect(closure.invitesReturn)
    }

    @Test func `a cut without a close frame is 1006 and an error`() async throws {
        let (connection, peer, _) = try await self.open()
        peer.peer.close()
        await #expect(throws: HibikiClientError.self) { for try await _ in connection.messages {} }
        #expect(try await connection.closure.code == .abnormalClosure)
    }

    @Test func `a listener that wants no more gets no more, and all the rest when it wants again`() async throws {
        let server = try await LoopbackServer.start()
        let (seen, gate) = (Inbox<String>(bound: .max), GateBox())
        async let opening = WebSocketClient.open(Dialer(server.url), target: "/", WebSocketClient.Configuration()) {
            let sink = GateSink(seen)
            gate.sink = sink
            return sink
        }
        let peer = try await server.acceptWebSocket()
        let channel = try await opening.channel
        var frames = ByteBuffer()
        for text in ["1", "2", "3"] { frames.writeWebSocketFrame(.text, payload: ByteBuffer(string: text)) }
        try await peer.peer.write(frames)
        #expect(try await seen.next() == "1")
        let countBehindTheGate = try await channel.eventLoop.submit { gate.sink?.count }.get()
        #expect(countBehindTheGate == 1)
        channel.eventLoop.execute { gate.sink?.open() }
        #expect(try await seen.next() == "2")
        #expect(try await seen.next() == "3")
        try await channel.close()
    }

    @Test func `what a client was too slow to read reaches it later, whole and in order`() async throws {
        let (connection, peer, _) = try await self.open(WebSocketClient.Configuration(unreadBytes: 1_000))
        let padding = String(repeating: "x", count: 60_000)
        let messages = 400
        let sending = Task { for number in 0..<messages { try await peer.send("\(number) \(padding)") } }
        var count = 0
        for try await message in connection.messages {
            #expect(message.text?.hasPrefix("\(count) ") == true)
            count += 1
            if count == messages { break }
        }
        #expect(count == messages)
        try await sending.value
    }

    @Test func `a silent server that does not answer a ping is given up`() async throws {
        let keepAlive = WebSocketClient.KeepAlive(interval: .milliseconds(20), limit: .milliseconds(20))
        let (connection, peer, _) = try await self.open(WebSocketClient.Configuration(keepAlive: keepAlive))
        guard case .ping = try await peer.event() else { throw PeerGone() }
        #expect(try await connection.closure.failure?.code == .timedOut)
    }

    @Test func `the last who lets go of a connection closes it`() async throws {
        var (connection, peer, _): (WebSocketConnection?, SocketPeer, LoopbackServer) = try await self.open()
        try await connection?.send(text: "x")
        #expect(try await peer.text() == "x")
        connection = nil
        try await peer.peer.ended()
    }
}

/// Takes one message, and the rest after ``open()``.
private final class GateSink: WebSocketSink {
    private(set) var count = 0
    private let seen: Inbox<String>
    private var link: WebSocketHandler?
    private var isOpen = false

    init(_ seen: Inbox<String>) {
        self.seen = seen
    }

    func open() {
        self.isOpen = true
        self.link?.resume()
    }

    func opened(_ link: WebSocketHandler) {
        self.link = link
    }

    func received(_ message: WebSocketMessage, on link: WebSocketHandler) {
        self.count += 1
        self.seen.put(message.text ?? "", weight: 0)
    }

    var wantsMore: Bool {
        self.isOpen || self.count == 0
    }

    func closed(_ closure: WebSocketClosure) {
        self.link = nil
    }
}

/// `@unchecked`: touched on the connection's event loop only.
private final class GateBox: @unchecked Sendable {
    var sink: GateSink?
}
