// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
public import NIOCore

/// The way in for an app that listens.
public enum Hibiki {
    /// The events of topics, over one of the transports, as one sequence that outlives its connections.
    ///
    /// ```swift
    /// for try await item in Hibiki.events(of: ["public/news"], via: .webSocket, at: url) {
    ///     if case .event(let event) = item { print(event.position ?? "", String(buffer: event.payload)) }
    /// }
    /// ```
    ///
    /// It connects again after a cut and goes on behind the last event received; an event that comes twice is given
    /// once; where the log no longer reaches back ``ReceivedEvent/gap(topics:)`` says so. It throws when the server
    /// refuses for good.
    public static func events(
        of topics: [String], since start: StartingPoint = .latest, via transport: Transport = .webSocket,
        at url: HibikiURL, _ configuration: HibikiEvents.Configuration = HibikiEvents.Configuration()
    ) -> HibikiEvents {
        HibikiEvents(
            topics: topics, start: start, transport: transport, dialer: Dialer(url), configuration: configuration)
    }
}

/// See ``Hibiki/events(of:since:via:at:_:)``.
///
/// Nothing runs but in the task that asks for the next item: a listener that is behind is not read for, and
/// cancelling its task ends the connection. Each iterator begins anew.
public struct HibikiEvents: AsyncSequence, Sendable {
    public typealias Element = ReceivedEvent

    public struct Configuration: Sendable {
        /// Sent with each request.
        public var headers: [(name: String, value: String)]
        /// Between two short polls; 5 s by default.
        public var pollInterval: Duration
        /// What a long poll asks for; 25 s by default, less than what proxies cut.
        public var longPollWait: Duration
        /// The silence of an event stream after which the server is taken for dead; 45 s by default.
        public var silenceLimit: TimeAmount
        public var reconnection: Reconnection

        public init(
            headers: [(name: String, value: String)] = [], pollInterval: Duration = .seconds(5),
            longPollWait: Duration = .seconds(25), silenceLimit: TimeAmount = .seconds(45),
            reconnection: Reconnection = Reconnection()
        ) {
            self.headers = headers
            self.pollInterval = pollInterval
            self.longPollWait = longPollWait
            self.silenceLimit = silenceLimit
            self.reconnection = reconnection
        }
    }

    let topics: [String]
    let start: StartingPoint
    let transport: Transport
    let dialer: Dialer
    let configuration: Configuration

    package init(
        topics: [String], start: StartingPoint, transport: Transport, dialer: Dialer, configuration: Configuration
    ) {
        self.topics = topics
        self.start = start
        self.transport = transport
        self.dialer = dialer
        self.configuration = configuration
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(self)
    }
}
