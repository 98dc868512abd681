// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Bytes that are no Engine.IO packet or payload. The session that sent them ends with
/// ``EngineCloseReason/parseError``.
public struct EngineViolation: Error, Hashable, Sendable {
    /// What was wrong, in words, for a log.
    public let message: String

    init(_ message: String) {
        self.message = message
    }

    static let emptyPacket = EngineViolation("an empty packet")
    static let unknownType = EngineViolation("an unknown packet type")
    static let invalidBase64 = EngineViolation("a binary packet that is not base64")
    static let unexpectedBinary = EngineViolation("a binary payload in revision 4")
    static let invalidUTF8 = EngineViolation("a text packet that is not UTF-8")
    static let invalidLength = EngineViolation("an invalid packet length")
    static let truncated = EngineViolation("a payload that ends inside a packet")
    static let tooManyPackets = EngineViolation("too many packets in one payload")
}
