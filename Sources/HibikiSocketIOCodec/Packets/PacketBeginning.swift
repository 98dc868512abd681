// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The text of an event up to its first argument, `2/chat,["message"`, and what it says.
///
/// Most events of a connection begin like the one before them, and then need not be read that far again.
struct PacketBeginning: Sendable {
    /// A longer one is not kept.
    private static let longest = 64

    private var text: [UInt8] = []
    private(set) var namespace = "/"
    private(set) var name = EventName.string("")

    /// Where the name ends.
    var length: Int { self.text.count }

    /// Keeps a beginning in place of the last.
    ///
    /// - Parameter nameEnd: where the name ends in `packet`.
    mutating func remember(
        _ packet: UnsafeRawBufferPointer, _ header: SocketPacketHeader, _ name: EventName, until nameEnd: Int
    ) {
        self.text.removeAll(keepingCapacity: true)
        guard nameEnd <= Self.longest else { return }
        self.text.append(contentsOf: packet[..<nameEnd])
        self.namespace = header.namespace
        self.name = name
    }

    /// Whether a packet begins like this and goes on, or ends, behind the name.
    func isBeginning(of packet: UnsafeRawBufferPointer) -> Bool {
        self.text.withUnsafeBytes { text in
            guard !text.isEmpty, packet.count > text.count else { return false }
            let next = packet[text.count]
            guard next == UInt8(ascii: ",") || next == UInt8(ascii: "]") else { return false }
            return packet.begins(with: text)
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Compares eight bytes at a time; the last eight may be some of those before again.
    fileprivate func begins(with other: UnsafeRawBufferPointer) -> Bool {
        guard self.count >= other.count else { return false }
        guard other.count >= 8 else { return self[..<other.count].elementsEqual(other) }
        var offset = 0
        while true {
            let start = Swift.min(offset, other.count - 8)
            let (one, two) = (
                self.loadUnaligned(fromByteOffset: start, as: UInt64.self),
                other.loadUnaligned(fromByteOffset: start, as: UInt64.self)
            )
            guard one == two else { return false }
            offset += 8
            guard offset < other.count else { return true }
        }
    }
}
