// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Who may come, and what they may do.
public struct AccessControl: Sendable {
    /// The longest token that is looked at, in bytes. A longer one is refused before anything is made of it.
    public static let longestToken = 8_192
    /// How API keys begin, and no token does.
    public static let keyPrefix = "hk_"

    public var permissions: Permissions
    /// `nil` for a server that takes no tokens: everybody is ``Principal/anonymous`` there.
    public var authenticator: (any Authenticator)?
    /// Who is asked about what no rule allows, and about who may come; `nil`, the default, for nobody.
    public var authorizer: (any Authorizer)?
    /// Features that have topics of their own. Default none.
    public var owners: [any TopicOwner] = []
    /// Who is told of those who come and go. Default nobody.
    public var doorkeeper: (any Doorkeeper)?
    /// Whether connections of those who show no token are ended. Default off.
    public var requiresToken = false
    /// How long a connection may take to show one, if it has to. Default 10 s.
    public var timeToAuthenticate: Duration = .seconds(10)
    /// How long a client has got to replace a token, from when it was asked to. Default 25 s.
    public var timeToRefresh: Duration = .seconds(25)
    /// The cookie that may hold a token; `nil`, the default, for none.
    public var cookie: String?

    public init(permissions: Permissions, authenticator: (any Authenticator)? = nil) {
        self.permissions = permissions
        self.authenticator = authenticator
    }

    /// Whether finding out who somebody is may take time even for those who show no token.
    package var asksAboutEverybody: Bool { self.authorizer != nil }

    /// Whose a token is, if that one may come.
    ///
    /// - Parameter token: `nil` for somebody who has shown none.
    package func principal(of token: String?, at now: Timestamp) async throws(AuthenticationFailure) -> Principal {
        let principal: Principal
        if let token {
            guard token.utf8.count <= Self.longestToken else { throw .tooLong }
            guard let authenticator = self.authenticator else { throw .noTokens }
            principal = try await authenticator.principal(of: token, at: now)
        } else {
            principal = .anonymous
        }
        try await self.admit(principal, at: now)
        return principal
    }

    /// The same as a value, for those who hand it to an event loop.
    package func result(of token: String?, at now: Timestamp) async -> Result<Principal, AuthenticationFailure> {
        do throws(AuthenticationFailure) {
            return .success(try await self.principal(of: token, at: now))
        } catch {
            return .failure(error)
        }
    }
}
