// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
import HibikiWebSocketCodec
import HibikiWire
public import Logging
public import NIOCore
import NIOPosix
import Synchronization

/// The one port: accepts connections, and drives each on the event loop that it was given to.
public final class FrontDoor: Sendable {
    /// What is served on the event loops themselves.
    public enum Endpoints: Sendable {
        /// `/ws` and `GET /v1/events`; everything else goes to the service.
        case standard
        /// Every path is a WebSocket that echoes.
        case echo
    }

    private struct State {
        var listener: (any Channel)?
        var loops: [NIOLoopBound<TransportLoop>] = []
    }

    /// Connections that are accepted before those that are there have their turn.
    private static let acceptsPerTurn: UInt = 32
    /// What a client is told that finds no room, in seconds.
    private static let retryAfter = "5"

    private let configuration: TransportConfiguration
    private let hub: Hub
    private let routes: HotRoutes
    private let logger: Logger
    private let admission: Admission
    private let formats: NativeFormats
    private let state = Mutex(State())

    /// - Parameter servicePaths: those of the service whose answers are counted by name; one that ends in a slash stands for all below it.
    public init(
        configuration: TransportConfiguration, hub: Hub, endpoints: Endpoints = .standard, mounts: [Mount] = [],
        service: any HTTPService, servicePaths: [String] = [], logger: Logger
    ) {
        self.configuration = configuration
        self.hub = hub
        self.logger = logger
        self.formats = NativeFormats(configuration.webSocket.compression)
        self.admission = Admission(
            limit: configuration.connections, limitPerAddress: configuration.connectionsPerAddress
        )
        self.routes =
            switch endpoints {
            case .standard:
                HotRoutes([.native, .events] + mounts.flatMap(\.routes), service: service, servicePaths: servicePaths)
            case .echo: HotRoutes([], catchAll: .echo, service: service)
            }
    }

    /// The connections that are open now.
    public var connectionCount: Int { self.admission.total }

    /// Opens the port.
    ///
    /// - Parameters:
    ///   - group: its event loops have to be those that the hub knows.
    ///   - port: 0 takes a free one.
    /// - Returns: the address that was taken.
    public func open(on group: any EventLoopGroup, host: String, port: Int) async throws -> SocketAddress? {
        var loops: [NIOLoopBound<TransportLoop>] = []
        for eventLoop in group.makeIterator() {
            loops.append(try await self.makeLoop(on: eventLoop))
        }
        let byEventLoop = Dictionary(uniqueKeysWithValues: zip(group.makeIterator().map(ObjectIdentifier.init), loops))
        let listener = try await self.bootstrap(group, byEventLoop).bind(host: host, port: port).get()
        self.state.withLock { $0 = State(listener: listener, loops: loops) }
        return listener.localAddress
    }

    /// What has happened since the port was opened, summed over the event loops. A loop that has stopped is left out.
    package func statistics() async -> TransportStatistics {
        let refused = self.admission.refusals
        var statistics = TransportStatistics(
            refusedByTotal: refused.byTotal, refusedByAddress: refused.byAddress
        )
        for loop in self.state.withLock({ $0.loops }) {
            if let part = try? await loop.statistics() { statistics.add(part) }
        }
        return statistics
    }

    private func makeLoop(on eventLoop: any EventLoop) async throws -> NIOLoopBound<TransportLoop> {
        try await eventLoop.submit {
            guard let members = self.hub.makeLoopHub(on: eventLoop) else { throw UnknownEventLoop() }
            let loop = TransportLoop(
                eventLoop: eventLoop, configuration: self.configuration, hub: self.hub, members: members,
                admission: self.admission, formats: self.formats, logger: self.logger
            )
            return NIOLoopBound(loop, eventLoop: eventLoop)
        }.get()
    }

