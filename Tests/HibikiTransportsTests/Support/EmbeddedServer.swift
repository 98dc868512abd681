// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import Logging
import NIOCore
import NIOEmbedded
import Synchronization

@testable import HibikiMessaging
@testable import HibikiTransports

/// A server without a socket: every connection is a channel in memory, and the event loop turns when the test says so.
///
/// For what the event loop answers itself. Requests for the router need a ``RealServer``.
final class EmbeddedServer {
    let eventLoop = EmbeddedEventLoop()
    let hub: Hub
    let loop: TransportLoop
    let log: MemoryEventLog
    private let routes = HotRoutes([.native, .events], service: SilentService())

    init(
        _ configuration: TransportConfiguration = TransportConfiguration(), permissions: Permissions = .development,
        slowReaders: SlowReaderRules = SlowReaderRules(), retention: LogRetention = LogRetention(),
        budgets: Budgets = Budgets(), authenticator: (any Authenticator)? = nil
    ) throws {
        self.log = MemoryEventLog(epoch: Epoch(7), retention: retention)
        let broker = DirectBroker(self.log)
        self.hub = Hub(
            broker: broker, access: AccessControl(permissions: permissions, authenticator: authenticator),
            budgets: budgets, slowReaders: slowReaders, eventLoops: [self.eventLoop])
        broker.join(self.hub)
        guard let members = self.hub.makeLoopHub(on: self.eventLoop) else { throw UnknownEventLoop() }
        self.loop = TransportLoop(
            eventLoop: self.eventLoop, configuration: configuration, hub: self.hub, members: members,
            admission: Admission(limit: .max, limitPerAddress: .max, budgets: budgets),
            formats: NativeFormats(configuration.webSocket.compression),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    func connect(from ip: String = "127.0.0.1") throws -> EmbeddedPeer {
        let address = try SocketAddress(ipAddress: ip, port: 1)
        let counted = Admission.Address(NetworkAddress(address))
        let buckets = try self.loop.admission.enter(counted, at: .now())
        let role = HTTPRole(routes: self.routes, configuration: self.loop.configuration.http)
        let connection = Connection(loop: self.loop, role: role, address: (counted, buckets))
        let channel = EmbeddedChannel(handler: connection, loop: self.eventLoop)
        channel.connect(to: address, promise: nil)
        connection.setDeadline(after: self.loop.configuration.http.headTimeout)
        return EmbeddedPeer(channel, connection)
    }

    /// Publishes and lets the loop turn.
    @discardableResult
    func publish(
        _ payloads: String..., to topic: String = "public/a", event: String = "message"
    ) throws -> [StreamPosition] {
        let positions = try payloads.map { payload in
            let draft = Draft(topic: try Topic(topic), event: event, payload: ByteBuffer(string: payload))
            return try self.log.append(draft, at: .now()) { self.hub.deliver($0) }.position
        }
        self.eventLoop.run()
        return positions
    }
}

/// A service that nobody should ask.
private struct SilentService: HTTPService {
    func respond(to request: HTTPRequestMessage, with response: HTTPResponseWriter) async {}
}

/// The client's end of a connection in memory.
final class EmbeddedPeer {
    let channel: EmbeddedChannel
    let connection: Connection

    init(_ channel: EmbeddedChannel, _ connection: Connection) {
        self.channel = channel
        self.connection = connection
    }

    var isOpen: Bool { self.channel.isActive }

    func send(_ bytes: ByteBuffer) throws {
        try self.channel.writeInbound(bytes)
        self.channel.embeddedEventLoop.run()
    }

    func send(_ text: String) throws {
        try self.send(ByteBuffer(string: text))
    }

    func get(_ target: String, _ fields: String...) throws {
        try self.send("GET \(target) HTTP/1.1\r\nHost: test\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n")
    }

    /// Everything that has reached the socket since this was last asked.
    func received() throws -> ByteBuffer {
        var all = ByteBuffer()
        while var part = try self.channel.readOutbound(as: ByteBuffer.self) { all.writeBuffer(&part) }
        return all
    }

    func receivedText() throws -> String {
        String(buffer: try self.received())
    }

    /// Says whether the outbound queue has room.
    func setWritable(_ isWritable: Bool) {
        self.channel.isWritable = isWritable
        self.channel.pipeline.fireChannelWritabilityChanged()
        self.channel.embeddedEventLoop.run()
    }

    func hangUp() {
        self.channel.close(promise: nil)
        self.channel.embeddedEventLoop.run()
    }
}

/// The local broker, joined without an `await`, so that a test stays on the thread of its event loop.
final class DirectBroker: Broker {
    let log: any EventLog
    private let node = Mutex<(any BrokerNode)?>(nil)

    init(_ log: any EventLog) {
        self.log = log
    }

    func join(_ node: any BrokerNode) {
        self.node.withLock { $0 = node }
    }

    func start(_ node: any BrokerNode) async throws {
        self.join(node)
    }

    func publish(
        _ draft: Draft, at now: Timestamp, completion: @escaping @Sendable (Result<PublishReceipt, WireError>) -> Void
    ) {
        let node = self.node.withLock { $0 }
        completion(Result { () throws(WireError) in try self.log.append(draft, at: now) { node?.deliver($0) } })
    }

    func send(_ signal: Signal) {
        self.node.withLock { $0 }?.deliver(signal)
    }

    func stop() async {}
}
