// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire

/// Events over polls: short ones with a pause in between, or long ones one after the other.
final class PollFeed: EventFeed {
    enum Pace {
        case short(every: Duration)
        case long(wait: Duration)
    }

    private let client: PollClient
    private let topics: [String]
    private let pace: Pace
    private let sleep: @Sendable (Duration) async throws -> Void
    private var since: String
    private var items: ArraySlice<FeedItem> = []
    private var isFirst = true
    private var isDue = true
    /// How long a server that is about to stop has asked to be left alone.
    private var pause: Duration?

    /// A long poll returns at once when it has events, and then at most this many: what is held is bounded.
    private static let eventsPerPoll = 1_000

    init(
        _ client: PollClient, _ cursor: EventCursor, _ pace: Pace,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.client = client
        self.topics = cursor.topics
        self.since = cursor.sinceAll
        self.pace = pace
        self.sleep = sleep
    }

    let returnDelay = Duration.zero

    func next() async throws -> FeedItem {
        while true {
            if let item = self.items.popFirst() { return item }
            try await self.poll()
        }
    }

    private func poll() async throws {
        if case .short(let interval) = self.pace, !self.isDue { try await self.sleep(interval) }
        if let pause = self.pause.take() { try await self.sleep(pause) }
        let (answer, retryAfter) = try await self.client.ask(
            self.topics, since: self.since, wait: self.wait, limit: Self.eventsPerPoll
        )
        self.pause = retryAfter
        self.since = answer.lastEventID
        self.isDue = answer.events.count >= Self.eventsPerPoll
        var items: [FeedItem] = []
        if self.isFirst { items.append(.connected(clientID: nil, lastEventID: nil)) }
        self.isFirst = false
        if answer.gap { items.append(.gap(self.topics, lastEventID: answer.lastEventID)) }
        items += answer.events.map { .event($0, lastEventID: nil) }
        items.append(.position(lastEventID: answer.lastEventID))
        self.items = items[...]
    }

    /// The first poll asks without a wait: it settles where `latest` is, and tells at once whether all is well.
    private var wait: Duration? {
        guard case .long(let wait) = self.pace, !self.isFirst else { return nil }
        return wait
    }
}
