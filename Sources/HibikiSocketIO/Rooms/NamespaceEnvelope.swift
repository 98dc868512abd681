// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore

/// A packet and whom it is for, as the payload of a publication or a signal on the namespace's topic.
///
/// The form is binary, in network byte order: the version, flags, what the flags announce, two lists of names, and the
/// packet. Another node may send it, so nothing in it is believed: a payload that is not exactly this is no envelope.
struct NamespaceEnvelope: Hashable, Sendable {
    var audience: Audience
    var packet: EncodedPacket
    /// Whether it is an event that ends with an offset.
    var takesOffset: Bool
    /// The only node that takes it; `nil` for every node.
    var node: UInt64?

    /// No JSON text begins with it, so that nothing which a client publishes can be taken for an envelope.
    static let version: UInt8 = 1

    struct Flags: OptionSet {
        let rawValue: UInt8
        static let isVolatile = Self(rawValue: 1)
        static let isIncompressible = Self(rawValue: 2)
        static let takesOffset = Self(rawValue: 4)
        static let hasNode = Self(rawValue: 8)
        static let hasLeftOut = Self(rawValue: 16)
        static let isBinary = Self(rawValue: 32)
        static let all: Self = [.isVolatile, .isIncompressible, .takesOffset, .hasNode, .hasLeftOut, .isBinary]
    }

    private var flags: Flags {
        var flags: Flags = []
        if self.audience.isVolatile { flags.insert(.isVolatile) }
        if !self.audience.isCompressible { flags.insert(.isIncompressible) }
        if self.takesOffset { flags.insert(.takesOffset) }
        if self.node != nil { flags.insert(.hasNode) }
        if self.audience.leftOut != nil { flags.insert(.hasLeftOut) }
        if case .binary = self.packet.first { flags.insert(.isBinary) }
        return flags
    }

    /// `nil` if a list or a name is too long.
    func encoded() -> ByteBuffer? {
        var bytes = ByteBuffer()
        bytes.reserveCapacity(
            64
                + self.packet.attachments.reduce(self.packet.firstBytes.readableBytes) {
                    $0 + 4 + $1.readableBytes
                })
        bytes.writeInteger(Self.version)
        bytes.writeInteger(self.flags.rawValue)
        if let node = self.node {
            bytes.writeInteger(node)
        }
        if let leftOut = self.audience.leftOut, !bytes.writeName(leftOut) { return nil }
        guard bytes.writeNames(self.audience.rooms), bytes.writeNames(self.audience.except),
            let count = UInt16(exactly: self.packet.attachments.count), bytes.writePart(self.packet.firstBytes)
        else { return nil }
        bytes.writeInteger(count)
        for attachment in self.packet.attachments {
            guard bytes.writePart(attachment) else { return nil }
        }
        return bytes
    }

    /// `nil` for anything that ``encoded()`` would not have written. The packet shares the memory of `bytes`.
    init?(_ bytes: ByteBuffer) {
        var reader = EnvelopeReader(bytes)
        guard let head = reader.readHead() else { return nil }
        var audience = Audience(
            isLocal: head.node != nil, isVolatile: head.flags.contains(.isVolatile),
            isCompressible: !head.flags.contains(.isIncompressible))
        if let leftOut = head.leftOut {
            guard let text = leftOut.text else { return nil }
            audience.leftOut = text
        }
        guard let rooms = reader.readNames(), let except = reader.readNames() else { return nil }
        audience.rooms = rooms
        audience.except = except
        guard let packet = reader.readPacket(isBinary: head.flags.contains(.isBinary)) else { return nil }
        self.init(
            audience: audience, packet: packet, takesOffset: head.flags.contains(.takesOffset), node: head.node)
    }

    init(audience: Audience, packet: EncodedPacket, takesOffset: Bool, node: UInt64?) {
        self.audience = audience
        self.packet = packet
        self.takesOffset = takesOffset
        self.node = node
    }
}

extension EncodedPacket {
    var firstBytes: ByteBuffer {
        switch self.first {
        case .text(let bytes), .binary(let bytes): bytes
        }
    }
}

extension ByteBuffer {
    fileprivate mutating func writeName(_ name: String) -> Bool {
        guard let count = UInt16(exactly: name.utf8.count) else { return false }
        self.writeInteger(count)
        self.writeString(name)
        return true
    }

    fileprivate mutating func writeNames(_ names: [String]) -> Bool {
        guard let count = UInt16(exactly: names.count) else { return false }
        self.writeInteger(count)
        for name in names {
            guard self.writeName(name) else { return false }
        }
        return true
    }

    fileprivate mutating func writePart(_ part: ByteBuffer) -> Bool {
        guard let count = UInt32(exactly: part.readableBytes) else { return false }
        self.writeInteger(count)
        self.writeImmutableBuffer(part)
        return true
    }
}
