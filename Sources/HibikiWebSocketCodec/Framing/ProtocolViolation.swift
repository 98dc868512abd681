// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Bytes of the peer that break RFC 6455 or RFC 7692, or go above a limit. The connection is to be failed with ``code``.
public struct ProtocolViolation: Error, Sendable, Equatable {
    /// The code for the close frame.
    public var code: WebSocketCloseCode
    /// Words for a person, short enough for a close frame.
    public var reason: String

    public init(code: WebSocketCloseCode, reason: String) {
        self.code = code
        self.reason = reason
    }
}

extension ProtocolViolation {
    private static func protocolError(_ reason: String) -> ProtocolViolation {
        ProtocolViolation(code: .protocolError, reason: reason)
    }

    // MARK: Frame headers, RFC 6455 §5.1, §5.2, §5.4, §5.5

    public static let reservedBits = protocolError("reserved bits must be zero")
    public static let unexpectedCompression = protocolError("RSV1 without permessage-deflate")
    public static let compressedControlFrame = protocolError("RSV1 on a control frame")
    public static let compressedContinuation = protocolError("RSV1 on a continuation frame")
    public static let reservedOpcode = protocolError("reserved opcode")
    public static let fragmentedControlFrame = protocolError("fragmented control frame")
    public static let controlFrameTooLong = protocolError("control frame above 125 bytes")
    public static let continuationWithoutMessage = protocolError("continuation without a message")
    public static let messageInsideMessage = protocolError("new message inside a fragmented one")
    public static let missingMask = protocolError("frame without a mask")
    public static let unexpectedMask = protocolError("frame with a mask")

    // MARK: Close frames, RFC 6455 §5.5.1, §7.4

    public static let truncatedCloseCode = protocolError("close frame of one byte")
    public static let invalidCloseCode = protocolError("invalid close code")

    // MARK: Payload, RFC 6455 §8.1, RFC 7692 §7.2.2

    public static let invalidUTF8 = ProtocolViolation(code: .invalidPayload, reason: "invalid UTF-8")
    public static let invalidCompressedData = ProtocolViolation(code: .invalidPayload, reason: "data do not inflate")

    // MARK: Limits

    public static let messageTooBig = ProtocolViolation(code: .messageTooBig, reason: "message too big")
    public static let tooManyFragments = ProtocolViolation(code: .policyViolation, reason: "too many fragments")

    /// Not the peer's fault: a compressed message came and there is no inflater, or no memory for one.
    public static let noInflater = ProtocolViolation(code: .internalError, reason: "cannot inflate")
}
