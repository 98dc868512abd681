// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore

/// What a `GET /v1/events` asks for.
struct EventsRequest {
    enum Style: Equatable {
        case shortPoll
        case longPoll(wait: TimeAmount)
        case stream(isEnvelope: Bool)
    }

    let topics: [Topic]
    /// `nil` if the request does not say where to begin.
    let since: Since?
    let style: Style
    let limit: Int
    /// Topics of which nothing is to be read that came before.
    var withheld: Set<Topic> = []

    init(_ head: RequestHead, configuration: TransportConfiguration.Events) throws(WireError) {
        var query = Query()
        for pair in head.query.utf8.split(separator: UInt8(ascii: "&"), maxSplits: 1_000) {
            try query.read(pair, configuration)
        }
        guard !query.topics.isEmpty else {
            throw WireError(.invalidTopic, "name at least one topic, as in /v1/events?topic=public/news")
        }
        self.topics = query.topics
        self.limit = query.limit ?? configuration.eventsOfPoll
        let isStream = head.list("accept", contains: "text/event-stream")
        if isStream {
            self.style = .stream(isEnvelope: query.isEnvelope)
        } else if let wait = query.wait, wait > .zero {
            self.style = .longPoll(wait: min(wait, configuration.longestWait))
        } else {
            self.style = .shortPoll
        }
        // After a cut EventSource sends the header by itself, and its address still has the old `since`.
        let header = isStream ? head.first("last-event-id").flatMap { $0.isEmpty ? nil : $0 } : nil
        self.since = (header ?? query.since).map(Since.init)
    }

    func start(for topic: Topic) -> LogStart {
        let start =
            self.since?.start(for: topic, alone: self.topics.count == 1)
            ?? (self.style == .shortPoll ? .earliest : .latest)
        return start != .latest && self.withheld.contains(topic) ? .gone : start
    }
}

private struct Query {
    var topics: [Topic] = []
    var since: String?
    var wait: TimeAmount?
    var limit: Int?
    var isEnvelope = false

    mutating func read(
        _ pair: Substring.UTF8View.SubSequence, _ configuration: TransportConfiguration.Events
    ) throws(WireError) {
        let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first.flatMap({ PercentEncoding.decode($0, plusIsSpace: true) }),
            let value = PercentEncoding.decode(parts.count > 1 ? parts[1] : "".utf8[...], plusIsSpace: true)
        else { throw WireError(.invalidMessage, "the query is not percent-encoded UTF-8") }
        switch name {
        case "topic":
            let topic = try Topic(value)
            guard !self.topics.contains(topic) else { return }
            guard self.topics.count < configuration.topics else {
                throw WireError(.limitExceeded, "a request may name \(configuration.topics) topics")
            }
            self.topics.append(topic)
        case "since", "last_event_id", "lastEventId":
            self.since = value
        case "wait":
            guard let seconds = Double(value), seconds >= 0, seconds <= 86_400 else {
                throw WireError(.invalidMessage, "wait: expected a number of seconds")
            }
            self.wait = .nanoseconds(Int64(seconds * 1e9))
        case "limit":
            guard let limit = Int(value), (1...configuration.eventsOfPoll) ~= limit else {
                throw WireError(.invalidMessage, "limit: expected a number from 1 to \(configuration.eventsOfPoll)")
            }
            self.limit = limit
        case "envelope":
            self.isEnvelope = value == "1" || value == "true"
        default:
            break
        }
    }
}
