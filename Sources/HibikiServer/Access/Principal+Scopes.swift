// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire

extension AuthenticationFailure {
    static let keyRequired = AuthenticationFailure(
        .authenticationRequired, "this wants an API key; see Documentation/server-api.md", closeCode: 4500)
}

extension Principal {
    /// Throws unless it has shown an API key with this scope, which is for this topic if there is one.
    func require(_ scope: KeyScope, for topic: Topic? = nil) throws {
        guard !self.isAnonymous else { throw AuthenticationFailure.keyRequired }
        guard let key = self.key, key.scopes.contains(scope) else {
            throw WireError(.permissionDenied, "this wants an API key with the scope \(scope.rawValue)")
        }
        guard topic.map(key.isFor) ?? true else {
            throw WireError(.permissionDenied, "the API key is not for this topic")
        }
    }
}
