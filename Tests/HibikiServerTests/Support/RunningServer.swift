// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiServer
import HibikiSocketIO
import Logging
import NIOCore
import Tracing

/// A whole server on a free port.
struct RunningServer: Sendable {
    let port: Int

    static func with<Result: Sendable>(
        _ configuration: ServerConfiguration = .test(), socketIO: SocketIOServer? = nil,
        tracer: (any Tracer)? = nil, prepare: (HibikiServer) -> Void = { _ in },
        _ body: (RunningServer) async throws -> Result
    ) async throws -> Result {
        let (addresses, announcement) = AsyncStream.makeStream(of: String.self)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = HibikiServer(configuration, socketIO: socketIO, tracer: tracer, logger: logger) {
            announcement.yield($0)
        }
        prepare(server)
        let running = Task { try await server.run() }
        defer { running.cancel() }
        var iterator = addresses.makeAsyncIterator()
        guard let address = await iterator.next(), let port = address.split(separator: ":").last.flatMap({ Int($0) })
        else {
            throw NoAnswer()
        }
        let result = try await body(RunningServer(port: port))
        running.cancel()
        try await running.value
        return result
    }

    func request(
        _ method: String, _ target: String, _ fields: [String] = [], body: String? = nil
    ) async throws -> HTTPAnswer {
        var lines = ["\(method) \(target) HTTP/1.1", "Host: 127.0.0.1:\(self.port)", "Connection: close"] + fields
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        return try await exchange(port: self.port, lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
    }

    func get(_ target: String, _ fields: String...) async throws -> HTTPAnswer {
        try await self.request("GET", target, fields)
    }

    func publish(_ json: String) async throws -> HTTPAnswer {
        try await self.request("POST", "/v1/events", ["Content-Type: application/json"], body: json)
    }
}

extension ServerConfiguration {
    /// On a free port, without budgets, and waiting for nobody at its end.
    static func test(_ change: (inout ServerConfiguration) -> Void = { _ in }) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.port = 0
        configuration.threads = 2
        configuration.drain = .zero
        configuration.hasBudgets = false
        change(&configuration)
        return configuration
    }
}

extension String {
    /// The text with every epoch replaced, since it is another in each run.
    var withoutEpochs: String {
        self.replacing(#/[0-9a-f]{8}-/#, with: "E-")
    }
}
