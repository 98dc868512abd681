// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore

/// Reads the parts of a ``NamespaceEnvelope`` one after the other, without memory of its own.
struct EnvelopeReader {
    struct Head {
        var flags: NamespaceEnvelope.Flags
        var node: UInt64?
        var leftOut: ByteBuffer?
    }

    private var bytes: ByteBuffer

    init(_ bytes: ByteBuffer) {
        self.bytes = bytes
    }

    mutating func readHead() -> Head? {
        guard self.bytes.readInteger(as: UInt8.self) == NamespaceEnvelope.version,
            let rawFlags = self.bytes.readInteger(as: UInt8.self)
        else { return nil }
        let flags = NamespaceEnvelope.Flags(rawValue: rawFlags)
        guard NamespaceEnvelope.Flags.all.isSuperset(of: flags) else { return nil }
        var head = Head(flags: flags)
        if flags.contains(.hasNode) {
            guard let node = self.bytes.readInteger(as: UInt64.self) else { return nil }
            head.node = node
        }
        if flags.contains(.hasLeftOut) {
            guard let leftOut = self.readName() else { return nil }
            head.leftOut = leftOut
        }
        return head
    }

    mutating func readCount() -> Int? {
        self.bytes.readInteger(as: UInt16.self).map(Int.init)
    }

    mutating func readName() -> ByteBuffer? {
        self.bytes.readLengthPrefixedSlice(as: UInt16.self)
    }

    mutating func readNames() -> [String]? {
        // Each name has two bytes at least, so that a count alone reserves nothing.
        guard let count = self.readCount(), count <= self.bytes.readableBytes / 2 else { return nil }
        var names: [String] = []
        names.reserveCapacity(count)
        for _ in 0..<count {
            guard let name = self.readName()?.text else { return nil }
            names.append(name)
        }
        return names
    }

    /// The last part.
    mutating func readPacket(isBinary: Bool) -> EncodedPacket? {
        guard let first = self.bytes.readLengthPrefixedSlice(as: UInt32.self), let count = self.readCount(),
            count <= self.bytes.readableBytes / 4
        else { return nil }
        var attachments: [ByteBuffer] = []
        attachments.reserveCapacity(count)
        for _ in 0..<count {
            guard let attachment = self.bytes.readLengthPrefixedSlice(as: UInt32.self) else { return nil }
            attachments.append(attachment)
        }
        guard self.bytes.readableBytes == 0 else { return nil }
        return EncodedPacket(isBinary ? .binary(first) : .text(first), attachments: attachments)
    }
}

extension ByteBuffer {
    /// All of it, if it is UTF-8.
    var text: String? { String(validating: self.readableBytesView, as: UTF8.self) }
}
