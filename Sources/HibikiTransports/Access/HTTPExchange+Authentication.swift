// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
import HibikiWire
import NIOCore

extension HTTPExchange {
    /// Finds out who has sent the request, and answers it if that cannot be.
    ///
    /// - Parameter body: called on the event loop, before this returns if nothing has to be asked. Not called if the request
    ///   has been answered, or nobody waits for its answer any more.
    func authenticate(_ head: RequestHead, on connection: Connection, _ body: @escaping (Principal) -> Void) {
        let access = connection.loop.hub.access
        let shown =
            access.authenticator == nil
            ? RequestToken.none : RequestToken(head, connection.loop.configuration, access)
        switch shown {
        case .none where !access.asksAboutEverybody:
            body(.anonymous)
        case .none:
            self.wait(on: connection, for: { await access.result(of: nil, at: $0) }, body)
        case .several:
            self.refuse(AuthenticationFailure.severalTokens)
        case .one(let token):
            do throws(BudgetRefusal) {
                try self.budget?.checkTokens(at: .now())
            } catch {
                return self.refuse(error)
            }
            let budget = self.budget
            self.wait(
                on: connection,
                for: { now -> Result<Principal, AuthenticationFailure> in
                    let result = await access.result(of: token, at: now)
                    if case .failure(let failure) = result { budget?.tokenFailed(failure, at: .now()) }
                    return result
                }, body)
        }
    }

    /// Finds out whether the principal may do all of this, and answers the request if not.
    ///
    /// - Parameter body: called as that of ``authenticate(_:on:_:)``.
    func authorize(
        _ actions: [Action], by principal: Principal, on connection: Connection, _ body: @escaping () -> Void
    ) {
        let access = connection.loop.hub.access
        let now = connection.loop.timestamp
        guard self.allows(actions, by: principal, access, at: now) else { return }
        guard actions.contains(where: { access.verdict(on: $0, by: principal, at: now) == .undecided }) else {
            return body()
        }
        self.wait(on: connection, for: { await access.result(of: actions, by: principal, at: $0) }) { _ in
            // Somebody who was put out while another was asked stays out.
            if self.allows(actions, by: principal, access, at: now) { body() }
        }
    }

    /// Answers the request if it is known that the principal may not.
    private func allows(
        _ actions: [Action], by principal: Principal, _ access: AccessControl, at now: Timestamp
    ) -> Bool {
        for action in actions where access.verdict(on: action, by: principal, at: now) == .denied {
            self.refuse(access.denial(of: action, to: principal), fields: self.challenge(access, principal))
            return false
        }
        return true
    }

    private func challenge(_ access: AccessControl, _ principal: Principal) -> [(name: String, value: String)] {
        access.requiresToken && principal.isAnonymous ? AuthenticationFailure.required.responseFields : []
    }

    /// Leaves the event loop to find something out, and comes back to it.
    private func wait<Value: Sendable, Failure: RequestFailure>(
        on connection: Connection, for find: @escaping @Sendable (Timestamp) async -> Result<Value, Failure>,
        _ body: @escaping (Value) -> Void
    ) {
        let now = connection.loop.timestamp
        let eventLoop = connection.loop.eventLoop
        let waiting = NIOLoopBound(PendingRequest(exchange: self, body: body), eventLoop: eventLoop)
        Task {
            let result = await find(now)
            eventLoop.execute { waiting.value.finish(result) }
        }
    }

    package func refuse(_ failure: AuthenticationFailure) {
        self.refuse(failure.wireError, fields: failure.responseFields)
    }

    /// Counts what the request costs, and answers it if that is too much.
    ///
    /// - Returns: whether it may go on.
    package func spend(_ spending: Spending, by principal: Principal) -> Bool {
        do throws(BudgetRefusal) {
            try self.budget?.spend(spending, by: principal, at: .now())
            return true
        } catch {
            self.refuse(error)
            return false
        }
    }

    private func refuse(_ refusal: BudgetRefusal) {
        self.refuse(refusal.wireError, fields: refusal.responseFields)
    }
}

/// Something that a request is refused with.
private protocol RequestFailure: Error {
    func refuse(_ exchange: HTTPExchange)
}

extension AuthenticationFailure: RequestFailure {
    fileprivate func refuse(_ exchange: HTTPExchange) { exchange.refuse(self) }
}

extension WireError: RequestFailure {
    fileprivate func refuse(_ exchange: HTTPExchange) { exchange.refuse(self) }
}

/// A request that waits for something to be found out.
private struct PendingRequest<Value> {
    let exchange: HTTPExchange
    let body: (Value) -> Void

    func finish(_ result: Result<Value, some RequestFailure>) {
        guard !self.exchange.isDone else { return }
        switch result {
        case .success(let value): self.body(value)
        case .failure(let failure): failure.refuse(self.exchange)
        }
    }
}
