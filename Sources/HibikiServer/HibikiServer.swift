// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiChat
public import HibikiCollaboration
public import HibikiLogging
public import HibikiMessaging
public import HibikiMetrics
public import HibikiSocketIO
public import HibikiTransports
import HibikiWebSocketCodec
import HibikiWire
import Hummingbird
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle
public import Tracing

/// The whole server: the log, the hub, the front door and the routes, joined.
///
/// ```swift
/// let server = try HibikiServer(ServerConfiguration(), logger: Logger(label: "hibiki"))
/// try await ServiceGroup(services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger).run()
/// ```
public struct HibikiServer: Service {
    /// The version of Hibiki.
    public static let version = "0.1.0"

    /// How often the log forgets what is too old in topics that nobody touches.
    private static let sweepInterval: Duration = .seconds(15)
    /// Of how many operations of a broker and a log in memory one is timed: they take about as long as looking at the clock.
    private static let timedOneIn = 64

    public let hub: Hub
    /// What `/readyz` asks. Whoever the server cannot work without joins before it runs.
    public let readiness = Readiness()
    private let configuration: ServerConfiguration
    let live: LiveConfiguration
    private let group: MultiThreadedEventLoopGroup
    let log: MemoryEventLog
    /// `nil` if nothing is to be kept over a restart.
    let folder: DataFolder?
    /// The folder is this server's alone; or why it is not.
    private let claim: Result<FolderLock, any Error>?
    let door: FrontDoor
    private let certificate: CertificateWatch
    private let admin: Admin
    private let keys: APIKeys
    /// `nil` if there are none.
    let uploads: Uploads?
    /// The paths that there are, as ``ErrorMiddleware`` knows them.
    let routes: RouteTable
    let socketIO: SocketIOServer?
    /// `nil` on a server without one.
    let chat: Chat?
    /// `nil` on a server without documents.
    let collaboration: Collaboration?
    let logger: Logger
    private let opened: @Sendable (String) -> Void

