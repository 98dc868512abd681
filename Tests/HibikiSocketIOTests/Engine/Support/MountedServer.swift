// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiClient
import HibikiMessaging
import HibikiSocketIO
import HibikiTransports
import Logging
import NIOCore
import NIOPosix
import Testing

/// A Socket.IO server, or an engine, on a front door, on a free port of 127.0.0.1.
struct MountedServer: Sendable {
    let url: HibikiURL

    /// Stops the server when `body` has returned, and then its front door.
    static func with(_ io: SocketIOServer, _ body: (MountedServer) async throws -> Void) async throws {
        try await self.with {
            io.mount(on: $0, now: { .now() })
        } body: {
            try await body($0)
            await io.close()
        }
    }

    static func with(_ engine: EngineServer, _ body: (MountedServer) async throws -> Void) async throws {
        try await self.with { _ in
            Mount([engine.route])
        } body: {
            try await body($0)
        }
    }

    private static func with(
        mount: (Hub) -> Mount, body: (MountedServer) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let log = MemoryEventLog(epoch: Epoch(7), retention: LogRetention())
        let hub = Hub(
            broker: LocalBroker(log: log), permissions: .development, eventLoops: Array(group.makeIterator()))
        try await hub.start()
        let door = FrontDoor(
            configuration: TransportConfiguration(), hub: hub, mounts: [mount(hub)],
            service: NoService(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let port = try #require(try await door.open(on: group, host: "127.0.0.1", port: 0)?.port)
        try await body(MountedServer(url: try HibikiURL("http://127.0.0.1:\(port)")))
        await door.shutDown(within: .zero)
        try await group.shutdownGracefully()
    }
}

/// A service that nobody should ask.
private struct NoService: HTTPService {
    func respond(to request: HTTPRequestMessage, with response: HTTPResponseWriter) async {}
}
