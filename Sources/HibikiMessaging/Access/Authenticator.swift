// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWire

/// Finds out whose a token is.
///
/// Whoever has tokens of another kind than JSON Web Tokens conforms to this.
public protocol Authenticator: Sendable {
    /// Called on no event loop, so it may take its time; what a client sends meanwhile waits.
    ///
    /// - Parameters:
    ///   - token: at most ``AccessControl/longestToken`` bytes, of whatever kind.
    ///   - now: the wall clock.
    func principal(of token: String, at now: Timestamp) async throws(AuthenticationFailure) -> Principal
}

/// Why somebody is not who they say, or not any more.
///
/// Its words are fixed, so that no part of a token can get into an answer or a log by way of them.
public struct AuthenticationFailure: Error, Hashable, Sendable {
    public let code: WireErrorCode
    /// Words for people.
    public let message: String
    /// The close code of a WebSocket that ends for it.
    public let closeCode: UInt16

    public init(_ code: WireErrorCode, _ words: StaticString, closeCode: UInt16 = 4501) {
        self.code = code
        self.message = "\(words)"
        self.closeCode = closeCode
    }

    /// Whether the same token may be accepted later.
    public var mayRetry: Bool { self.code.mayRetry }
    public var wireError: WireError { WireError(self.code, self.message) }

    /// It cannot be a token of this server, or not one that counts.
    public static func invalid(_ words: StaticString) -> AuthenticationFailure {
        AuthenticationFailure(.invalidToken, words)
    }

    public static let tooLong = invalid("a token has at most 8192 bytes")
    public static let expired = AuthenticationFailure(.tokenExpired, "the token has expired", closeCode: 4002)
    public static let severalTokens = AuthenticationFailure(
        .invalidMessage, "a request has at most one token: in Authorization, in the query, or in a cookie")
    public static let required = AuthenticationFailure(
        .authenticationRequired, "this server wants a token; see Documentation/access.md", closeCode: 4500)
    public static let otherPrincipal = invalid("a token that replaces another has to be of the same principal")
    public static let tooManyBadTokens = invalid("too many tokens that are no good")
    public static let noTokens = invalid("this server takes no tokens")
    /// Somebody else has said no.
    public static let notAdmitted = AuthenticationFailure(.permissionDenied, "this server does not let you in")
    public static let nobodyToAsk = AuthenticationFailure(
        .authorizationUnavailable, "nobody can say at the moment whether you may; try again in a moment",
        closeCode: 1013)
    /// Whoever could say is not there at the moment.
    public static let unavailable = AuthenticationFailure(
        .authenticationUnavailable, "tokens cannot be checked at the moment; try again in a moment", closeCode: 1013)
}
