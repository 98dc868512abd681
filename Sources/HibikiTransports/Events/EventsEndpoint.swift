// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore

/// `GET /v1/events`: the log, read now, with a wait, or without end.
///
/// Documentation/protocol.md has the three as "Short polling", "Long polling" and "Server-Sent Events".
enum EventsEndpoint {
    static func serve(_ head: RequestHead, _ exchange: HTTPExchange, _ connection: Connection) {
        guard exchange.admits(head, policy: connection.loop.configuration.origins, needsOrigin: false) else { return }
        do throws(WireError) {
            let request = try EventsRequest(head, configuration: connection.loop.configuration.events)
            for topic in request.topics {
                guard connection.loop.hub.permissions.allows(.anonymous, .subscribe(topic)) else {
                    throw WireError(denied: .subscribe(topic))
                }
            }
            self.answer(request, exchange, connection)
        } catch {
            exchange.refuse(error)
        }
    }

    private static func answer(_ request: EventsRequest, _ exchange: HTTPExchange, _ connection: Connection) {
        switch request.style {
        case .shortPoll:
            var reader = PollReader(request, loop: connection.loop)
            reader.answer(exchange, atOnce: true)
        case .longPoll(let wait):
            var reader = PollReader(request, loop: connection.loop)
            guard !reader.answer(exchange, atOnce: false) else { return }
            LongPoll(reader, exchange, connection).begin(wait: wait)
        case .stream(let isEnvelope):
            let format = EventStreamFormat(
                isChunked: exchange.openFraming == .chunked, hasID: request.topics.count == 1, isEnvelope: isEnvelope
            )
            let stream = EventStreamRole(format: format, connection: connection)
            stream.begin(request, exchange)
        }
    }
}
