// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIOCodec
package import HibikiTransports
import HibikiWebSocketCodec
import NIOCore
import Synchronization

/// Engine.IO on a path of the front door: sessions over polling and WebSocket.
package final class EngineServer: Sendable {
    package typealias MakeApplication = @Sendable (any EngineConnection) -> any EngineApplication

    private struct State {
        var sessions: [String: EngineSession] = [:]
        var loops: [Int: EngineLoop] = [:]
        var isClosed = false
    }

    let configuration: EngineConfiguration
    let verification: EngineVerification
    let ids: EngineIDSource
    private let path: String
    private let makeApplication: MakeApplication
    private let state = Mutex(State())

    /// - Parameters:
    ///   - path: `/socket.io/`; everything below it is served.
    ///   - ids: where the ids of sessions come from.
    package init(
        path: String, configuration: EngineConfiguration, ids: EngineIDSource = EngineIDSource(),
        makeApplication: @escaping MakeApplication
    ) {
        self.path = path
        self.configuration = configuration
        self.ids = ids
        self.makeApplication = makeApplication
        self.verification = EngineVerification(
            transports: configuration.transports, allowsVersion3: configuration.allowsVersion3
        )
    }

    package var route: HotRoute {
        HotRoute(path: self.path, isPrefix: true, takesBody: true, outlivesFarewell: true) {
            head, exchange, connection in
            EngineRequestHandling(self, head, exchange, connection).serve()
        }
    }

    /// Sessions that are open now.
    package var sessionCount: Int { self.state.withLock { $0.sessions.count } }

    func session(_ id: String) -> EngineSession? {
        self.state.withLock { $0.sessions[id] }
    }

    /// Makes a session, which nobody speaks in yet. On the event loop of its first request.
    ///
    /// - Returns: `nil` if the id is taken, or the server is closed.
    func makeSession(
        id: String, version: EngineVersion, request: EngineRequest, addressBuckets: SharedBuckets?,
        transport: EngineTransport, isBase64: Bool, loop: TransportLoop
    ) -> EngineSession? {
        let session = EngineSession(
            id: id, version: version, request: request, addressBuckets: addressBuckets, transport: transport,
            isBase64: isBase64, configuration: self.configuration, loop: self.engineLoop(loop),
            started: { [weak self] in self?.start($0) }, ended: { [weak self] in self?.forget($0) }
        )
        return self.state.withLock { state in
            guard !state.isClosed, state.sessions[id] == nil else { return nil }
            state.sessions[id] = session
            return session
        }
    }

    /// Lets the application speak in a session.
    func start(_ session: EngineSession) {
        session.start(self.makeApplication(session))
    }

    private func engineLoop(_ loop: TransportLoop) -> EngineLoop {
        let number = loop.members.number
        if let known = self.state.withLock({ $0.loops[number] }) {
            return known
        }
        let engineLoop = EngineLoop(loop)
        self.state.withLock { $0.loops[number] = engineLoop }
        return engineLoop
    }

    private func forget(_ session: EngineSession) {
        self.state.withLock { state in
            guard state.sessions[session.id] === session else { return }
            state.sessions[session.id] = nil
        }
    }

    /// Tells every session that has not been told that the server is about to stop.
    func shutDown(_ farewell: Farewell) {
        for session in self.state.withLock({ Array($0.sessions.values) }) {
            session.shutDown(farewell)
        }
    }

    /// Ends every session, and begins no more.
    package func close() {
        let sessions = self.state.withLock { state in
            state.isClosed = true
            return Array(state.sessions.values)
        }
        for session in sessions {
            session.close(discarding: false)
        }
    }
}
