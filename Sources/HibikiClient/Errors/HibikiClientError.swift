// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWire

/// Why a client could not do what it was asked.
public struct HibikiClientError: Error, Equatable, Sendable {
    /// The stable name of an error, for programs. The set is open.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The address is not one that this client understands.
        public static let invalidURL = Code(rawValue: "invalid_url")
        /// Nobody answers at the address.
        public static let cannotConnect = Code(rawValue: "cannot_connect")
        /// The server has not shown, over TLS, that it is who it says it is.
        public static let untrusted = Code(rawValue: "untrusted")
        /// The certificates that were to be trusted cannot be read.
        public static let invalidTrust = Code(rawValue: "invalid_trust")
        /// The connection ended before the answer did.
        public static let connectionLost = Code(rawValue: "connection_lost")
        /// A time limit passed.
        public static let timedOut = Code(rawValue: "timed_out")
        /// The answer to the opening handshake does not open a WebSocket (RFC 6455 §4.1).
        public static let handshakeFailed = Code(rawValue: "handshake_failed")
        /// The server points elsewhere, and no redirect is followed.
        public static let redirected = Code(rawValue: "redirected")
        /// The server understood and said no; ``HibikiClientError/serverCode`` says why.
        public static let refused = Code(rawValue: "refused")
        /// The answer is not what the protocol promises.
        public static let invalidAnswer = Code(rawValue: "invalid_answer")
        /// The answer is above the limit of this client.
        public static let tooLarge = Code(rawValue: "too_large")
        /// The WebSocket is closed.
        public static let closed = Code(rawValue: "closed")
        /// What was asked cannot be sent, such as a poll without a topic.
        public static let invalidRequest = Code(rawValue: "invalid_request")
    }

    public var code: Code
    /// Words for people.
    public var message: String
    /// Whether the same request may succeed later.
    public var mayRetry: Bool
    /// What the server called it, where it said something.
    public var serverCode: WireErrorCode?
    /// The status of the HTTP answer, where there was one.
    public var status: Int?
    /// How long the server asks to be left alone (`retryAfter` of the error, or `Retry-After`), where it does.
    public var retryAfter: Duration?

    public init(
        _ code: Code, _ message: String, mayRetry: Bool = false, serverCode: WireErrorCode? = nil, status: Int? = nil
    ) {
        self.code = code
        self.message = message
        self.mayRetry = mayRetry
        self.serverCode = serverCode
        self.status = status
    }
}

extension HibikiClientError: CustomStringConvertible {
    public var description: String {
        self.message
    }
}

extension HibikiClientError {
    static func lost(_ what: String) -> HibikiClientError {
        HibikiClientError(.connectionLost, what, mayRetry: true)
    }

    static func timedOut(_ what: String) -> HibikiClientError {
        HibikiClientError(.timedOut, what, mayRetry: true)
    }

    static func invalidAnswer(_ what: String) -> HibikiClientError {
        HibikiClientError(.invalidAnswer, what)
    }

    static func invalidAnswer(_ error: WireError) -> HibikiClientError {
        .invalidAnswer("the server's answer does not parse: \(error.message)")
    }

    /// It may be followed again if the rules allow it, but not by itself: somebody wanted it to end.
    static func unsubscribed(from topic: String) -> HibikiClientError {
        HibikiClientError(.refused, "the server has taken this client out of \(topic)", serverCode: .disconnected)
    }
}
