// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIOCodec
import HibikiWire
import Synchronization

extension SocketClient {
    /// The client wants to join a namespace.
    func join(_ name: String, auth: JSON) {
        let limit = self.server.configuration.namespacesPerConnection
        let isTooMany = self.state.withLock { state in
            guard state.entries.count < limit else { return true }
            state.entries[ExactString(name)] = .joining(nil)
            state.dropped.removeAll { $0.text.isExactly(name) }
            return false
        }
        guard !isTooMany else { return self.refuse(name, with: ConnectError("Too many namespaces")) }
        if self.showsToken(auth), let refusal = self.refusesTokens() { return self.refuse(name, with: refusal) }
        self.authenticate(auth) { result in
            switch result {
            case .success(let principal):
                if let refusal = self.belongs(to: principal) { return self.refuse(name, with: refusal) }
                self.join(name, auth: auth, principal)
            case .failure(let failure):
                self.refuse(name, with: ConnectError(failure))
                self.tokenFailed(failure)
            }
        }
    }

    private func join(_ name: String, auth: JSON, _ principal: Principal) {
        if let namespace = self.server.existing(name) {
            self.join(namespace, auth: auth, principal)
        } else if self.server.hasParents() {
            self.joinChild(name, auth: auth, principal)
        } else {
            self.refuse(name, with: ConnectError("Invalid namespace"))
        }
    }

    private func joinChild(_ name: String, auth: JSON, _ principal: Principal) {
        let find: @Sendable () async -> Void = {
            guard let namespace = await self.server.namespace(asked: name, auth: auth) else {
                return self.refuse(name, with: ConnectError("Invalid namespace"))
            }
            self.join(namespace, auth: auth, principal)
        }
        if #available(macOS 26.0, iOS 26.0, tvOS 26.0, watchOS 26.0, visionOS 26.0, *) {
            Task.immediate { await find() }
        } else {
            Task { await find() }
        }
    }

    private func join(_ namespace: Namespace, auth: JSON, _ principal: Principal) {
        guard let rooms = namespace.rooms else {
            return self.refuse(namespace.name, with: ConnectError("Invalid namespace"))
        }
        let handshake = Handshake(self.connection.request, auth: auth)
        guard namespace.recovery != nil, let privateID = auth["pid"].string, let offset = self.offset(in: auth) else {
            return self.joinAnew(namespace, handshake, principal)
        }
        self.afterLeaving(of: privateID, in: namespace, handshake, principal) {
            rooms.takeSession(privateID) { session in
                guard let session, session.socket.principal == principal.id,
                    self.isSame(handshake, as: session, in: namespace)
                else {
                    return self.joinAnew(namespace, handshake, principal)
                }
                self.goOn(session, after: offset, in: namespace, handshake, principal)
            }
        }
    }

    /// Runs `body` when the socket that the client comes back to has left. A client may know sooner than the server that a
    /// connection is lost; but one that answers pings is there, and nobody else gets its session.
    private func afterLeaving(
        of privateID: String, in namespace: Namespace, _ handshake: Handshake, _ principal: Principal,
        _ body: @escaping @Sendable () -> Void
    ) {
        guard let old = namespace.socket(recoverableBy: privateID), old.client !== self, old.client.connection.isSilent,
            old.principal.id == principal.id,
            namespace.recovery?.subject.map({ $0(handshake) == $0(old.handshake) }) ?? true
        else { return body() }
        old.client.replaced()
        old.afterEverything(body)
    }

    /// What the client says that it got last: `.some(nil)` if it has got nothing, `nil` if it does not want to come
    /// back.
    private func offset(in auth: JSON) -> String?? {
        switch auth["offset"] {
        case .string(let offset): .some(offset)
        case .null: .some(nil)
        default: nil
        }
    }

    private func isSame(_ handshake: Handshake, as session: StoredSession, in namespace: Namespace) -> Bool {
        guard let subject = namespace.recovery?.subject else { return true }
        return subject(handshake) == session.socket.who
    }

    private func joinAnew(_ namespace: Namespace, _ handshake: Handshake, _ principal: Principal) {
        let socket = Socket(
            id: self.newID(in: namespace), namespace: namespace, client: self, handshake: handshake,
            principal: principal,
            privateID: namespace.recovery == nil ? nil : self.server.ids.next())
        self.begin(socket, Joining(recovery: nil))
    }

    /// The session of a socket could not be continued after all.
    func joinAnew(instead socket: Socket) {
        socket.namespace.stoppedJoining()
        self.joinAnew(socket.namespace, socket.handshake, socket.principal)
    }

    private func goOn(
        _ session: StoredSession, after offset: String?, in namespace: Namespace, _ handshake: Handshake,
        _ principal: Principal
    ) {
        // The private id stays: a client that never sees the reply has no other one for its next attempt.
        let socket = Socket(
            id: session.socket.id, namespace: namespace, client: self, handshake: handshake, principal: principal,
            privateID: session.socket.privateID, data: session.socket.data as? SocketData ?? SocketData(),
            rooms: Set(session.rooms), recovered: true)
        let skipsMiddlewares = namespace.recovery?.skipMiddlewares ?? false
        self.begin(
            socket,
            Joining(recovery: .init(session: session, offset: offset, skipsMiddlewares: skipsMiddlewares)))
    }

    private func newID(in namespace: Namespace) -> String {
        switch self.version {
        case .v4: self.server.ids.next()
        // Clients of the old version make up the id themselves.
        case .v3: namespace.name == "/" ? self.connection.id : "\(namespace.name)#\(self.connection.id)"
        }
    }

    private func begin(_ socket: Socket, _ joining: Joining) {
        let isWanted = self.state.withLock { state in
            guard state.isOpen else { return false }
            state.entries[ExactString(socket.namespace.name)] = .joining(socket)
            return true
        }
        if !isWanted {
            // What is kept of a session was taken: going on puts it back for the client's next attempt.
            guard joining.recovery != nil else { return }
            socket.end(with: .transportClose)
        }
        socket.namespace.joining()
        socket.perform(.joining(StepRun(joining)))
    }

    // MARK: The outcome

    /// - Returns: `false` if the client has gone.
    func admit(_ socket: Socket) -> Bool {
        let name = socket.namespace.name
        return self.state.withLock { state in
            guard state.isOpen, case .joining(let joining) = state.entries[ExactString(name)], joining === socket else {
                return false
            }
            state.entries[ExactString(name)] = .joined(socket)
            state.connectDeadline = nil
            return true
        }
    }

    func refuse(_ socket: Socket, with error: any Error) {
        self.refuse(socket.namespace.name, with: error)
        socket.namespace.stoppedJoining()
    }

    func refuse(_ name: String, with error: any Error) {
        let isOpen = self.state.withLock { state in
            if case .joining = state.entries[ExactString(name)] { state.entries[ExactString(name)] = nil }
            return state.isOpen
        }
        guard isOpen else { return }
        let packet = self.server.format.connectError(namespace: name, error, version: self.version)
        self.connection.send(EngineMessage(packet), isVolatile: false)
    }
}