    /// - Parameters:
    ///   - endpoints: what the front door serves itself.
    ///   - chatStore: where the chat is kept, if there is one; in memory, if nothing is said.
    ///   - documentStore: where documents are kept, if there are any; in memory, if nothing is said.
    ///   - socketIO: a Socket.IO server on the same port and the same log; `nil` for none.
    ///   - mounts: paths of other libraries.
    ///   - metrics: what `/metrics` shows, beside the server's own counts: the factory that swift-metrics was given, if it was.
    ///   - tracer: what records spans of requests, publications and authorizations; without one, that of the process, if
    ///     `InstrumentationSystem.bootstrap` has given it one.
    ///   - recentLog: the lines that the dashboard shows; `nil` for none.
    ///   - opened: told the server's address, `http://127.0.0.1:8080` or `https://…`, once the port is open.
    public init(
        _ configuration: ServerConfiguration, endpoints: FrontDoor.Endpoints = .standard,
        chatStore: (any ChatStore)? = nil, documentStore: (any DocumentStore)? = nil,
        socketIO: SocketIOServer? = nil, mounts: [Mount] = [],
        metrics: MetricsRegistry = MetricsRegistry(),
        tracer: (any Tracer)? = nil, recentLog: RecentLog? = nil, logger: Logger,
        opened: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        var generator = SystemRandomNumberGenerator()
        var configuration = configuration
        let tracer = tracer ?? InstrumentationSystem.tracerOfProcess
        if let tracer, let authorizer = configuration.authorizer {
            configuration.authorizer = TracedAuthorizer(base: authorizer, tracer: tracer)
        }
        configuration.transport.origins.trustsLocalHostsOnly = LoopbackHost.isLoopback(configuration.host)
        let threads = configuration.threads > 0 ? configuration.threads : System.coreCount
        let live = LiveConfiguration(configuration)
        self.configuration = configuration
        self.live = live
        self.logger = logger
        self.opened = opened
        self.group = MultiThreadedEventLoopGroup(numberOfThreads: min(threads, Hub.maximumLoops))
        if socketIO != nil {
            configuration.retention.set(SocketIOServer.retention, forPrefix: SocketIOServer.topicPrefix)
        }
        self.folder = configuration.data.isEmpty ? nil : DataFolder(configuration.data, logger: logger)
        // First: of what another server works with nothing may be taken.
        self.claim = self.folder.map { folder in
            Result {
                try folder.prepare()
                return try FolderLock(folder.path)
            }
        }
        let restored =
            (try? self.claim?.get()) == nil ? nil : self.folder?.take(retention: configuration.retention, at: .now())
        self.log =
            restored?.log ?? MemoryEventLog(epoch: .random(using: &generator), retention: configuration.retention)
        let log = MeasuredEventLog(self.log, oneIn: Self.timedOneIn)
        let broker = MeasuredBroker(LocalBroker(log: log), oneIn: Self.timedOneIn)
        let tracedBroker: any Broker = if let tracer { TracedBroker(broker, tracer) } else { broker }
        self.keys = APIKeys(configuration.keys.all)
        let guests = configuration.makeGuests(logger: logger)
        let ground =
            configuration.chat.isOn
            ? Chat.Ground(configuration.chat, store: chatStore ?? MemoryChatStore()) : nil
        var access = configuration.access(self.keys, guests: guests)
        ground?.own(&access)
        let hub = Hub(
            broker: tracedBroker,
            access: access,
            budgets: Budgets(configuration.effectiveBudgets),
            slowReaders: configuration.slowReaders,
            payloadBytes: configuration.transport.webSocket.limits.messageBytes,
            eventLoops: Array(self.group.makeIterator())
        )
        let uploads = Uploads(configuration, logger: logger)
        self.uploads = uploads
        let chat = ground.map { ground in
            Chat(ground, hub: hub, files: uploads.map { ChatFiles(uploads: $0.service) }, logger: logger)
        }
        self.chat = chat
        let collaboration =
            configuration.documents.isOn
            ? Collaboration(
                configuration.documents, store: documentStore ?? MemoryDocumentStore(), hub: hub,
                transport: configuration.transport, logger: logger)
            : nil
        self.collaboration = collaboration
        let connections = ConnectionCount()
        let directory = LateDirectory()
        let routes = RouteTable()
        let admin = Admin(
            configuration, live: live, hub: hub, log: recentLog, metrics: metrics, directory: directory.get,
            logger: logger)
        self.admin = admin
        let router = Self.router(
            configuration, live: live, hub: hub, connections: connections, readiness: self.readiness, metrics: metrics,
            keys: self.keys, guests: guests, chat: chat, documents: collaboration?.service, uploads: uploads,
            routes: routes, directory: directory, admin: admin, tracer: tracer, logger: logger)
        let service = RouterService(responder: router.buildResponder(), logger: logger)
        self.hub = hub
        self.socketIO = socketIO
        if let socketIO {
            socketIO.restore(restored?.namespaces ?? [])
            TopicNamespace(hub: hub, topics: configuration.transport.events.topics).install(on: socketIO)
            chat?.install(on: socketIO)
        }
        let mounts =
            mounts + [admin.mount] + (self.collaboration.map { [$0.mount] } ?? [])
            + (socketIO.map { [$0.mount(on: hub, now: { .now() })] } ?? [])
        self.door = FrontDoor(
            configuration: configuration.transport, hub: hub, endpoints: endpoints, mounts: mounts, service: service,
            servicePaths: RouteTable.labels(of: routes.routes), flowPaths: uploads == nil ? [] : [Uploads.path],
            logger: logger
        )
        self.routes = routes
        connections.attach(self.door)
        directory.attach(ServerDirectory(hub: hub, door: self.door, socketIO: socketIO))
        ServerMetrics(hub: hub, door: self.door, broker: broker.timers, stores: ["log": log.timers]).register(
            with: metrics)
        if let chat {
            chat.meter.register(with: metrics, chat)
            self.readiness.add(chat.check)
        }
        self.collaboration?.register(with: metrics)
        if let uploads { UploadMetrics(service: uploads.service).register(with: metrics) }
        self.certificate = CertificateWatch(configuration.certificate, logger: logger)
        self.certificate.register(with: metrics)
    }

    /// What the front door answers itself, beside what it was given.
    private static let hotPaths = ["/v1/events": ["GET"], "/ws": ["GET"]]

