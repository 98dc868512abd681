// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import HibikiLogging
import HibikiMessaging
import HibikiServer
import HibikiTransports
import HibikiWebSocketCodec
import Logging
import NIOCore

struct EchoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo",
        abstract: "Run a bare WebSocket echo server.",
        discussion: """
            Every path is a WebSocket that sends back what it gets. For conformance suites and benchmarks:
              hibiki echo --port 9001 --max-message 16777216 --max-fragments 65537
            """
    )

    @Option(help: "Address to listen on.") var host = "127.0.0.1"
    @Option(help: "Port; 0 takes a free one.") var port = 9001
    @Option(help: "Event loops; 0 for one per core.") var threads = 0
    @Option(help: "Bytes of a message.") var maxMessage = 65_536
    @Option(help: "Fragments of a message.") var maxFragments = 1_024
    @Option(help: "Bytes that may wait for a reader.") var maxQueue = 1 << 20
    @Option(help: "Connections in all.") var maxConnections = 1_000_000
    @Option(help: "Connections from one address.") var maxConnectionsPerAddress = 1_000_000
    @Option(help: "Seconds for a request's head.") var headTimeout = 10.0
    @Option(help: "Seconds between pings.") var pingInterval = 30.0
    @Option(help: "Seconds for an answer to a ping.") var pongTimeout = 10.0
    @Option(help: "Seconds for the closing handshake.") var closeTimeout = 5.0
    @Flag(inversion: .prefixedNo, help: "permessage-deflate.") var compression = true
    @Flag(inversion: .prefixedNo, help: "Compression contexts kept between messages.") var contextTakeover = false
    @Option(help: "Pages that may connect beside the server's own, or *. Repeatable.") var allowedOrigin = ["*"]

    func validate() throws {
        let numbers = [
            self.maxMessage, self.maxFragments, self.maxQueue, self.maxConnections, self.maxConnectionsPerAddress,
        ]
        guard numbers.allSatisfy({ $0 > 0 }), (0...65_535).contains(self.port), self.threads >= 0 else {
            throw ValidationError("limits are above 0, the port is between 0 and 65535, and threads is not negative")
        }
        let times = [self.headTimeout, self.pingInterval, self.pongTimeout, self.closeTimeout]
        guard times.allSatisfy({ $0 > 0 && $0 < 86_400 }) else {
            throw ValidationError("times are seconds, above 0 and below a day")
        }
    }

    func run() async throws {
        FileDescriptorLimit.raise()
        var configuration = ServerConfiguration()
        configuration.hasBudgets = false
        configuration.host = self.host
        configuration.port = self.port
        configuration.threads = self.threads
        configuration.transport = self.transport
        let output = LogSettings().bootstrap(SharedLogLevel(.notice))
        defer { output.flush() }
        let logger = Logger(label: "hibiki.echo")
        let server = HibikiServer(configuration, endpoints: .echo, logger: logger) {
            StandardOutput.write("listening on \($0)\n")
        }
        try await Supervisor(server: server, manager: nil, reload: nil, output: output, logger: logger)
            .run(at: configuration)
    }

    private var transport: TransportConfiguration {
        var transport = TransportConfiguration()
        transport.webSocket.limits.messageBytes = self.maxMessage
        transport.webSocket.limits.fragments = self.maxFragments
        transport.webSocket.pingInterval = .nanoseconds(Int64(self.pingInterval * 1e9))
        transport.webSocket.pongTimeout = .nanoseconds(Int64(self.pongTimeout * 1e9))
        transport.webSocket.closeTimeout = .nanoseconds(Int64(self.closeTimeout * 1e9))
        transport.http.headTimeout = .nanoseconds(Int64(self.headTimeout * 1e9))
        transport.webSocket.compression?.allowsContextTakeover = self.contextTakeover
        if !self.compression {
            transport.webSocket.compression = nil
        }
        transport.outboundQueue = self.maxQueue
        transport.connections = self.maxConnections
        transport.connectionsPerAddress = self.maxConnectionsPerAddress
        transport.origins.allowed = Set(self.allowedOrigin)
        return transport
    }
}
