// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire

extension HibikiEvents {
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let events: HibikiEvents
        private let client: HTTPClient
        private var cursor: EventCursor
        private var feed: (any EventFeed)?
        private var backoff: Backoff
        /// Announced by ``ReceivedEvent/reconnecting(after:_:)`` and not yet waited for.
        private var delay: Duration?
        private var isFinished = false

        init(_ events: HibikiEvents) {
            self.events = events
            self.client = HTTPClient(events.dialer, headers: events.configuration.headers)
            self.cursor = EventCursor(events.topics, from: events.start)
            self.backoff = Backoff(events.configuration.reconnection)
        }

        public mutating func next() async throws -> ReceivedEvent? {
            guard !self.isFinished else { return nil }
            guard !self.cursor.topics.isEmpty else {
                throw HibikiClientError(.invalidRequest, "a listener needs a topic")
            }
            while true {
                do {
                    if let received = self.take(try await self.nextItem()) { return received }
                } catch let error as HibikiClientError where error.mayRetry {
                    return try self.retry(after: error)
                } catch {
                    self.finish()
                    throw error
                }
            }
        }

        private mutating func nextItem() async throws -> FeedItem {
            if let feed { return try await feed.next() }
            if let delay {
                self.delay = nil
                try await self.events.configuration.reconnection.sleep(delay)
            }
            let feed = try await self.open()
            self.feed = feed
            return try await feed.next()
        }

        private func open() async throws -> any EventFeed {
            let configuration = self.events.configuration
            let sleep = configuration.reconnection.sleep
            switch self.events.transport {
            case .webSocket:
                return try await SocketFeed.open(self.events.dialer, headers: configuration.headers, self.cursor)
            case .serverSentEvents:
                return try await StreamFeed.open(self.client, self.cursor, silenceLimit: configuration.silenceLimit)
            case .longPolling:
                let pace = PollFeed.Pace.long(wait: configuration.longPollWait)
                return PollFeed(PollClient(self.client), self.cursor, pace, sleep: sleep)
            case .shortPolling:
                let pace = PollFeed.Pace.short(every: configuration.pollInterval)
                return PollFeed(PollClient(self.client), self.cursor, pace, sleep: sleep)
            }
        }

        /// - Returns: `nil` for what the listener is not told.
        private mutating func take(_ item: FeedItem) -> ReceivedEvent? {
            self.backoff.succeeded()
            switch item {
            case .connected(let clientID, let lastEventID):
                if let lastEventID { self.cursor.advance(to: lastEventID) }
                return .connected(clientID: clientID)
            case .event(let event, let lastEventID):
                let isNew = self.cursor.accept(event)
                if let lastEventID { self.cursor.advance(to: lastEventID) }
                return isNew ? .event(event) : nil
            case .gap(let topics, let lastEventID):
                if let lastEventID {
                    self.cursor.lose(topics)
                    self.cursor.advance(to: lastEventID)
                }
                return .gap(topics: topics)
            case .position(let lastEventID):
                self.cursor.advance(to: lastEventID)
                return nil
            case .settled(let topic, let position, let isGap):
                self.cursor.settle(topic, at: position, isGap: isGap)
                return nil
            }
        }

        private mutating func retry(after error: HibikiClientError) throws -> ReceivedEvent {
            let minimum = Swift.max(self.feed?.returnDelay ?? .zero, error.retryAfter ?? .zero)
            self.feed = nil
            guard let delay = self.backoff.failed(minimum: minimum) else {
                self.finish()
                throw error
            }
            self.delay = delay
            return .reconnecting(after: delay, error)
        }

        private mutating func finish() {
            self.isFinished = true
            self.feed = nil
            self.client.close()
        }
    }
}
