// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
public import HibikiWire

/// Why a connection is ended by whoever runs the server.
public struct Dismissal: Hashable, Sendable {
    /// Those of applications (RFC 6455 §7.4.2). Up to 4499 they invite the client to come back.
    public static let codes = 4000...4999
    /// What a close frame has room for, in bytes (RFC 6455 §5.5.1).
    public static let mostReasonBytes = 123

    /// 4502, without an invitation to come back.
    public static let standard = Dismissal()

    /// The close code of a WebSocket; the other transports have it in their own words.
    public let code: UInt16
    /// Words for people.
    public let reason: String

    private init() {
        self.code = 4502
        self.reason = "the server has ended this connection"
    }

    /// - Throws: `invalid_message` for a code that is none of ``codes``, or a reason that is too long.
    public init(code: Int?, reason: String?) throws(WireError) {
        let code = code ?? Int(Self.standard.code)
        let reason = reason ?? Self.standard.reason
        guard Self.codes.contains(code), let number = UInt16(exactly: code) else {
            throw WireError(
                .invalidMessage, "code: expected \(Self.codes.lowerBound) to \(Self.codes.upperBound)")
        }
        guard reason.utf8.count <= Self.mostReasonBytes else {
            throw WireError(.invalidMessage, "reason: expected at most \(Self.mostReasonBytes) bytes")
        }
        self.code = number
        self.reason = reason
    }

    /// Whether the client is to come back by itself.
    public var invitesBack: Bool { self.code < 4500 }
}

extension CloseReason {
    package init(_ dismissal: Dismissal) {
        self.init(code: WebSocketCloseCode(rawValue: dismissal.code), reason: dismissal.reason)
    }
}
