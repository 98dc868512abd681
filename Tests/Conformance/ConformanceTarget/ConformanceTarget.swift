// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import HibikiServer
import HibikiSocketIO
import HibikiSocketIOCodec
import HibikiTransports
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// A small program with the handlers that foreign suites expect of a Socket.IO server. It is an example, too: everything that an
/// application would write stands in `Handlers.swift`.
@main
struct ConformanceTarget: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A Socket.IO server, and a bare Engine.IO one that echoes, for conformance suites and benchmarks."
    )

    @Option(help: "0 takes a free one.") var port = 0
    @Option(help: "Event loops; 0 for one per core.") var threads = 0
    @Option(help: "Of the Socket.IO server; the Engine.IO one is at /engine.io/.") var path = "/socket.io"
    @Option var pingIntervalMs = 25_000
    @Option var pingTimeoutMs = 20_000
    @Option var upgradeTimeoutMs = 10_000
    @Option var connectTimeoutMs = 45_000
    @Option(help: "Bytes of a message or a polling body.") var maxPayload = 1_000_000
    @Option(help: "Transports, separated by commas.") var transports = "polling,websocket"
    @Option(help: "json or msgpack.") var parser = "json"
    @Option(help: "An origin whose pages may use the server.") var corsOrigin: String?
    @Flag(help: "Pages of any origin may use the server, without cookies.") var anyOrigin = false
    @Flag(help: "Connection state recovery.") var recovery = false
    @Flag(name: .customLong("allow-eio3"), help: "Clients of Socket.IO 2.") var allowVersion3 = false
    @Flag(help: "A cookie with the session's id.") var cookie = false
    @Flag(help: "No change from polling to WebSocket.") var noUpgrades = false

    func run() async throws {
        let logger = Logger(label: "conformance")
        var configuration = ServerConfiguration()
        configuration.port = self.port
        configuration.threads = self.threads
        configuration.hasDemo = false
        configuration.drain = .seconds(2)
        configuration.transport.origins.allowed = self.anyOrigin ? ["*"] : []
        // Hundreds of raw connections come from one address.
        configuration.transport.connectionsPerAddress = 100_000
        configuration.hasBudgets = false

        let io = SocketIOServer(configuration: self.socketIO())
        Handlers.install(on: io, recovers: self.recovery)
        let echo = EngineEcho.mount(self.engine())
        let server = HibikiServer(configuration, socketIO: io, mounts: [echo], logger: logger) { address in
            print(address)
            flushOutput()
        }
        let group = ServiceGroup(services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        try await group.run()
    }

    private func engine() -> EngineConfiguration {
        var engine = EngineConfiguration()
        engine.pingInterval = .milliseconds(Int64(self.pingIntervalMs))
        engine.pingTimeout = .milliseconds(Int64(self.pingTimeoutMs))
        engine.upgradeTimeout = .milliseconds(Int64(self.upgradeTimeoutMs))
        engine.maxPayload = self.maxPayload
        engine.allowsVersion3 = self.allowVersion3
        engine.allowsUpgrades = !self.noUpgrades
        engine.transports = Set(
            self.transports.split(separator: ",").compactMap { EngineTransport(rawValue: String($0)) })
        engine.cookie = self.cookie ? EngineConfiguration.Cookie() : nil
        engine.cors = self.corsOrigin.map {
            var cors = CORS(origins: .only([$0]))
            // As the original, which the suites were written for.
            cors.refusesOthers = false
            return cors
        }
        engine.hooks.allowRequest = { request in
            if request.query.contains(where: { $0.name == "forbid" }) { throw EngineRefusal.forbidden() }
        }
        return engine
    }

    private func socketIO() -> SocketIOServer.Configuration {
        var socketIO = SocketIOServer.Configuration()
        socketIO.path = self.path
        socketIO.connectTimeout = .milliseconds(Int64(self.connectTimeoutMs))
        socketIO.parser = self.parser == "msgpack" ? .messagePack : .json
        socketIO.connectionStateRecovery = self.recovery ? SocketIOServer.ConnectionStateRecovery() : nil
        // As the original; the default is more.
        socketIO.packets.attachments = 10
        socketIO.engine = self.engine()
        return socketIO
    }
}
