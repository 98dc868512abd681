// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Testing

@testable import HibikiTransports

/// A front door on a free port of 127.0.0.1, with event loops and time of their own.
struct RealServer: Sendable {
    let door: FrontDoor
    let hub: Hub
    let port: Int

    static func with<Result>(
        _ configuration: TransportConfiguration = TransportConfiguration(),
        access: AccessControl = AccessControl(permissions: .development),
        slowReaders: SlowReaderRules = SlowReaderRules(),
        retention: LogRetention = LogRetention(), endpoints: FrontDoor.Endpoints = .standard,
        mounts: [Mount] = [], service: any HTTPService = EchoingService(), threads: Int = 2,
        tls: TLSCredentials? = nil, _ body: (RealServer) async throws -> Result
    ) async throws -> Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let hub = Hub(
            broker: LocalBroker(log: MemoryEventLog(epoch: Epoch(7), retention: retention)), access: access,
            slowReaders: slowReaders, eventLoops: Array(group.makeIterator())
        )
        try await hub.start()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let door = FrontDoor(
            configuration: configuration, hub: hub, endpoints: endpoints, mounts: mounts, service: service,
            logger: logger)
        let port = try #require(try await door.open(on: group, host: "127.0.0.1", port: 0, tls: tls)?.port)
        let result = try await body(RealServer(door: door, hub: hub, port: port))
        await door.shutDown(within: .zero)
        try await group.shutdownGracefully()
        return result
    }

    func connect(receiveBuffer: CInt? = nil, tls: NIOSSLContext? = nil) async throws -> RawClient {
        try await RawClient.connect(to: self.port, receiveBuffer: receiveBuffer, tls: tls)
    }

    func publish(_ payload: String, to topic: String = "public/a") async throws {
        _ = try await self.hub.publish(
            Draft(topic: try Topic(topic), event: "message", payload: ByteBuffer(string: payload)), at: .now())
    }
}

/// Answers every request with its method, its target and its body; some targets ask for something else.
struct EchoingService: HTTPService {
    func respond(to request: HTTPRequestMessage, with response: HTTPResponseWriter) async {
        let text = "\(request.method) \(request.target) \(String(buffer: request.body))"
        switch request.target {
        case "/silence":
            return
        case "/parts":
            try? await response.begin(status: 200, fields: [], length: nil)
            for part in ["one ", "", "two"] { try? await response.write(ByteBuffer(string: part)) }
            try? await response.end()
        case "/broken":
            try? await response.begin(status: 200, fields: [], length: 100)
            try? await response.write(ByteBuffer(string: "half"))
        default:
            try? await response.respond(status: 200, fields: [], body: ByteBuffer(string: text))
        }
    }
}

/// Waits for a condition that no event announces.
func until(_ condition: () async throws -> Bool) async throws {
    while try await !condition() {
        try await Task.sleep(for: .milliseconds(5))
    }
}