    private func bootstrap(
        _ group: any EventLoopGroup, _ loops: [ObjectIdentifier: NIOLoopBound<TransportLoop>]
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: self.configuration.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // Those that are accepted inherit it, and need no call of their own.
            .serverChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: Self.acceptsPerTurn)
            .childChannelInitializer { channel in
                do {
                    guard let loop = loops[ObjectIdentifier(channel.eventLoop)]?.value else { throw UnknownEventLoop() }
                    try self.accept(channel, on: loop)
                    return channel.eventLoop.makeSucceededVoidFuture()
                } catch {
                    return channel.eventLoop.makeFailedFuture(error)
                }
            }
    }

    /// Sets the options of a connection at once; through the bootstrap each would cost a future.
    private func setOptions(of channel: any Channel, on loop: TransportLoop) throws {
        let queue = self.configuration.outboundQueue
        let options = channel.syncOptions
        try options?.setOption(.allowRemoteHalfClosure, value: true)
        try options?.setOption(.maxMessagesPerRead, value: 1)
        try options?.setOption(.writeBufferWaterMark, value: .init(low: max(1, queue / 2), high: max(1, queue)))
        try options?.setOption(.recvAllocator, value: LoopReceiveAllocator(loop.receiveBuffer))
    }

    private func accept(_ channel: any Channel, on loop: TransportLoop) throws {
        try self.setOptions(of: channel, on: loop)
        let address = Admission.Address(channel.remoteAddress)
        guard self.admission.enter(address) else {
            let connection = Connection(loop: loop, role: ClosedRole(), address: nil)
            try channel.pipeline.syncOperations.addHandler(connection)
            channel.eventLoop.assumeIsolated().execute {
                let error = WireError(.overloaded, "too many connections; come back in a moment")
                connection.refuse(error, status: 503, fields: [("Retry-After", Self.retryAfter)])
            }
            return
        }
        let role = HTTP1Role(routes: self.routes, configuration: self.configuration.http)
        let connection = Connection(loop: loop, role: role, address: address)
        do {
            try channel.pipeline.syncOperations.addHandler(connection)
        } catch {
            self.admission.leave(address)
            throw error
        }
        connection.setDeadline(after: self.configuration.http.headTimeout)
    }

    /// Stops accepting, tells everybody, lets them finish, and cuts those who have not left in time.
    ///
    /// - Parameter patience: how long connections may take to end.
    public func shutDown(within patience: Duration, reconnectDelay: Duration = .seconds(5)) async {
        let state = self.state.withLock { $0 }
        try? await state.listener?.close().get()
        self.hub.send(
            Signal(.shutdown(reconnectDelay: reconnectDelay), from: nil, payload: ByteBuffer(), timestamp: .now())
        )
        for loop in state.loops {
            try? await loop.onLoop { $0.shutDown() }
        }
        let clock = ContinuousClock()
        let end = clock.now + patience
        // A cancelled sleep throws: whoever cancels wants it to end now.
        while self.connectionCount > 0, clock.now < end {
            do { try await Task.sleep(for: .milliseconds(20)) } catch { break }
        }
        for loop in state.loops {
            try? await loop.onLoop { loop in
                for connection in loop.connections {
                    connection.close()
                }
            }
        }
    }
}

/// An event loop that the hub was not made for.
struct UnknownEventLoop: Error {}

extension NIOLoopBound where Value == TransportLoop {
    fileprivate func onLoop(_ body: @escaping @Sendable (TransportLoop) -> Void) async throws {
        try await self.eventLoop.submit { body(self.value) }.get()
    }
}

extension HotRoute {
    static let events = HotRoute(path: "/v1/events", methods: ["GET", "HEAD"], serve: EventsEndpoint.serve)

    static let native = HotRoute(path: "/ws") { head, exchange, connection in
        WebSocketEndpoint.serve(head, exchange, connection, subprotocols: NativeSession.subprotocols) {
            NativeSession(loop: $0.loop, agreement: $1.agreement, principal: $2)
        }
    }

    static let echo = HotRoute(path: "") { head, exchange, connection in
        WebSocketEndpoint.serve(head, exchange, connection, subprotocols: []) { _, _, _ in EchoApplication() }
    }
}
