// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The public name of one connection: 120 random bits and the number of the event loop that drives it.
///
/// In text it has 22 characters of the URL alphabet. It is an address, not a secret: whoever knows it may send a
/// direct message to it, and nothing else.
public struct ClientID: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// Which of the node's event loops drives the connection, so that a direct message needs no shared table.
    package var loop: Int { Int(self.low & 0xFF) }

    package init(loop: Int, using generator: inout some RandomNumberGenerator) {
        self.high = generator.next()
        self.low = generator.next() & ~0xFF | UInt64(truncatingIfNeeded: loop & 0xFF)
    }

    /// Reads the text form; `nil` for anything else.
    public init?(_ text: String) {
        guard text.utf8.count == 22, let bytes = Base64URL.decode(text.utf8), bytes.count == 16 else { return nil }
        self.high = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        self.low = bytes[8...].reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension ClientID: CustomStringConvertible {
    public var description: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        withUnsafeBytes(of: self.high.bigEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: self.low.bigEndian) { bytes.append(contentsOf: $0) }
        return Base64URL.encode(bytes)
    }
}
