// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIOCodec
import HibikiWire
import Synchronization

extension SocketClient {
    /// Finds out who wants to join a namespace.
    ///
    /// - Parameter body: called at once if no token has to be checked.
    func authenticate(
        _ auth: JSON, _ body: @escaping @Sendable (Result<Principal, AuthenticationFailure>) -> Void
    ) {
        guard let access = self.server.access else { return body(.success(.anonymous)) }
        let token = access.control.authenticator == nil ? nil : self.token(in: auth)
        guard token != nil || !access.control.requiresToken else { return body(.failure(.required)) }
        guard token != nil || access.control.asksAboutEverybody else { return body(.success(.anonymous)) }
        Task { body(await access.control.result(of: token, at: access.now())) }
    }

    /// Nobody gets many guesses on one connection.
    func tokenFailed(_ failure: AuthenticationFailure) {
        guard failure.code == .invalidToken || failure.code == .tokenExpired else { return }
        self.budgets?.tokenFailed(
            failure, of: self.connection.addressBuckets, at: self.server.deadlines.now())
        let isEnough = self.state.withLock { state in
            state.badTokens += state.badTokens < .max ? 1 : 0
            return state.badTokens >= Self.mostBadTokens
        }
        if isEnough { self.shut(with: .forcedServerClose) }
    }

    private static var mostBadTokens: Int { 5 }

    /// Whether there is a token to be checked.
    func showsToken(_ auth: JSON) -> Bool {
        guard let access = self.server.access, access.control.authenticator != nil else { return false }
        return self.token(in: auth) != nil
    }

    /// What the client sends for the namespace counts more than what the connection began with.
    private func token(in auth: JSON) -> String? {
        if let token = auth["token"].string { return token }
        let request = self.connection.request
        if let token = request.query.last(where: { $0.name == "token" || $0.name == "access_token" })?.value {
            return token
        }
        let scheme = "bearer "
        guard let value = request.header("authorization"), value.lowercased().hasPrefix(scheme) else { return nil }
        return String(value.utf8.dropFirst(scheme.utf8.count))
    }
}

extension ConnectError {
    /// The code stands in the data, for programs.
    init(_ failure: AuthenticationFailure) {
        self.init(
            failure.message, data: ["code": .string(failure.code.rawValue), "retry": .bool(failure.mayRetry)])
    }
}
