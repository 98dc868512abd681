// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
public import NIOCore

/// The body of a polling response.
public struct EnginePayload: Hashable, Sendable {
    public var body: ByteBuffer
    /// Whether the body is the binary form of revision 3.
    public var isBinary: Bool

    public init(body: ByteBuffer, isBinary: Bool) {
        self.body = body
        self.isBinary = isBinary
    }

    /// The value of the `Content-Type` header.
    public var contentType: String {
        self.isBinary ? "application/octet-stream" : "text/plain; charset=UTF-8"
    }
}

/// Puts packets together into the body of a polling response.
///
/// ```swift
/// var writer = EnginePayloadWriter(version: .v4, base64: false)
/// writer.append(EnginePacket(.ping))
/// writer.appendMessage(text: ByteBuffer(string: "hello"))
/// writer.finish().body                                      // "2\u{1E}4hello"
/// ```
public struct EnginePayloadWriter: Sendable {
    private let version: EngineVersion
    private let base64: Bool
    private var body = ByteBuffer()
    /// The packets of revision 3: only the last of them tells which form the body has.
    private var held: [EnginePacket] = []

    /// - Parameter base64: whether the client asked for no bytes (`b64=1`, or JSONP). It makes a difference in
    ///   revision 3 only: revision 4 has no other form.
    public init(version: EngineVersion, base64: Bool) {
        self.version = version
        self.base64 = base64
    }

    public var isEmpty: Bool {
        self.held.isEmpty && self.body.readableBytes == 0
    }

    public mutating func appendMessage(text: ByteBuffer) {
        self.append(.message(text: text))
    }

    public mutating func appendMessage(binary: ByteBuffer) {
        self.append(.message(binary: binary))
    }

    public mutating func append(_ packet: EnginePacket) {
        switch self.version {
        case .v3:
            self.held.append(packet)
        case .v4:
            if self.body.readableBytes > 0 { self.body.writeInteger(EnginePayloadReader.separator) }
            self.body.writeEngineText(packet, version: .v4)
        }
    }

    /// What was appended, in the order in which it was.
    public consuming func finish() -> EnginePayload {
        let isBinary = !self.base64 && self.held.contains { $0.isBinary }
        for packet in self.held {
            if isBinary { self.writeWithMarker(packet) } else { self.writeWithLength(packet) }
        }
        return EnginePayload(body: self.body, isBinary: isBinary)
    }

    private mutating func writeWithLength(_ packet: EnginePacket) {
        var text = ByteBuffer()
        text.writeEngineText(packet, version: .v3)
        self.body.writeJSONInteger(EnginePacketLength.units(in: text))
        self.body.writeInteger(UInt8(ascii: ":"))
        self.body.writeImmutableBuffer(text)
    }

    private mutating func writeWithMarker(_ packet: EnginePacket) {
        self.body.writeInteger(UInt8(packet.isBinary ? 1 : 0))
        for digit in String(packet.payload.readableBytes + 1).utf8 {
            self.body.writeInteger(digit &- UInt8(ascii: "0"))
        }
        self.body.writeInteger(UInt8.max)
        if packet.isBinary {
            self.body.writeEngineBinary(packet.payload, version: .v3)
        } else {
            self.body.writeEngineText(packet, version: .v3)
        }
    }
}
