// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// One packet of Engine.IO, which carries messages, the heartbeat and the change of transports.
///
/// Reading one from a frame allocates nothing, base64 aside: the payload is a slice of the frame.
public struct EnginePacket: Hashable, Sendable {
    /// What a packet is for. The raw value is the digit that it begins with on the wire.
    public enum Kind: UInt8, CaseIterable, Hashable, Sendable {
        /// The server's handshake.
        case open = 0
        case close = 1
        /// The server asks in revision 4, the client in revision 3.
        case ping = 2
        case pong = 3
        case message = 4
        /// The client's last word on polling: from here on the WebSocket carries the session.
        case upgrade = 5
        /// Sets a waiting poll free.
        case noop = 6
    }

    public var kind: Kind
    /// What follows the digit. Text is UTF-8.
    public var payload: ByteBuffer
    /// Whether the payload is bytes rather than text. Only messages are.
    public var isBinary: Bool

    public init(_ kind: Kind, payload: ByteBuffer = ByteBuffer()) {
        self.kind = kind
        self.payload = payload
        self.isBinary = false
    }

    public static func message(text: ByteBuffer) -> EnginePacket {
        EnginePacket(.message, payload: text)
    }

    public static func message(binary: ByteBuffer) -> EnginePacket {
        var packet = EnginePacket(.message, payload: binary)
        packet.isBinary = true
        return packet
    }

    /// Reads a text frame of a WebSocket, or one text packet of a polling payload. The bytes must be UTF-8.
    ///
    /// A frame that begins with `b` is a binary message in base64: `bAQID`, in revision 3 `b4AQID`.
    public init(textFrame: ByteBuffer, version: EngineVersion = .v4) throws(EngineViolation) {
        var payload = textFrame
        guard let first = payload.readInteger(as: UInt8.self) else { throw .emptyPacket }
        guard first != UInt8(ascii: "b") else {
            self = try Self.readBase64(payload, version: version)
            return
        }
        guard let kind = Kind(rawValue: first &- UInt8(ascii: "0")) else { throw .unknownType }
        self.init(kind, payload: payload)
    }

    /// Reads a binary frame of a WebSocket. In revision 4 all of it is the message; in revision 3 the type comes
    /// first, as a byte of value 4.
    public init(binaryFrame: ByteBuffer, version: EngineVersion) throws(EngineViolation) {
        var payload = binaryFrame
        if version == .v3 {
            guard let type = payload.readInteger(as: UInt8.self) else { throw .emptyPacket }
            guard type == Kind.message.rawValue else { throw .unknownType }
        }
        self = .message(binary: payload)
    }

    private static func readBase64(_ text: ByteBuffer, version: EngineVersion) throws(EngineViolation) -> EnginePacket {
        var text = text
        if version == .v3 {
            guard text.readInteger(as: UInt8.self) == Kind.message.digit else { throw .unknownType }
        }
        guard let bytes = EngineBase64.decode(text) else { throw .invalidBase64 }
        return .message(binary: bytes)
    }
}

extension EnginePacket.Kind {
    var digit: UInt8 {
        UInt8(ascii: "0") + self.rawValue
    }
}
