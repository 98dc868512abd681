// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiMessaging
import HibikiTransports
import HibikiWire
import Hummingbird
import NIOCore

/// `/health` for people, `/livez` for supervisors, `/readyz` for whoever sends traffic.
struct HealthRoutes {
    let hub: Hub
    let connections: @Sendable () -> Int
    let started: ContinuousClock.Instant
    /// Above so many connections the server calls itself degraded.
    let healthyConnections: @Sendable () -> Int
    let readiness: Readiness

    func add(to router: some RouterMethods<RouterContext>) {
        router.get("health") { _, _ in self.health() }
        router.get("livez") { _, _ in Response(status: .noContent) }
        router.get("readyz") { _, _ in await self.ready() }
    }

    private func health() -> Response {
        let log = self.hub.broker.log.size
        let connections = self.connections()
        let isDegraded = connections > self.healthyConnections()
        var body = ByteBuffer()
        body.writeString(isDegraded ? #"{"status":"degraded","uptime":"# : #"{"status":"ok","uptime":"#)
        body.writeJSONInteger(Int(self.started.duration(to: .now).components.seconds))
        body.writeString(#","connections":"#)
        body.writeJSONInteger(connections)
        body.writeString(#","rooms":"#)
        body.writeJSONInteger(self.hub.topicsWithMembers)
        self.writeMemory(to: &body)
        body.writeString(#","log":{"topics":"#)
        body.writeJSONInteger(log.topics)
        body.writeString(#","events":"#)
        body.writeJSONInteger(log.publications)
        body.writeString(#","bytes":"#)
        body.writeJSONInteger(log.bytes)
        body.writeString(#"},"timestamp":"#)
        body.writeJSONInteger(Timestamp.now().milliseconds)
        body.writeString("}")
        return Self.json(body, status: isDegraded ? .serviceUnavailable : .ok)
    }

    /// In bytes; `{}` where the system does not say.
    private func writeMemory(to body: inout ByteBuffer) {
        body.writeString(#","memory":{"#)
        if let bytes = ProcessFigures.residentBytes {
            body.writeString(#""rss":"#)
            body.writeJSONInteger(bytes)
        }
        body.writeString("}")
    }

    private func ready() async -> Response {
        let results = await self.readiness.results()
        let isReady = results.allSatisfy(\.passes)
        var body = ByteBuffer()
        body.writeString(isReady ? #"{"status":"ready","checks":{"# : #"{"status":"not ready","checks":{"#)
        for (index, result) in results.enumerated() {
            if index > 0 { body.writeString(",") }
            body.writeJSONString(result.name)
            body.writeString(result.passes ? ":true" : ":false")
        }
        body.writeString("}}")
        return Self.json(body, status: isReady ? .ok : .serviceUnavailable)
    }

    private static func json(_ body: ByteBuffer, status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: body)
        )
    }
}
