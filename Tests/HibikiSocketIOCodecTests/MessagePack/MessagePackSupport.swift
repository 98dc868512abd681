// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore

extension ByteBuffer {
    /// Digits and spaces; between single quotes, characters. The buffer does not begin at index 0.
    init(pack: String) {
        self.init(string: "junk")
        for (index, part) in pack.split(separator: "'", omittingEmptySubsequences: false).enumerated() {
            if index % 2 == 1 {
                self.writeString(String(part))
            } else {
                self.writeBytes(part.split(separator: " ").compactMap { UInt8($0, radix: 16) })
            }
        }
        self.moveReaderIndex(forwardBy: 4)
    }

    var digits: String {
        self.readableBytesView.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    }
}

extension RawArgument {
    static func pack(_ bytes: String) -> RawArgument {
        RawArgument(.messagePack, bytes: ByteBuffer(pack: bytes))
    }
}

extension EncodedPacket {
    /// The bytes of a packet that is one binary message.
    var binary: ByteBuffer? {
        guard case .binary(let bytes) = self.first, self.attachments.isEmpty else { return nil }
        return bytes
    }
}
