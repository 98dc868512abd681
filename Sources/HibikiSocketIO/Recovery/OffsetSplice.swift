// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiSocketIOCodec
import NIOCore

extension EncodedPacket {
    /// Whether the last argument, or the name of an event without arguments, is a string. Of a packet in another encoding it
    /// is not known, and taken for granted.
    var endsWithString: Bool {
        guard case .text(let text) = self.first else { return true }
        return text.readableBytesView.suffix(2).elementsEqual("\"]".utf8)
    }
}

/// Makes an event that has been encoded end with an offset.
package struct OffsetSplice: Sendable {
    private let append: @Sendable (EncodedPacket, String) -> EncodedPacket

    /// - Parameter append: gives the packet of the same event with one more argument, a string that needs no escaping; or
    ///   the packet as it is if it has no arguments to add to.
    package init(_ append: @escaping @Sendable (EncodedPacket, String) -> EncodedPacket) {
        self.append = append
    }

    package func callAsFunction(_ packet: EncodedPacket, _ offset: String) -> EncodedPacket {
        self.append(packet, offset)
    }

    /// For packets in the JSON encoding: the offset comes before the last bracket.
    package static let json = OffsetSplice { packet, offset in
        guard case .text(let text) = packet.first,
            text.readableBytes > 0, text.getInteger(at: text.writerIndex - 1, as: UInt8.self) == UInt8(ascii: "]"),
            let start = text.getSlice(at: text.readerIndex, length: text.readableBytes - 1)
        else { return packet }
        var spliced = ByteBuffer()
        spliced.reserveCapacity(text.readableBytes + offset.utf8.count + 3)
        spliced.writeImmutableBuffer(start)
        spliced.writeStaticString(",\"")
        spliced.writeString(offset)
        spliced.writeStaticString("\"]")
        return EncodedPacket(.text(spliced), attachments: packet.attachments)
    }
}
