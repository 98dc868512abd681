// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
import HibikiWire
import NIOCore

/// Events over a WebSocket.
final class SocketFeed: EventFeed {
    private let connection: WebSocketConnection
    private let topics: [String]
    private var messages: WebSocketConnection.Messages.AsyncIterator
    private var clientID: String?
    private var unanswered: Int
    private var items: ArraySlice<FeedItem> = []
    private(set) var returnDelay = Duration.zero

    private static let subprotocol = "hibiki.json"
    /// An event has its envelope around a payload that may have come over HTTP.
    private static let messageBytes = 1 << 20

    private init(_ connection: WebSocketConnection, _ topics: [String]) {
        self.connection = connection
        self.topics = topics
        self.messages = connection.messages.makeAsyncIterator()
        self.unanswered = topics.count
    }

    static func open(
        _ dialer: Dialer, headers: [(name: String, value: String)], _ cursor: EventCursor
    ) async throws -> SocketFeed {
        let configuration = WebSocketClient.Configuration(
            subprotocols: [Self.subprotocol], limits: WebSocketLimits(messageBytes: Self.messageBytes),
            headers: headers,
            connectLimit: dialer.limit
        )
        let connection = try await WebSocketClient.connect(dialer, target: dialer.url.target("/ws"), configuration)
        let feed = SocketFeed(connection, cursor.topics)
        try await feed.subscribe(cursor)
        return feed
    }

    private func subscribe(_ cursor: EventCursor) async throws {
        do {
            for (index, topic) in self.topics.enumerated() {
                var message = ByteBuffer()
                message.writeSubscribe(topic: topic, since: cursor.since(topic), id: .number(Int64(index)))
                try await self.connection.send(.text(message))
            }
        } catch let error as HibikiClientError where error.code == .closed {
            throw try await self.ending()
        }
    }

    func next() async throws -> FeedItem {
        while true {
            if let item = self.items.popFirst() { return item }
            guard let message = try await self.messages.next() else { throw try await self.ending() }
            guard case .text(let text) = message else { continue }
            try self.receive(try Self.parse(text))
        }
    }

    private static func parse(_ text: ByteBuffer) throws(HibikiClientError) -> ServerMessage {
        do throws(WireError) {
            return try ServerMessage(parsing: text)
        } catch {
            throw .invalidAnswer(error)
        }
    }

    private func receive(_ message: ServerMessage) throws(HibikiClientError) {
        switch message {
        case .welcome(let clientID, _):
            self.clientID = clientID
        case .event(let event):
            self.items = [.event(event, lastEventID: nil)]
        case .reply(let reply):
            self.subscribed(reply)
        case .gap(let topic, let position):
            self.items = [.settled(topic: topic, position: position, isGap: true), .gap([topic], lastEventID: nil)]
        case .error(let error, let retry):
            throw HibikiClientError(.refused, error.message, mayRetry: retry, serverCode: error.code)
        case .unsubscribed(let topic):
            throw .unsubscribed(from: topic)
        case .shutdown(_, let delay):
            self.returnDelay = .milliseconds(min(max(delay, 0), 86_400_000))
        case .presence, .pong, .broadcast, .direct, .tokenExpiring, .unknown:
            break
        }
    }

    private func subscribed(_ reply: ServerReply) {
        guard case .number(let number) = reply.id, let index = Int(exactly: number),
            self.topics.indices.contains(index),
            let position = reply.position
        else { return }
        let topic = self.topics[index]
        var items: [FeedItem] = [.settled(topic: topic, position: position, isGap: reply.gap)]
        if reply.gap { items.append(.gap([topic], lastEventID: nil)) }
        self.unanswered -= 1
        if self.unanswered == 0 { items.insert(.connected(clientID: self.clientID, lastEventID: nil), at: 0) }
        self.items = items[...]
    }

    private func ending() async throws -> HibikiClientError {
        let closure = try await self.connection.closure
        let reason = closure.reason.isEmpty ? "" : ", \(closure.reason)"
        return HibikiClientError(
            .closed, "the server closed the WebSocket (\(closure.code.rawValue)\(reason))",
            mayRetry: closure.invitesReturn
        )
    }
}
