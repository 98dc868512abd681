// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import NIOHTTP1

/// One event stream, from one request to its end (HTML standard, "Server-sent events").
final class EventStreamConnection {
    private let connection: HTTPConnection
    private var parser: ServerSentEventParser
    private var events: ArraySlice<ServerSentEvent> = []

    private init(_ connection: HTTPConnection, _ parser: ServerSentEventParser) {
        self.connection = connection
        self.parser = parser
    }

    deinit {
        self.connection.close()
    }

    /// - Parameters:
    ///   - silenceLimit: how long the stream may say nothing, not even a comment.
    /// - Returns: `nil` for an answer of 204, which asks not to come back.
    static func open(
        _ client: HTTPClient, target: String, lastEventID: String, eventBytes: Int, silenceLimit: TimeAmount
    ) async throws -> EventStreamConnection? {
        var headers = [(name: "Accept", value: "text/event-stream"), (name: "Cache-Control", value: "no-cache")]
        if !lastEventID.isEmpty { headers.append((name: "Last-Event-ID", value: lastEventID)) }
        let (head, connection) = try await client.stream(
            HTTPRequest(.GET, target, headers: headers, silenceLimit: silenceLimit)
        )
        guard head.status != .noContent else { return nil }
        let type = head.headers.first(name: "Content-Type") ?? "none"
        guard head.status == .ok, type.lowercased().hasPrefix("text/event-stream") else {
            throw HibikiClientError.invalidAnswer(
                "the answer is no event stream (status \(head.status.code), Content-Type \(type))"
            )
        }
        return EventStreamConnection(connection, ServerSentEventParser(lastEventID: lastEventID, limit: eventBytes))
    }

    /// What to send as `Last-Event-ID` if the stream ends now: the id of the last event given, not of the last that
    /// came.
    private(set) var lastEventID: String?

    var reconnectionTime: Duration? {
        self.parser.reconnectionTime.map { .milliseconds(min($0, 86_400_000)) }
    }

    /// - Throws: ``HibikiClientError/Code/connectionLost`` at the end of the stream too: a stream has no other end.
    func next() async throws -> ServerSentEvent {
        while true {
            if let event = self.events.popFirst() {
                self.lastEventID = event.id
                return event
            }
            guard let bytes = try await self.connection.bytes() else {
                throw HibikiClientError.lost("the server ended the event stream")
            }
            do throws(ServerSentEventTooLarge) {
                self.events = try self.parser.parse(bytes)[...]
            } catch {
                throw HibikiClientError(.tooLarge, "an event of the stream is above \(error.limit) bytes")
            }
        }
    }
}

@available(*, unavailable)
extension EventStreamConnection: Sendable {}
