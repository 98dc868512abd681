// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Why bytes are not the MessagePack, or not the packet, that was expected, and where.
public struct MessagePackViolation: Error, Hashable, Sendable {
    /// In words, without the offset.
    public let message: String
    /// The byte at which it was found, counted from 0.
    public let offset: Int

    public init(_ message: String, at offset: Int) {
        self.message = message
        self.offset = offset
    }
}
