// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

extension ByteBuffer {
    /// Writes a packet as the payload of a WebSocket text frame. A binary message becomes base64, for clients that
    /// asked for it with `b64=1`: `bAQID`, in revision 3 `b4AQID`.
    public mutating func writeEngineText(_ packet: EnginePacket, version: EngineVersion = .v4) {
        guard packet.isBinary else {
            self.writeInteger(packet.kind.digit)
            self.writeImmutableBuffer(packet.payload)
            return
        }
        self.writeInteger(UInt8(ascii: "b"))
        if version == .v3 { self.writeInteger(packet.kind.digit) }
        EngineBase64.encode(packet.payload, into: &self)
    }

    /// Writes a binary message as the payload of a WebSocket binary frame: in revision 4 its bytes alone, in
    /// revision 3 behind a byte of value 4.
    public mutating func writeEngineBinary(_ message: ByteBuffer, version: EngineVersion) {
        if version == .v3 { self.writeInteger(EnginePacket.Kind.message.rawValue) }
        self.writeImmutableBuffer(message)
    }
}
