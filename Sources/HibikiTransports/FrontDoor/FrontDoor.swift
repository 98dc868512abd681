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

    struct State {
        var listener: (any Channel)?
        var loops: [NIOLoopBound<TransportLoop>] = []
    }

    /// What every connection of the port needs.
    private struct Port: Sendable {
        let loops: [ObjectIdentifier: NIOLoopBound<TransportLoop>]
        let tls: TLSCredentials?
    }

    /// Connections that are accepted before those that are there have their turn.
    private static let acceptsPerTurn: UInt = 32

    private let configuration: TransportConfiguration
    private let hub: Hub
    private let routes: HotRoutes
    private let logger: Logger
    private let admission: Admission
    private let formats: NativeFormats
    let state = Mutex(State())

    /// - Parameters:
    ///   - servicePaths: those of the service whose answers are counted by name; one that ends in a slash stands for all below it.
    ///   - flowPaths: those of the service that take bodies of any length, as they come; all below one belongs to it.
    public init(
        configuration: TransportConfiguration, hub: Hub, endpoints: Endpoints = .standard, mounts: [Mount] = [],
        service: any HTTPService, servicePaths: [String] = [], flowPaths: [String] = [], logger: Logger
    ) {
        self.configuration = configuration
        self.hub = hub
        self.logger = logger
        self.formats = NativeFormats(configuration.webSocket.compression)
        self.admission = Admission(
            limit: configuration.connections, limitPerAddress: configuration.connectionsPerAddress,
            budgets: hub.budgets
        )
        self.routes =
            switch endpoints {
            case .standard:
                HotRoutes(
                    [.native, .events] + mounts.flatMap(\.routes), service: service, servicePaths: servicePaths,
                    flowPaths: flowPaths)
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
    ///   - tls: the certificate, for a port that speaks TLS.
    /// - Returns: the address that was taken.
    public func open(
        on group: any EventLoopGroup, host: String, port: Int, tls: TLSCredentials? = nil
    ) async throws -> SocketAddress? {
        var loops: [NIOLoopBound<TransportLoop>] = []
        for eventLoop in group.makeIterator() {
            loops.append(try await self.makeLoop(on: eventLoop))
        }
        let byEventLoop = Dictionary(uniqueKeysWithValues: zip(group.makeIterator().map(ObjectIdentifier.init), loops))
        let listener = try await self.bootstrap(group, Port(loops: byEventLoop, tls: tls)).bind(host: host, port: port)
            .get()
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

    /// Takes new limits and times, for connections and requests that begin from now on. What is agreed on with others, or known
    /// elsewhere too, stays: compression, the largest message and body, and the topics of a connection.
    package func reload(_ configuration: TransportConfiguration) async {
        self.admission.change(limit: configuration.connections, limitPerAddress: configuration.connectionsPerAddress)
        for loop in self.state.withLock({ $0.loops }) {
            try? await loop.onLoop { $0.configuration.reload(configuration) }
        }
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

    private func bootstrap(_ group: any EventLoopGroup, _ port: Port) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: self.configuration.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // Those that are accepted inherit it, and need no call of their own.
            .serverChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: Self.acceptsPerTurn)
            .childChannelInitializer { channel in
                do {
                    guard let loop = port.loops[ObjectIdentifier(channel.eventLoop)]?.value else {
                        throw UnknownEventLoop()
                    }
                    try self.accept(channel, on: loop, tls: port.tls)
                    return channel.eventLoop.makeSucceededVoidFuture()
                } catch {
                    return channel.eventLoop.makeFailedFuture(error)
                }
            }
    }

    /// Sets the options of a connection at once; through the bootstrap each would cost a future.
    private func setOptions(of channel: any Channel, on loop: TransportLoop) throws {
        let queue = loop.configuration.outboundQueue
        let options = channel.syncOptions
        try options?.setOption(.allowRemoteHalfClosure, value: true)
        try options?.setOption(.maxMessagesPerRead, value: 1)
        try options?.setOption(.writeBufferWaterMark, value: .init(low: max(1, queue / 2), high: max(1, queue)))
        try options?.setOption(.recvAllocator, value: LoopReceiveAllocator(loop.receiveBuffer))
    }

    private func accept(_ channel: any Channel, on loop: TransportLoop, tls: TLSCredentials?) throws {
        try self.setOptions(of: channel, on: loop)
        let peer = channel.remoteAddress
        let network = NetworkAddress(peer)
        let address = Admission.Address(network)
        let proxies = self.configuration.proxies
        if proxies.speaksProxyProtocol, !(network.map(proxies.trusts) ?? false) {
            self.logger.debug("not a trusted proxy", metadata: ["address": "\(peer?.ipAddress ?? "")"])
            throw UntrustedProxy()
        }
        let isProxy = network.map(proxies.trusts) ?? false
        let buckets: SharedBuckets
        do throws(Admission.Refusal) {
            buckets = try self.admission.enter(address, isProxy: isProxy, at: .now())
        } catch {
            // A handshake would cost more than the client that there is no room for, and so would many that do not go.
            guard tls == nil, loop.counters.open[.closing] < Self.politeRefusals else { throw NoRoom() }
            return try self.refuse(channel, on: loop, RequestRefusal(error), peer)
        }
        let role = HTTPRole(routes: self.routes, configuration: loop.configuration.http)
        let connection = Connection(loop: loop, role: role, address: (address, buckets), peer: peer)
        do {
            if proxies.speaksProxyProtocol {
                try channel.pipeline.syncOperations.addHandler(ProxyProtocolHandler(connection))
            }
            if let tls {
                try tls.add(to: channel, loop: loop)
                try channel.pipeline.syncOperations.addHandler(ProtocolChoice(connection, routes: self.routes))
                connection.flags.insert(.secure)
            }
            try channel.pipeline.syncOperations.addHandler(connection)
        } catch {
            self.admission.leave(address)
            throw error
        }
        connection.setDeadline(after: loop.configuration.http.headTimeout)
    }
}

extension FrontDoor {
    /// Connections of one event loop that are on their way out, above which another one that is refused gets no answer.
    private static let politeRefusals = 1_024

    /// Tells a client that there is no room for it, and when there may be.
    private func refuse(
        _ channel: any Channel, on loop: TransportLoop, _ refusal: RequestRefusal, _ peer: SocketAddress?
    ) throws {
        let connection = Connection(loop: loop, role: ClosedRole(), address: nil, peer: peer)
        loop.logger.warning(
            "connection refused",
            metadata: [
                "connection": .stringConvertible(connection.id), "address": "\(peer?.ipAddress ?? "")",
                "reason": "\(refusal.message)",
            ])
        try channel.pipeline.syncOperations.addHandler(connection)
        channel.eventLoop.assumeIsolated().execute {
            connection.refuse(WireError(refusal), status: refusal.status, fields: refusal.fields)
        }
    }
}

/// A connection to a port of the PROXY protocol that is not one of a trusted proxy's.
struct UntrustedProxy: Error {}

/// A connection that is let go before TLS has begun.
struct NoRoom: Error {}

/// An event loop that the hub was not made for.
struct UnknownEventLoop: Error {}

extension HotRoute {
    static let events = HotRoute(path: "/v1/events", methods: ["GET", "HEAD"], serve: EventsEndpoint.serve)

    static let native = HotRoute(path: "/ws") { head, exchange, connection in
        WebSocketEndpoint.serve(head, exchange, connection, subprotocols: NativeSession.subprotocols) {
            NativeSession(loop: $0.loop, acceptance: $1, principal: $2)
        }
    }

    static let echo = HotRoute(path: "") { head, exchange, connection in
        WebSocketEndpoint.serve(head, exchange, connection, subprotocols: []) { _, _, _ in EchoApplication() }
    }
}
