// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiWire

extension AccessControl {
    /// What is known about an action before anybody else is asked.
    package enum Verdict: Hashable, Sendable {
        case allowed
        case denied
        case undecided
    }

    package func verdict(on action: Action, by principal: Principal, at now: Timestamp) -> Verdict {
        if let (owner, topic) = self.owner(of: action) {
            return self.verdict(of: owner, on: action, topic, by: principal, at: now)
        }
        if self.permissions.allows(principal, action) { return .allowed }
        guard principal.key == nil, let authorizer = self.authorizer,
            let question = AuthorizationQuestion(action, by: principal)
        else {
            return .denied
        }
        switch authorizer.known(question, at: now) {
        case true: return .allowed
        case false: return .denied
        default: return .undecided
        }
    }

    /// Asks whomever has to be asked.
    ///
    /// - Throws: what keeps the principal from it.
    package func authorize(_ action: Action, by principal: Principal, at now: Timestamp) async throws(WireError) {
        switch self.verdict(on: action, by: principal, at: now) {
        case .allowed: return
        case .denied: throw self.denial(of: action, to: principal)
        case .undecided: break
        }
        if let (owner, topic) = self.owner(of: action) {
            let answer = await owner.ask(topic, of: principal, at: now)
            return try self.take(answer, on: action, by: principal, at: now)
        }
        guard let authorizer = self.authorizer, let question = AuthorizationQuestion(action, by: principal) else {
            throw self.denial(of: action, to: principal)
        }
        try self.take(await authorizer.ask(question, at: now), on: action, by: principal, at: now)
    }

    private func take(
        _ answer: AuthorizationAnswer, on action: Action, by principal: Principal, at now: Timestamp
    ) throws(WireError) {
        switch answer {
        // What has become known meanwhile counts more than what was asked before.
        case .allowed where self.verdict(on: action, by: principal, at: now) == .denied:
            throw self.denial(of: action, to: principal)
        case .allowed: return
        case .denied: throw self.denial(of: action, to: principal)
        case .unavailable: throw AuthenticationFailure.nobodyToAsk.wireError
        }
    }

    /// The same for several, in their order, as a value.
    package func result(
        of actions: [Action], by principal: Principal, at now: Timestamp
    ) async -> Result<Void, WireError> {
        do throws(WireError) {
            for action in actions { try await self.authorize(action, by: principal, at: now) }
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    /// Whether somebody may be here. Who has configured a key has said so.
    func admit(_ principal: Principal, at now: Timestamp) async throws(AuthenticationFailure) {
        guard principal.key == nil, let authorizer = self.authorizer else { return }
        let question = AuthorizationQuestion(.connect, by: principal)
        if let isAllowed = authorizer.known(question, at: now) {
            guard isAllowed else { throw .notAdmitted }
            return
        }
        switch await authorizer.ask(question, at: now) {
        case .allowed: return
        case .denied: throw .notAdmitted
        case .unavailable: throw .nobodyToAsk
        }
    }
}
