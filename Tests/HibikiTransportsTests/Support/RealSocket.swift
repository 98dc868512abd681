// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
import NIOCore

/// A WebSocket over a ``RawClient``. Used by one test at a time.
final class RealSocket {
    let client: RawClient
    private var reader = WebSocketReader(role: .client, limits: WebSocketLimits(messageBytes: 64 << 20))
    private var input = ByteBuffer()
    private var translator = NativeTranslator()

    init(_ server: RealServer, fields: [String] = [], receiveBuffer: CInt? = nil) async throws {
        self.client = try await server.connect(receiveBuffer: receiveBuffer)
        try await self.client.send(EmbeddedSocket.upgrade + fields.map { $0 + "\r\n" }.joined() + "\r\n")
        _ = try await self.client.text(through: "\r\n\r\n")
    }

    /// The next frame, whatever it is.
    func event() async throws -> WebSocketEvent {
        while true {
            if let event = try self.reader.next(&self.input) { return try self.translator.received(event) }
            var more = try await self.client.take { $0.readableBytes > 0 ? $0.readableBytes : nil }
            self.input.writeBuffer(&more)
        }
    }

    /// The next message of a type.
    func message(_ type: String) async throws -> String {
        while true {
            if case .text(let text) = try await self.event(), String(buffer: text).member("type") == type {
                return String(buffer: text)
            }
        }
    }

    /// The code that the server closes with.
    func closeCode() async throws -> UInt16? {
        while true {
            if case .close(let frame) = try await self.event() { return frame.code?.rawValue }
        }
    }

    /// Several messages go out in one write.
    func send(_ json: String...) async throws {
        var frames = ByteBuffer()
        for text in json {
            self.translator.sends(text)
            frames.writeImmutableBuffer(EmbeddedSocket.frame(text))
        }
        try await self.client.send(frames)
    }
}
