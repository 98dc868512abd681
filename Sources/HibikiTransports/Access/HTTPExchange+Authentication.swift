// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
import HibikiWire
import NIOCore

extension HTTPExchange {
    /// Finds out who has sent the request, and answers it if that cannot be.
    ///
    /// - Parameter body: called on the event loop, before this returns if the request shows no token. Not called if the request
    ///   has been answered, or nobody waits for its answer any more.
    func authenticate(_ head: RequestHead, on connection: Connection, _ body: @escaping (Principal) -> Void) {
        let access = connection.loop.hub.access
        guard access.authenticator != nil else { return body(.anonymous) }
        switch RequestToken(head, connection.loop.configuration, access) {
        case .none:
            body(.anonymous)
        case .several:
            self.refuse(AuthenticationFailure.severalTokens)
        case .one(let token):
            let now = connection.loop.timestamp
            let eventLoop = connection.loop.eventLoop
            let waiting = NIOLoopBound(PendingRequest(exchange: self, body: body), eventLoop: eventLoop)
            Task {
                let result = await access.result(of: token, at: now)
                eventLoop.execute { waiting.value.finish(result) }
            }
        }
    }

    package func refuse(_ failure: AuthenticationFailure) {
        self.refuse(failure.wireError, fields: failure.responseFields)
    }
}

/// A request whose token is being checked.
private struct PendingRequest {
    let exchange: HTTPExchange
    let body: (Principal) -> Void

    func finish(_ result: Result<Principal, AuthenticationFailure>) {
        guard !self.exchange.isDone else { return }
        switch result {
        case .success(let principal): self.body(principal)
        case .failure(let failure): self.exchange.refuse(failure)
        }
    }
}
