// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIOCodec
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import HibikiSocketIO

/// A server on a hub with event loops of their own, and time that stands still until a test moves it.
struct ServerHarness: Sendable {
    let io: SocketIOServer
    let hub: Hub
    let eventLoops: [any EventLoop]
    let time: StandingTime
    private let connections = Notes<FakeConnection>()

    private init(_ io: SocketIOServer, _ hub: Hub, _ eventLoops: [any EventLoop], _ time: StandingTime) {
        self.io = io
        self.hub = hub
        self.eventLoops = eventLoops
        self.time = time
    }

    /// - Parameter log: of an earlier server, with which this one goes on.
    static func with(
        loops count: Int = 2, log: MemoryEventLog? = nil,
        access: AccessControl = AccessControl(permissions: .development), budgets: BudgetConfiguration = .off,
        _ configure: (inout SocketIOServer.Configuration) -> Void = { _ in },
        prepare: (SocketIOServer) -> Void = { _ in }, _ body: (ServerHarness) async throws -> Void
    ) async throws {
        var configuration = SocketIOServer.Configuration()
        configure(&configuration)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: count)
        let eventLoops = Array(group.makeIterator())
        var retention = LogRetention()
        retention.set(RecoveryOptions.retention, forPrefix: RecoveryOptions.topicPrefix)
        let log = log ?? MemoryEventLog(epoch: Epoch(7), retention: retention)
        let hub = Hub(
            broker: LocalBroker(log: log), access: access, budgets: Budgets(budgets), eventLoops: eventLoops)
        try await hub.start()
        for eventLoop in eventLoops {
            _ = try await eventLoop.submit { hub.makeLoopHub(on: eventLoop) == nil }.get()
        }
        let time = StandingTime()
        let deadlines = DeadlineQueue(now: { time.deadline }, hasDriver: false)
        let io = SocketIOServer(configuration: configuration, logger: Logger(label: "test"), deadlines: deadlines)
        prepare(io)
        io.start(on: hub, now: { time.timestamp })
        let harness = ServerHarness(io, hub, eventLoops, time)
        try await body(harness)
        await io.close()
        try await harness.settle()
        try await group.shutdownGracefully()
    }

    /// A new session, in which nothing has been said yet.
    func session(
        loop: Int = 0, version: EngineVersion = .v4, url: String = "/socket.io/?EIO=4&transport=websocket",
        query: [(name: String, value: String)] = [("EIO", "4"), ("transport", "websocket")],
        headers: [(name: String, value: String)] = [("host", "example.com")], isSecure: Bool = false
    ) -> FakeConnection {
        let request = EngineRequest(
            url: url, query: query, headers: headers, address: "192.0.2.1", isSecure: isSecure,
            issued: 1_795_257_026_000)
        let connection = FakeConnection(
            Int(self.time.next()), eventLoops: self.eventLoops, loop: loop, version: version, request: request)
        self.connections.add(connection)
        connection.attach(self.io.makeApplication(for: connection))
        return connection
    }

    /// A session that has joined a namespace, and its socket. What was sent until then is forgotten by nobody.
    func client(_ namespace: String = "/", loop: Int = 0) async throws -> (connection: FakeConnection, socket: Socket) {
        let connection = self.session(loop: loop)
        try await connection.receive(namespace == "/" ? "0" : "0\(namespace),")
        try await self.settle()
        let client = try #require(connection.application as? SocketClient)
        return (connection, try #require(client.sockets.first { $0.namespace.name == namespace }))
    }

    /// Returns when every loop has handed on what was sent before this was called, and what that has set off in turn.
    func settle() async throws {
        for _ in 0..<4 {
            for number in self.eventLoops.indices {
                await withCheckedContinuation { continuation in
                    self.hub.post(to: number) { $0.needsFlush(Flush { continuation.resume() }) }
                }
            }
        }
    }

    /// Moves the time, and calls what is due then.
    func pass(_ duration: Duration) async throws {
        self.time.pass(duration)
        self.io.deadlines.fire(at: self.time.deadline)
        for connection in self.connections.all { try await connection.pass(to: self.time.deadline) }
        try await self.settle()
    }

    /// Waits until something is so.
    func until(
        _ sourceLocation: SourceLocation = #_sourceLocation, _ condition: @Sendable () -> Bool
    ) async throws {
        let clock = ContinuousClock()
        let limit = clock.now + .seconds(10)
        while !condition() {
            guard clock.now < limit else {
                Issue.record("it has not become so", sourceLocation: sourceLocation)
                return
            }
            try await self.settle()
            await Task.yield()
        }
    }
}

private final class Flush: Flushable {
    private let body: () -> Void

    init(_ body: @escaping () -> Void) {
        self.body = body
    }

    func flush() {
        self.body()
    }
}

/// Time that moves only when it is told to.
final class StandingTime: Sendable {
    private let milliseconds = Mutex<Int64>(1_000_000)
    private let count = Mutex<UInt64>(0)

    var deadline: NIODeadline { .uptimeNanoseconds(UInt64(self.milliseconds.withLock { $0 }) * 1_000_000) }
    var timestamp: Timestamp { Timestamp(milliseconds: self.milliseconds.withLock { $0 }) }

    func pass(_ duration: Duration) {
        let passed = duration.components.seconds * 1_000 + duration.components.attoseconds / 1_000_000_000_000_000
        self.milliseconds.withLock { $0 += passed }
    }

    func next() -> UInt64 {
        self.count.withLock { count in
            count += 1
            return count
        }
    }
}

/// Keeps what closures on other threads have seen, in order.
final class Notes<Element: Sendable>: Sendable {
    private let list = Mutex<[Element]>([])

    var all: [Element] { self.list.withLock { $0 } }

    func add(_ element: Element) {
        self.list.withLock { $0.append(element) }
    }
}

/// Holds handlers back until a test lets them go on.
final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = self.state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = self.state.withLock { state in
            defer { state = (true, []) }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
