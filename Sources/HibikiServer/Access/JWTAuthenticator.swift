// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
public import Logging

/// Takes JSON Web Tokens (RFC 7519) that are signed with one of its keys.
public struct JWTAuthenticator: Authenticator {
    private let keys: [TokenKey]
    private let remote: RemoteKeys?
    private let rules: TokenRules

    /// - Parameters:
    ///   - keys: those that are known here.
    ///   - keySetURL: where others are published; see RFC 7517 §5.
    public init(keys: [TokenKey], keySetURL: String? = nil, rules: TokenRules = TokenRules(), logger: Logger) {
        let remote = keySetURL.map { url in
            RemoteKeys(logger: logger) { try await KeySetRequest(url: url).fetch() }
        }
        self.init(keys: keys, remote: remote, rules: rules)
    }

    init(keys: [TokenKey], remote: RemoteKeys? = nil, rules: TokenRules = TokenRules()) {
        self.keys = keys
        self.remote = remote
        self.rules = rules
    }

    public func principal(of token: String, at now: Timestamp) async throws(AuthenticationFailure) -> Principal {
        let text = try TokenText(token)
        try await self.check(text, at: now)
        return try TokenClaims(text.claims).principal(at: now, self.rules)
    }

    private func check(_ text: TokenText, at now: Timestamp) async throws(AuthenticationFailure) {
        if self.keys.contains(where: { $0.suits(text.header) && $0.isSignature(text.signature, of: text.signed) }) {
            return
        }
        let others = try await self.remote?.keys(for: text.header, at: now) ?? []
        guard others.contains(where: { $0.isSignature(text.signature, of: text.signed) }) else {
            throw .invalid("the token is not signed with a key of this server")
        }
    }
}
