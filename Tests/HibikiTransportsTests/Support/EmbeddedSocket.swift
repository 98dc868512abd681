// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
import HibikiWire
import NIOCore
import Testing

@testable import HibikiTransports

/// A WebSocket over an ``EmbeddedPeer``.
final class EmbeddedSocket {
    static var upgrade: String {
        "GET /ws HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + NativeEncoding.ofTests.offer
    }

    let peer: EmbeddedPeer
    private var reader: WebSocketReader
    private let contexts = DeflateContexts()
    private var input = ByteBuffer()
    private var translator = NativeTranslator()
    /// From the welcome.
    private(set) var clientID = ""

    init(_ server: EmbeddedServer, compression: String? = nil, from ip: String = "127.0.0.1") throws {
        self.peer = try server.connect(from: ip)
        let offer = compression.map { "Sec-WebSocket-Extensions: \($0)\r\n" } ?? ""
        try self.peer.send(Self.upgrade + offer + "\r\n")
        var received = try self.peer.received()
        var head = ""
        while !head.hasSuffix("\r\n\r\n"), let byte = received.readString(length: 1) { head += byte }
        try #require(head.hasPrefix("HTTP/1.1 101 "))
        let agreement =
            compression == nil
            ? nil : PermessageDeflate.Agreement(serverNoContextTakeover: true, clientNoContextTakeover: true)
        self.reader = WebSocketReader(
            role: .client, limits: WebSocketLimits(messageBytes: 64 << 20), compression: agreement)
        self.input = received
        guard let welcome = try self.texts().first else { throw NoWelcome() }
        self.clientID = welcome.member("clientId") ?? ""
    }

    func send(_ json: String) throws {
        self.translator.sends(json)
        try self.peer.send(Self.frame(json))
    }

    func send(_ opcode: WebSocketOpcode, _ payload: ByteBuffer = ByteBuffer()) throws {
        var frame = ByteBuffer()
        frame.writeWebSocketFrame(opcode, payload: payload, mask: 0x37FA_213D)
        try self.peer.send(frame)
    }

    /// What came since this was last asked.
    func events() throws -> [WebSocketEvent] {
        var more = try self.peer.received()
        self.input.writeBuffer(&more)
        var events: [WebSocketEvent] = []
        while let event = try self.reader.next(&self.input, deflate: self.contexts) {
            events.append(try self.translator.received(event))
        }
        return events
    }

    /// The messages that came since this was last asked; anything but text is left out.
    func texts() throws -> [String] {
        try self.events().compactMap { event in
            guard case .text(let text) = event else { return nil }
            return String(buffer: text)
        }
    }

    /// Sends a request and returns all that comes back.
    func ask(_ json: String) throws -> [String] {
        try self.send(json)
        return try self.texts()
    }

    /// The payloads of the events that came.
    func payloads() throws -> [String] {
        try self.texts().filter { $0.member("type") == "event" }.compactMap { $0.member("payload") }
    }

    static func frame(_ json: String) -> ByteBuffer {
        var frame = ByteBuffer()
        let encoding = NativeEncoding.ofTests
        frame.writeWebSocketFrame(encoding.opcode, payload: encoding.message(json), mask: 0x37FA_213D)
        return frame
    }
}

struct NoWelcome: Error {}

extension String {
    /// The text of the first member of that name: a string without its quotes, anything else as far as the next comma or brace.
    func member(_ name: String) -> String? {
        guard let start = self.firstRange(of: "\"\(name)\":")?.upperBound else { return nil }
        let rest = self[start...]
        if rest.first == "\"" {
            return String(rest.dropFirst().prefix { $0 != "\"" })
        }
        return String(rest.prefix { $0 != "," && $0 != "}" })
    }

    /// The text with what changes from run to run replaced: times, and the ids that are given.
    func stable(_ ids: [String: String] = [:]) -> String {
        var text = self
        for (id, name) in ids { text = text.replacing(id, with: name) }
        guard let time = text.member("timestamp") else { return text }
        return text.replacing("\"timestamp\":\(time)", with: "\"timestamp\":0")
    }
}
