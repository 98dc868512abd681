// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWire
import NIOCore
import NIOHTTP1

/// Asks for the events of topics, now or with a wait, over a connection that is kept between two polls.
///
/// ```swift
/// let client = PollClient(at: try HibikiURL("http://127.0.0.1:8080"))
/// var since = "earliest"
/// while true {
///     let answer = try await client.poll(["public/news"], since: since, wait: .seconds(25))
///     for event in answer.events { print(event.position) }
///     since = answer.lastEventID
/// }
/// ```
public struct PollClient: Sendable {
    private let client: HTTPClient

    public init(at url: HibikiURL, headers: [(name: String, value: String)] = []) {
        self.client = HTTPClient(Dialer(url), headers: headers)
    }

    init(_ client: HTTPClient) {
        self.client = client
    }

    /// How long a server waits at most, whatever it is asked.
    public static let longestWait = Duration.seconds(60)

    /// - Parameters:
    ///   - since: `earliest`, `latest`, or what ``PollAnswer/lastEventID`` or the position of an event said. `nil` is
    ///     `earliest` without a wait and `latest` with one.
    ///   - wait: `nil` answers at once; otherwise the answer comes with the first event, or without one after that
    ///     time, in whole seconds and at most ``longestWait``.
    ///   - limit: events of one answer, 1 to 1,000; the rest comes with the next.
    /// - Throws: ``HibikiClientError``, and `CancellationError`, which ends the connection.
    public func poll(
        _ topics: [String], since: String? = nil, wait: Duration? = nil, limit: Int? = nil
    ) async throws -> PollAnswer {
        try await self.ask(topics, since: since, wait: wait, limit: limit).answer
    }

    /// - Returns: the answer, and how long to wait before the next poll, where the server asks for that because it is about to
    ///   stop.
    func ask(
        _ topics: [String], since: String?, wait: Duration?, limit: Int?
    ) async throws -> (answer: PollAnswer, retryAfter: Duration?) {
        guard !topics.isEmpty else { throw HibikiClientError(.invalidRequest, "a poll needs a topic") }
        let seconds = wait.map { min(max($0, .zero), Self.longestWait).components.seconds }
        var query = Query()
        for topic in topics { query.add("topic", topic) }
        if let since { query.add("since", since) }
        if let seconds { query.add("wait", String(seconds)) }
        if let limit { query.add("limit", String(limit)) }
        let request = HTTPRequest(
            .GET, self.client.dialer.url.target("/v1/events") + query.text,
            headers: [(name: "Accept", value: "application/json")], headLimit: .seconds(10 + (seconds ?? 0))
        )
        let answer = try await self.client.answer(to: request)
        return (try Self.read(answer), answer.head.retryAfter)
    }

    /// Closes the connection that is kept. The next poll opens another.
    public func close() {
        self.client.close()
    }

    private static func read(_ answer: HTTPAnswer) throws(HibikiClientError) -> PollAnswer {
        if answer.head.status == .noContent {
            guard let lastEventID = answer.head.headers.first(name: "Last-Event-ID") else {
                throw .invalidAnswer("an answer of 204 without Last-Event-ID")
            }
            return PollAnswer(events: [], lastEventID: lastEventID)
        }
        guard answer.body.isValidUTF8 else { throw .invalidAnswer("the answer is not UTF-8") }
        do throws(WireError) {
            return try PollAnswer(parsing: answer.body)
        } catch {
            throw .invalidAnswer(error)
        }
    }
}
