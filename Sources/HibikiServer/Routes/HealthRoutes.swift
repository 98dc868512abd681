// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiMessaging
import HibikiTransports
import HibikiWire
import Hummingbird
import NIOCore

/// `/health` for people, `/livez` for supervisors.
struct HealthRoutes {
    let hub: Hub
    let connections: @Sendable () -> Int
    let started: ContinuousClock.Instant

    func add(to router: some RouterMethods<RouterContext>) {
        router.get("health") { _, _ in self.health() }
        router.get("livez") { _, _ in Response(status: .noContent) }
    }

    private func health() -> Response {
        let log = self.hub.broker.log.size
        var body = ByteBuffer()
        body.writeString(#"{"status":"ok","uptime":"#)
        body.writeJSONInteger(Int(self.started.duration(to: .now).components.seconds))
        body.writeString(#","connections":"#)
        body.writeJSONInteger(self.connections())
        body.writeString(#","rooms":"#)
        body.writeJSONInteger(self.hub.topicsWithMembers)
        body.writeString(#","log":{"topics":"#)
        body.writeJSONInteger(log.topics)
        body.writeString(#","events":"#)
        body.writeJSONInteger(log.publications)
        body.writeString(#","bytes":"#)
        body.writeJSONInteger(log.bytes)
        body.writeString(#"},"timestamp":"#)
        body.writeJSONInteger(Timestamp.now().milliseconds)
        body.writeString("}")
        return Response(
            status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: body)
        )
    }
}
