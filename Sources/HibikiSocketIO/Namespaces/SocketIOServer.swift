// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
package import HibikiTransports
import HibikiWire
public import Logging
import Synchronization

/// A server that speaks Socket.IO 4 with its clients.
///
/// ```swift
/// let io = SocketIOServer()
/// io.use { socket in socket.data.user = try await verify(socket.handshake.auth["token"]) }
/// io.of("/chat").onConnection { socket in
///     socket.on("joinRoom") { (room: String) in
///         await socket.join(room)
///         socket.to(room).emit("userJoined", socket.id)
///     }
/// }
/// ```
///
/// What is called on the server itself concerns the namespace `/`. Everything may be called from any thread, before the
/// server is started and while it runs.
public final class SocketIOServer: Sendable {
    public let configuration: Configuration
    let logger: Logger
    let format: PacketFormat
    package let deadlines: DeadlineQueue
    let ids = EngineIDSource()
    let state = Mutex(State())
    let hooks = Mutex(Hooks())
    /// What clients may do in a time; `nil` before the server is started.
    let budgets = AtomicLazyReference<Budgets>()

    struct State {
        enum Phase {
            case new
            case running(Hub, now: @Sendable () -> Timestamp)
            case closed
        }

        var phase = Phase.new
        var namespaces: [ExactString: Namespace] = [:]
        var parents: [ParentNamespace] = []
        var relay: (any ServerSideRelay)?
        var engine: EngineServer?
        /// Of namespaces that have not begun again.
        var saved: [String: SavedNamespace] = [:]
    }

    struct Hooks {
        var newNamespace: [@Sendable (Namespace) -> Void] = []
        var decodingError: [@Sendable (DecodingFailure) -> Void] = []
        var encodingError: [@Sendable (EncodingFailure) -> Void] = []
    }

    public convenience init(
        configuration: Configuration = Configuration(), logger: Logger = Logger(label: "hibiki.socketio")
    ) {
        self.init(configuration: configuration, logger: logger, deadlines: DeadlineQueue())
    }

    package init(configuration: Configuration, logger: Logger, deadlines: DeadlineQueue) {
        self.configuration = configuration
        self.logger = logger
        self.deadlines = deadlines
        self.format = PacketFormat(parser: configuration.parser)
        let root = Namespace(name: "/", server: self)
        self.state.withLock { $0.namespaces[ExactString("/")] = root }
    }

    // MARK: Running

    /// Begins on a hub: its event loops drive the connections, and each namespace is one of its topics. What is called
    /// after the first call has no effect.
    ///
    /// - Parameter now: the clock of events that can be recovered.
    package func start(on hub: Hub, now: @escaping @Sendable () -> Timestamp) {
        let namespaces = self.state.withLock { state -> [Namespace] in
            guard case .new = state.phase else { return [] }
            state.phase = .running(hub, now: now)
            return Array(state.namespaces.values)
        }
        _ = self.budgets.storeIfNil(hub.budgets)
        for namespace in namespaces { namespace.start(on: hub, now: now) }
    }

    /// What is spoken in a new session.
    package func makeApplication(for connection: any EngineConnection) -> any EngineApplication {
        let client = SocketClient(connection, server: self)
        guard case .running = self.state.withLock({ $0.phase }) else {
            connection.close(discarding: true)
            return client
        }
        client.start()
        return client
    }

    /// Tells all clients that have not been told that the server is about to stop: those that have no connection at the moment,
    /// because they poll.
    package func shutDown(_ farewell: Farewell) {
        self.state.withLock { $0.engine }?.shutDown(farewell)
    }

    /// Ends all sockets with ``DisconnectReason/serverShuttingDown``. Clients are told nothing, so that they come back,
    /// perhaps to another node. A second call does nothing.
    ///
    /// Their sessions end after them.
    public func close() async {
        _ = await self.end()
    }

    /// The same.
    ///
    /// - Returns: what namespaces with recovery keep for the time after a restart; see ``restore(_:)``.
    package func end() async -> [SavedNamespace] {
        var saved = self.unclaimed()
        let namespaces = self.state.withLock { state -> [Namespace] in
            defer {
                state.phase = .closed
                state.namespaces = [:]
                state.parents = []
            }
            return Array(state.namespaces.values)
        }
        for namespace in namespaces {
            if let part = await namespace.shutDown() { saved.append(part) }
        }
        // The engine keeps the server, to have it speak in sessions.
        self.state.withLock { $0.engine.take() }?.close()
        return saved
    }

    /// What was restored for namespaces that no client has asked for since, as far as a client may still come back for it.
    private func unclaimed() -> [SavedNamespace] {
        self.state.withLock { state in
            guard case .running(_, let now) = state.phase, let recovery = self.configuration.connectionStateRecovery
            else {
                return []
            }
            return state.saved.values.map { namespace in
                var namespace = namespace
                namespace.sessions.removeAll {
                    now().since($0.disconnected) > recovery.maxDisconnectionDuration
                }
                return namespace
            }.filter { !$0.sessions.isEmpty }
        }
    }

    /// Brings back what ``end()`` has returned. To be called before the server is started.
    package func restore(_ saved: [SavedNamespace]) {
        self.state.withLock { state in
            for namespace in saved { state.saved[namespace.name] = namespace }
        }
    }

    /// What a namespace had that begins now.
    func takeSaved(_ name: String) -> SavedNamespace? {
        self.state.withLock { $0.saved.removeValue(forKey: name) }
    }
}
