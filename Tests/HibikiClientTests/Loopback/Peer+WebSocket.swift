// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
import NIOCore

@testable import HibikiClient

/// The server's end after the upgrade.
///
/// `@unchecked` as ``Peer`` is: only one task of a test plays it at a time.
final class SocketPeer: @unchecked Sendable {
    let peer: Peer
    let request: Peer.Request
    private var reader: WebSocketReader

    init(_ peer: Peer, _ request: Peer.Request, _ agreement: PermessageDeflate.Agreement?) {
        self.peer = peer
        self.request = request
        self.reader = WebSocketReader(role: .server, compression: agreement)
    }

    /// What the client sent next; compressed messages where no context is kept.
    func event() async throws -> WebSocketEvent {
        let contexts = DeflateContexts()
        while true {
            if let event = try self.reader.next(&self.peer.input, deflate: contexts) { return event }
            try await self.peer.receive()
        }
    }

    /// The text that the client sent next; answers nothing else.
    func text() async throws -> String {
        guard case .text(let payload) = try await self.event() else { return "" }
        return String(buffer: payload)
    }

    func send(_ text: String) async throws {
        try await self.send(.text, ByteBuffer(string: text))
    }

    func send(_ opcode: WebSocketOpcode, _ payload: ByteBuffer, compressed: Bool = false) async throws {
        var frame = ByteBuffer()
        frame.writeWebSocketFrame(opcode, compressed: compressed, payload: payload)
        try await self.peer.write(frame)
    }

    func close(_ code: UInt16, _ reason: String = "") async throws {
        var frame = ByteBuffer()
        frame.writeWebSocketClose(code: WebSocketCloseCode(rawValue: code), reason: reason)
        try await self.peer.write(frame)
    }
}

extension LoopbackServer {
    /// Takes a connection, reads the request and answers as the standard has it.
    ///
    /// - Parameters:
    ///   - subprotocols: what this server speaks.
    ///   - behind: sent in the same write as the 101.
    func acceptWebSocket(
        subprotocols: [String] = [], compression: PermessageDeflate.Configuration? = nil,
        behind: ByteBuffer = ByteBuffer()
    ) async throws -> SocketPeer {
        let peer = try await self.accept()
        let request = try await peer.request()
        let facts = WebSocketHandshake.Request(
            method: "GET", httpMinorVersion: 1, upgrade: request.values("upgrade"),
            connection: request.values("connection"),
            key: request.values("sec-websocket-key"), version: request.values("sec-websocket-version"),
            protocols: request.values("sec-websocket-protocol"), extensions: request.values("sec-websocket-extensions")
        )
        let configuration = WebSocketHandshake.Configuration(subprotocols: subprotocols, compression: compression)
        guard case .accept(let acceptance) = WebSocketHandshake.answer(facts, configuration) else { throw PeerGone() }
        let fields = acceptance.headers.map { "\($0.name): \($0.value)\r\n" }.joined()
        var answer = ByteBuffer(string: "HTTP/1.1 101 Switching Protocols\r\n\(fields)\r\n")
        answer.writeImmutableBuffer(behind)
        try await peer.write(answer)
        return SocketPeer(peer, request, acceptance.agreement)
    }
}

extension Peer.Request {
    func values(_ name: String) -> [String] {
        self.headers[name].map { [$0] } ?? []
    }
}
