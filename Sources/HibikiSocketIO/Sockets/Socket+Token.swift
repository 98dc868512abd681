// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIOCodec
import HibikiWire
import Synchronization

/// The events about the token of a socket.
enum TokenEvent {
    /// From the server, with `{"timeLeft": milliseconds}`: the token runs out, and with it the connection.
    static let expiring = "token:expiring"
    /// From the client, with a new token and an ack.
    static let refresh = "token:refresh"
}

extension Socket {
    /// Listens for new tokens, and sees to it that the connection ends with the one that it has.
    func watchToken() {
        guard let access = self.namespace.server.access, access.control.authenticator != nil else { return }
        self.on(TokenEvent.refresh) { [weak self] (token: String) async throws -> JSON in
            guard let self else { return .null }
            return try await self.refresh(token, access)
        }
        self.waitForExpiry(access)
    }

    func forgetToken() {
        let token = self.state.withLock { state in
            defer { state.tokenDeadline = nil }
            return state.tokenDeadline
        }
        if let token { self.namespace.server.deadlines.cancel(token) }
    }

    /// The answer says what a `connect` of the native protocol is answered with.
    private func refresh(_ token: String, _ access: SocketIOServer.Access) async throws -> JSON {
        if let refusal = self.client.refusesTokens() { throw refusal }
        do throws(AuthenticationFailure) {
            let principal = try await access.control.principal(of: token, at: access.now())
            guard self.principal.isAnonymous || self.principal.id == principal.id else { throw .otherPrincipal }
            _ = self.client.belongs(to: principal)
            self.state.withLock { $0.principal = principal }
            self.waitForExpiry(access)
            await self.leaveForbiddenRooms()
            var answer: JSONObject = ["principal": .string(principal.id ?? "")]
            if let expiry = principal.expiry { answer["expiresAt"] = .integer(expiry.milliseconds) }
            return .object(answer)
        } catch {
            self.client.tokenFailed(error)
            throw AckError(error.message, data: ["code": .string(error.code.rawValue)])
        }
    }

    /// A new token may allow less than the one before.
    private func leaveForbiddenRooms() async {
        guard let mayBeIn = self.namespace.roomGuard?.mayBeIn else { return }
        for room in self.rooms where room != self.id {
            if await !mayBeIn(self, room) { await self.leave(room) }
        }
    }

    private func waitForExpiry(_ access: SocketIOServer.Access) {
        self.forgetToken()
        // Those who show no token are asked before they join.
        guard !self.principal.isAnonymous, let life = TokenLife(of: self.principal, from: access.now(), access.control)
        else { return }
        self.wait(life, access)
    }

    private func wait(_ life: TokenLife, _ access: SocketIOServer.Access) {
        let token = self.namespace.server.deadlines.schedule(after: life.due.since(access.now())) { [weak self] in
            self?.tokenDue(life, access)
        }
        let hasEnded = self.state.withLock { state in
            state.tokenDeadline = token
            return state.phase == .ended
        }
        if hasEnded { self.forgetToken() }
    }

    private func tokenDue(_ life: TokenLife, _ access: SocketIOServer.Access) {
        var life = life
        switch life.step(at: access.now()) {
        case .askForToken(let time):
            self.emit(TokenEvent.expiring, ["timeLeft": JSON.integer(Int64(time / .milliseconds(1)))] as JSON)
            self.wait(life, access)
        case .wait:
            self.wait(life, access)
        case .end, .neverShown:
            // Without a word to the namespace: a client that was put out of one does not come back by itself.
            self.client.shut(with: .tokenExpired)
        }
    }
}
