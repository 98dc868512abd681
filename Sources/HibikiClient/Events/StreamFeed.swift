// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore

/// Events over Server-Sent Events.
final class StreamFeed: EventFeed {
    private let connection: EventStreamConnection
    private var shutdownDelay: Duration?

    private init(_ connection: EventStreamConnection) {
        self.connection = connection
    }

    static func open(_ client: HTTPClient, _ cursor: EventCursor, silenceLimit: TimeAmount) async throws -> StreamFeed {
        var query = Query()
        for topic in cursor.topics { query.add("topic", topic) }
        query.add("since", cursor.sinceAll)
        query.add("envelope", "1")
        let connection = try await EventStreamConnection.open(
            client, target: client.dialer.url.target("/v1/events") + query.text, lastEventID: "",
            eventBytes: 1 << 20, silenceLimit: silenceLimit
        )
        guard let connection else {
            throw HibikiClientError.invalidAnswer("the server ended the event stream for good")
        }
        return StreamFeed(connection)
    }

    var returnDelay: Duration {
        self.shutdownDelay ?? self.connection.reconnectionTime ?? .zero
    }

    func next() async throws -> FeedItem {
        while true {
            let event = try await self.connection.next()
            guard event.data.isValidUTF8 else { throw HibikiClientError.invalidAnswer("the event stream is not UTF-8") }
            switch event.event {
            case "event": return .event(try Self.envelope(event.data), lastEventID: event.id)
            case "connected":
                return .connected(clientID: try Self.notice(event.data).clientID, lastEventID: event.id)
            case "gap": return .gap(try Self.notice(event.data).topics, lastEventID: event.id)
            case "unsubscribed": throw HibikiClientError.unsubscribed(from: try Self.notice(event.data).topic)
            case "server:disconnect":
                let notice = try Self.notice(event.data)
                throw HibikiClientError(
                    .refused, notice.message, mayRetry: notice.mayReturn, serverCode: .disconnected)
            case "server:shutdown": self.shutdownDelay = try Self.notice(event.data).reconnectDelay
            default: continue
            }
        }
    }

    private static func notice(_ data: ByteBuffer) throws(HibikiClientError) -> ServerNotice {
        do throws(WireError) {
            return try ServerNotice(parsing: data)
        } catch {
            throw .invalidAnswer(error)
        }
    }

    private static func envelope(_ data: ByteBuffer) throws(HibikiClientError) -> EventFields {
        do throws(WireError) {
            return try Self.event(data)
        } catch {
            throw .invalidAnswer(error)
        }
    }

    private static func event(_ data: ByteBuffer) throws(WireError) -> EventFields {
        var list = ByteBuffer(string: "[")
        list.writeImmutableBuffer(data)
        list.writeStaticString("]")
        guard let event = try EventFields.list(parsing: list).first else {
            throw WireError(.invalidMessage, "an envelope without an event")
        }
        return event
    }
}
