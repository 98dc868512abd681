// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
public import NIOCore

/// Takes the body of a polling request apart, packet by packet, so that the packets before a bad one can be
/// delivered.
///
/// Packets are slices of the body, and the whole body is read in linear time. After an error nothing more comes.
public struct EnginePayloadReader: Sendable {
    private enum Form: Sendable {
        /// Packets between which a byte 0x1E stands (revision 4).
        case separated
        /// `<length>:<packet>` with the length in UTF-16 units (revision 3).
        case counted
        /// `<0 or 1><digits><0xFF><packet>` with digits of the values 0 to 9 and the length in bytes (revision 3).
        case binary
        /// Bytes in revision 4, which has no such form.
        case refused
    }

    static let separator: UInt8 = 0x1E

    private let form: Form
    private var packetsLeft: Int
    /// `nil` when the body has ended or has turned out bad.
    private var rest: ByteBuffer?

    /// - Parameters:
    ///   - isBinary: whether the request said `application/octet-stream`. Revision 4 has no binary payloads.
    ///   - packetLimit: how many packets one body may hold; the next one is an error.
    public init(_ body: ByteBuffer, version: EngineVersion, isBinary: Bool, packetLimit: Int) {
        self.form =
            switch (version, isBinary) {
            case (.v4, false): .separated
            case (.v4, true): .refused
            case (.v3, false): .counted
            case (.v3, true): .binary
            }
        self.packetsLeft = packetLimit
        self.rest = body
    }

    /// The next packet, or `nil` when the body has ended. An empty body, like every empty packet, is an error.
    public mutating func next() throws(EngineViolation) -> EnginePacket? {
        guard let rest = self.rest else { return nil }
        self.rest = nil
        guard self.packetsLeft > 0 else { throw .tooManyPackets }
        self.packetsLeft -= 1
        switch self.form {
        case .separated: return try self.nextSeparated(rest)
        case .counted: return try self.nextCounted(rest)
        case .binary: return try self.nextBinary(rest)
        case .refused: throw .unexpectedBinary
        }
    }

    private mutating func nextSeparated(_ body: ByteBuffer) throws(EngineViolation) -> EnginePacket {
        var rest = body
        let length = rest.withUnsafeReadableBytes { $0.firstIndex(of: Self.separator) }
        let packet = try Self.readText(&rest, length: length ?? rest.readableBytes, version: .v4)
        if length != nil {
            rest.moveReaderIndex(forwardBy: 1)
            self.rest = rest
        }
        return packet
    }

    private mutating func nextCounted(_ body: ByteBuffer) throws(EngineViolation) -> EnginePacket {
        var rest = body
        let units = try EnginePacketLength.read(from: &rest, zero: UInt8(ascii: "0"), terminator: UInt8(ascii: ":"))
        guard let length = EnginePacketLength.bytes(ofUnits: units, in: rest) else { throw .truncated }
        let packet = try Self.readText(&rest, length: length, version: .v3)
        if rest.readableBytes > 0 { self.rest = rest }
        return packet
    }

    private mutating func nextBinary(_ body: ByteBuffer) throws(EngineViolation) -> EnginePacket {
        var rest = body
        guard let marker = rest.readInteger(as: UInt8.self) else { throw .emptyPacket }
        guard marker <= 1 else { throw .unknownType }
        let length = try EnginePacketLength.read(from: &rest, zero: 0, terminator: 0xFF)
        let packet =
            marker == 0
            ? try Self.readText(&rest, length: length, version: .v3) : try Self.readBytes(&rest, length: length)
        if rest.readableBytes > 0 { self.rest = rest }
        return packet
    }

    /// Text that is not UTF-8 must not get further: a relay would break the WebSockets of its receivers.
    private static func readText(
        _ rest: inout ByteBuffer, length: Int, version: EngineVersion
    ) throws(EngineViolation) -> EnginePacket {
        guard let text = rest.readSlice(length: length) else { throw .truncated }
        guard text.isValidUTF8 else { throw .invalidUTF8 }
        return try EnginePacket(textFrame: text, version: version)
    }

    private static func readBytes(_ rest: inout ByteBuffer, length: Int) throws(EngineViolation) -> EnginePacket {
        guard let bytes = rest.readSlice(length: length) else { throw .truncated }
        return try EnginePacket(binaryFrame: bytes, version: .v3)
    }
}
