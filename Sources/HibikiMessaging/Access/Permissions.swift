// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Decides what a principal may do. Asked for every command, so it must be quick.
public struct Permissions: Sendable {
    private let decide: @Sendable (Principal, Action) -> Bool

    public init(_ decide: @escaping @Sendable (Principal, Action) -> Bool) {
        self.decide = decide
    }

    /// What one of the rules allows, or the principal's own token. Nothing else is allowed. An API key is for what it says: rules
    /// that are for anybody else are not for it.
    public init(_ rules: [PermissionRule]) {
        self.init { principal, action in
            principal.key == nil && rules.contains { $0.allows(action, to: principal) }
                || principal.grants.contains { $0.allows(action, to: principal) }
        }
    }

    public func allows(_ principal: Principal, _ action: Action) -> Bool {
        self.decide(principal, action)
    }

    /// For trying things out: anybody may do everything with topics and documents under `public/` and send signals; nothing else.
    public static let development = Permissions(PermissionRule.development)

    /// Whoever is known may do everything with topics and documents under `public/`; anonymous clients may do nothing.
    public static let production = Permissions(PermissionRule.production)
}

extension PermissionRule {
    /// Those of a server that nobody gave any.
    public static let development = Self.builtIn(
        "anyone all public/**", "anyone all documents/public/**", "anyone signal")
    /// Those of one in production.
    public static let production = Self.builtIn("users all public/**", "users all documents/public/**")

    private static func builtIn(_ texts: String...) -> [PermissionRule] {
        texts.compactMap { try? PermissionRule($0) }
    }
}
