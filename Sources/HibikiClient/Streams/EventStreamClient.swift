// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWire
public import NIOCore

/// The events of any server's event stream, as `EventSource` gives them in a browser: after a cut it connects again and
/// says with `Last-Event-ID` what it has.
///
/// ```swift
/// let stream = try EventStreamClient(at: HibikiURL("http://127.0.0.1:8080"), "/v1/events?topic=public/news")
/// for try await event in stream { print(event.event, String(buffer: event.data)) }
/// ```
///
/// The sequence ends when the server answers 204, and throws when it refuses for good. Each iterator has a connection
/// of its own, made when the first event is asked for, read only as fast as events are taken, and closed when the task
/// is cancelled or the iterator is gone.
public struct EventStreamClient: AsyncSequence, Sendable {
    public typealias Element = ServerSentEvent

    public struct Configuration: Sendable {
        /// What the first request says; empty for none.
        public var lastEventID: String
        public var headers: [(name: String, value: String)]
        /// Bytes of one event; 1 MiB by default. Above it the sequence throws.
        public var eventBytes: Int
        /// The silence after which the server is taken for dead; 45 s by default, three times the interval of Hibiki's
        /// comments.
        public var silenceLimit: TimeAmount
        public var reconnection: Reconnection

        public init(
            lastEventID: String = "", headers: [(name: String, value: String)] = [], eventBytes: Int = 1 << 20,
            silenceLimit: TimeAmount = .seconds(45), reconnection: Reconnection = Reconnection()
        ) {
            self.lastEventID = lastEventID
            self.headers = headers
            self.eventBytes = eventBytes
            self.silenceLimit = silenceLimit
            self.reconnection = reconnection
        }
    }

    private let url: HibikiURL
    private let path: String
    private let configuration: Configuration

    /// - Parameter path: below `url`, with the query; it begins with a slash.
    public init(at url: HibikiURL, _ path: String, _ configuration: Configuration = Configuration()) {
        self.url = url
        self.path = path
        self.configuration = configuration
    }

    public func makeAsyncIterator() -> AsyncIterator {
        let client = HTTPClient(Dialer(self.url), headers: self.configuration.headers)
        return AsyncIterator(client: client, target: self.url.target(self.path), configuration: self.configuration)
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        private let client: HTTPClient
        private let target: String
        private let configuration: Configuration
        private var connection: EventStreamConnection?
        private var lastEventID: String
        private var reconnectionTime = Duration.zero
        private var backoff: Backoff
        private var isFinished = false

        init(client: HTTPClient, target: String, configuration: Configuration) {
            self.client = client
            self.target = target
            self.configuration = configuration
            self.lastEventID = configuration.lastEventID
            self.backoff = Backoff(configuration.reconnection)
        }

        public mutating func next() async throws -> ServerSentEvent? {
            while !self.isFinished {
                do {
                    guard let connection = try await self.connected() else { break }
                    let event = try await connection.next()
                    self.backoff.succeeded()
                    self.lastEventID = event.id
                    return event
                } catch let error as HibikiClientError where error.mayRetry {
                    try await self.wait(after: error)
                } catch {
                    self.finish()
                    throw error
                }
            }
            self.finish()
            return nil
        }

        private mutating func connected() async throws -> EventStreamConnection? {
            if let connection { return connection }
            self.connection = try await EventStreamConnection.open(
                self.client, target: self.target, lastEventID: self.lastEventID,
                eventBytes: self.configuration.eventBytes, silenceLimit: self.configuration.silenceLimit
            )
            return self.connection
        }

        private mutating func wait(after error: HibikiClientError) async throws {
            self.reconnectionTime = self.connection?.reconnectionTime ?? self.reconnectionTime
            self.connection = nil
            guard let delay = self.backoff.failed(minimum: self.reconnectionTime) else {
                self.finish()
                throw error
            }
            try await self.configuration.reconnection.sleep(delay)
        }

        private mutating func finish() {
            self.isFinished = true
            self.connection = nil
        }
    }
}