    private static func router(
        _ configuration: ServerConfiguration, live: LiveConfiguration, hub: Hub, connections: ConnectionCount,
        readiness: Readiness, metrics: MetricsRegistry, keys: APIKeys, guests: Guests?, chat: Chat?,
        documents: DocumentService?, uploads: Uploads?,
        routes: RouteTable, directory: LateDirectory, admin: Admin, tracer: (any Tracer)?, logger: Logger
    ) -> Router<RouterContext> {
        let router = Router(context: RouterContext.self)
        if let tracer { router.add(middleware: RequestTracing(tracer: tracer)) }
        // The first is the outermost: a page that may read answers may read errors too.
        router.add(
            middleware: OriginMiddleware(
                policy: { live.read(\.transport.origins) }, routes: routes,
                features: uploads.map { [UploadMiddleware.crossOrigin($0.limits)] } ?? []))
        router.add(middleware: ErrorMiddleware(routes: routes))
        router.add(middleware: admin.gate)
        router.add(middleware: BudgetMiddleware())
        let authentication = AuthenticationMiddleware(access: hub.access, origins: configuration.transport.origins)
        let features = router.group().add(middleware: authentication)
        uploads?.add(to: router, authentication)
        let bodyBytes = configuration.transport.http.bodyBytes
        let audit = Audit(logger: logger)
        EventsRoutes(hub: hub, bodyBytes: bodyBytes).add(to: features)
        TopicsRoutes(hub: hub, directory: directory.get, audit: audit).add(to: features)
        ConnectionsRoutes(bodyBytes: bodyBytes, directory: directory.get, audit: audit).add(to: features)
        if let chat { ChatRoutes(desk: chat.desk, bodyBytes: bodyBytes).add(to: features) }
        if let documents {
            DocumentsRoutes(service: documents, access: hub.access, bodyBytes: bodyBytes, audit: audit)
                .add(to: features)
        }
        if let guests { GuestsRoutes(guests: guests).add(to: features) }
        DescriptionRoutes().add(to: router)
        HealthRoutes(
            hub: hub, connections: { connections.now }, started: .now,
            healthyConnections: { live.read(\.healthyConnections) }, readiness: readiness
        ).add(to: router)
        MetricsRoutes(registry: metrics, access: configuration.metrics, keys: keys).add(to: router)
        WebRoutes(hasDemo: configuration.hasDemo, documents: configuration.documents).add(to: router)
        admin.add(to: router)
        routes.fill(from: router, Self.hotPaths)
        return router
    }

    /// Serves until the service group shuts down, then ends every connection in its own way.
    public func run() async throws {
        let lock: FolderLock?
        do {
            lock = try self.claim?.get()
        } catch {
            try await self.group.shutdownGracefully()
            throw error
        }
        defer { lock?.release() }
        do {
            try self.uploads?.open(for: self.chat?.desk)
            try await self.serve()
        } catch {
            self.folder?.putBack()
            try await self.group.shutdownGracefully()
            throw error
        }
        try await self.group.shutdownGracefully()
    }

    private func serve() async throws {
        try await self.hub.start()
        let host = self.configuration.host
        let tls = try self.certificate.open()
        guard
            let address = try await self.door.open(
                on: self.group, host: host, port: self.configuration.port, tls: tls),
            let port = address.port
        else { throw NoAddress() }
        self.folder?.started()
        self.readiness.opened()
        self.opened("\(tls == nil ? "http" : "https")://\(host.contains(":") ? "[\(host)]" : host):\(port)")
        await withDiscardingTaskGroup { tasks in
            tasks.addTask { await self.sweep() }
            if let chat = self.chat {
                tasks.addTask { await chat.run { await self.directory.devices() } }
            }
            tasks.addTask { await self.collaboration?.run() }
            tasks.addTask { await self.certificate.watch() }
            tasks.addTask { await self.admin.run(self.door) }
            tasks.addTask { await self.uploads?.run() }
            try? await gracefulShutdown()
            await self.stop()
            tasks.cancelAll()
        }
    }

    // MARK: While it runs

    /// Takes new settings, as far as that goes without a restart: the limits and times of connections that come from now on, the
    /// origins, the numbers of connections, and everything about the next stop. Settings of other parts of the server are left.
    public func reload(_ configuration: ServerConfiguration) async {
        let parts: [any Reloadable] = [self.live, self.door, self.hub.budgets, self.admin.access]
        for part in parts {
            await part.reload(configuration)
        }
        await self.reload(configuration.keys)
    }

    /// Whoever came with a key that does not count any more goes.
    private func reload(_ keys: KeyConfiguration) async {
        for key in self.keys.replace(with: keys.all) {
            self.logger.notice("an API key has changed or is gone", metadata: ["key": "\(key.name)"])
            guard let principal = Principal(key: key).id else { continue }
            _ = await self.directory.disconnect(principal: principal)
        }
    }

    /// Returns when every event loop has had a turn: not at all if one of them is stuck.
    public func answers() async {
        await self.door.answers()
    }

    /// What is connected, who follows what, and how to end it.
    public var directory: ServerDirectory {
        ServerDirectory(hub: self.hub, door: self.door, socketIO: self.socketIO)
    }

    /// The connections that are open now.
    public var connectionCount: Int { self.door.connectionCount }

    private func sweep() async {
        while !Task.isCancelled {
            self.hub.broker.log.sweep(at: .now())
            try? await Task.sleep(for: Self.sweepInterval)
        }
    }
}

/// The port was opened, but the system does not say where.
struct NoAddress: Error {}
