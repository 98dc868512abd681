// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWebSocketCodec

/// How a WebSocket ended.
public struct WebSocketClosure: Equatable, Sendable {
    /// The peer's code; 1005 if its close frame had none, 1006 if there was no close frame (RFC 6455 §7.1.5). If this
    /// end failed the connection, the code that it sent.
    public var code: WebSocketCloseCode
    public var reason: String
    /// What went wrong here, if something did: what the peer broke, or that it did not answer.
    public var failure: HibikiClientError?

    public init(code: WebSocketCloseCode, reason: String = "", failure: HibikiClientError? = nil) {
        self.code = code
        self.reason = reason
        self.failure = failure
    }

    /// Whether connecting again makes sense: not where this client or the server broke a rule and would do so again.
    public var invitesReturn: Bool {
        switch self.code.rawValue {
        case 1002, 1003, 1007...1010, 4500...4999: false
        default: true
        }
    }
}
