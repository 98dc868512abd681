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
        exchange.authenticate(head, on: connection) { principal in
            self.serve(head, exchange, connection, principal)
        }
    }

    private static func serve(
        _ head: RequestHead, _ exchange: HTTPExchange, _ connection: Connection, _ principal: Principal
    ) {
        do throws(WireError) {
            let request = try EventsRequest(head, configuration: connection.loop.configuration.events)
            guard exchange.spend(request.cost, by: principal) else { return }
            exchange.authorize(request.topics.map(Action.subscribe), by: principal, on: connection) {
                self.answer(request.replaying(for: principal, on: connection), exchange, connection, principal)
            }
        } catch {
            exchange.refuse(error)
        }
    }

    private static func answer(
        _ request: EventsRequest, _ exchange: HTTPExchange, _ connection: Connection, _ principal: Principal
    ) {
        if case .stream = request.style {
            // Is told of where it begins and ends.
        } else if !principal.isAnonymous {
            let loop = connection.loop
            loop.hub.access.doorkeeper?.saw(.requests, of: principal, at: loop.timestamp)
        }
        switch request.style {
        case .shortPoll:
            var reader = PollReader(request, loop: connection.loop)
            reader.answer(exchange, atOnce: true)
        case .longPoll(let wait):
            var reader = PollReader(request, loop: connection.loop)
            guard !reader.answer(exchange, atOnce: false) else { return }
            let left = principal.expiry.map { TimeAmount(min($0.since(connection.loop.timestamp), .seconds(86_400))) }
            LongPoll(reader, exchange, connection, principal).begin(wait: min(wait, left ?? wait))
        case .stream(let isEnvelope):
            let format = EventStreamFormat(
                isChunked: exchange.openFraming == .chunked, hasID: request.topics.count == 1, isEnvelope: isEnvelope
            )
            let stream = EventStreamRole(format: format, connection: connection)
            stream.begin(request, exchange, principal)
        }
    }
}

extension EventsRequest {
    /// A stream is a session that follows topics, and a poll is a message.
    fileprivate var cost: Spending {
        switch self.style {
        case .stream: Spending(joins: self.topics.count, connects: 1)
        case .shortPoll, .longPoll: Spending(messages: 1)
        }
    }

    /// The request without what came before in topics whose history the principal may not read: there is a gap in its place.
    fileprivate func replaying(for principal: Principal, on connection: Connection) -> EventsRequest {
        var request = self
        let access = connection.loop.hub.access
        request.withheld = Set(
            self.topics.filter {
                access.verdict(on: .history($0), by: principal, at: connection.loop.timestamp) == .denied
            })
        return request
    }
}
