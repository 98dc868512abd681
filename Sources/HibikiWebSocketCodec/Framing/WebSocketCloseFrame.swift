// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// The body of a close frame (RFC 6455 §5.5.1).
public struct WebSocketCloseFrame: Sendable, Equatable {
    /// `nil` where the frame has no body, which an application reads as 1005.
    public var code: WebSocketCloseCode?
    /// At most 123 bytes of UTF-8; more is cut when the frame is written.
    public var reason: String

    public init(code: WebSocketCloseCode? = nil, reason: String = "") {
        self.code = code
        self.reason = reason
    }

    /// Reads the body of a close frame that has come whole.
    init(parsing payload: ByteBuffer) throws(ProtocolViolation) {
        var payload = payload
        guard payload.readableBytes > 0 else {
            self.init()
            return
        }
        guard let number = payload.readInteger(as: UInt16.self) else { throw .truncatedCloseCode }
        let code = WebSocketCloseCode(rawValue: number)
        guard code.isAllowedOnTheWire else { throw .invalidCloseCode }
        guard payload.withUnsafeReadableBytes({ UTF8Validator.isValid($0) }) else { throw .invalidUTF8 }
        self.init(code: code, reason: payload.readString(length: payload.readableBytes) ?? "")
    }
}
