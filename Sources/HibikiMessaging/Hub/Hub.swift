// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWire
public import NIOCore
import Synchronization

/// Takes every publication to everybody who listens on this node.
///
/// Members live with the event loop that drives their connection (``LoopHub``). A publish gets its position from the
/// broker and posts one job to each loop that has members of the topic.
public final class Hub: Sendable {
    /// The most event loops that a hub spreads over.
    public static let maximumLoops = 64

    public let broker: any Broker
    public let access: AccessControl
    /// What clients may do in a time.
    public let budgets: Budgets
    /// What the server can do beside handing on publications.
    public let features = Features()
    private let slowReaders: SlowReaderRules
    package let payloadBytes: Int
    private let inboxes: [LoopInbox]
    let routes = TopicRoutes()

    /// - Parameters:
    ///   - budgets: what clients may do in a time. By default as much as they like.
    ///   - payloadBytes: the largest payload. What one client may publish, all others have to be able to receive.
    ///   - eventLoops: those that drive connections; at most ``maximumLoops`` of them are used.
    public init(
        broker: any Broker, access: AccessControl, budgets: Budgets = Budgets(),
        slowReaders: SlowReaderRules = SlowReaderRules(), payloadBytes: Int = 65_536, eventLoops: [any EventLoop]
    ) {
        self.broker = broker
        self.access = access
        self.budgets = budgets
        self.slowReaders = slowReaders
        self.payloadBytes = payloadBytes
        self.inboxes = eventLoops.prefix(Self.maximumLoops).map(LoopInbox.init)
    }

    /// The same for a hub that takes no tokens.
    public convenience init(
        broker: any Broker, permissions: Permissions, slowReaders: SlowReaderRules = SlowReaderRules(),
        payloadBytes: Int = 65_536, eventLoops: [any EventLoop]
    ) {
        self.init(
            broker: broker, access: AccessControl(permissions: permissions), slowReaders: slowReaders,
            payloadBytes: payloadBytes, eventLoops: eventLoops)
    }

    /// Joins the broker. To be awaited before the first connection is accepted.
    public func start() async throws {
        try await self.broker.start(self)
    }

    /// The hub's part on the event loop that this is called on; `nil` if the hub does not know that loop. To be made once a loop.
    public func makeLoopHub(on eventLoop: any EventLoop) -> LoopHub? {
        guard let number = self.inboxes.firstIndex(where: { $0.eventLoop === eventLoop }) else { return nil }
        let loopHub = LoopHub(hub: self, inbox: self.inboxes[number], number: number)
        self.inboxes[number].attach(loopHub)
        return loopHub
    }

    // MARK: Publishing

    /// Throws what would keep a draft from being published, whoever does it: its payload is too large.
    public func check(_ draft: Draft) throws(WireError) {
        guard draft.payload.readableBytes <= self.payloadBytes else {
            throw WireError(.tooLarge, "a payload has at most \(self.payloadBytes) bytes")
        }
    }

    /// Throws what would keep a draft from being published by somebody: that one may not, or its payload is too large.
    public func authorize(_ draft: Draft, by principal: Principal, at now: Timestamp) async throws(WireError) {
        try await self.access.authorize(.publish(draft.topic), by: principal, at: now)
        try self.check(draft)
    }

    /// - Parameter completion: called once, perhaps before the call returns, and on any thread.
    public func publish(
        _ draft: Draft, at now: Timestamp, completion: @escaping @Sendable (Result<PublishReceipt, WireError>) -> Void
    ) {
        self.broker.publish(draft, at: now, completion: completion)
    }

    public func publish(_ draft: Draft, at now: Timestamp) async throws -> PublishReceipt {
        try await withCheckedThrowingContinuation { continuation in
            self.publish(draft, at: now) { continuation.resume(with: $0.mapError { $0 as any Error }) }
        }
    }

    /// Sends a message that no log keeps.
    public func send(_ signal: Signal) {
        self.broker.send(signal)
    }

    /// Whether a client of this node has that id. `completion` is called on any thread.
    public func isConnected(_ id: ClientID, completion: @escaping @Sendable (Bool) -> Void) {
        guard self.inboxes.indices.contains(id.loop) else { return completion(false) }
        self.inboxes[id.loop].post(.call { completion($0.isAttached(id)) })
    }

    // MARK: Reading

    public func read(_ topic: Topic, from start: LogStart, limit: Int, at now: Timestamp) -> LogSlice {
        self.broker.log.read(topic, from: start, limit: limit, at: now)
    }

    func policy(for topic: Topic) -> SlowReaderPolicy {
        self.slowReaders.policy(for: topic)
    }

    // MARK: Event loops

    package var loopCount: Int { self.inboxes.count }

    /// `nil` for a number that no loop has.
    package func eventLoop(_ number: Int) -> (any EventLoop)? {
        self.inboxes.indices.contains(number) ? self.inboxes[number].eventLoop : nil
    }

    /// Runs `body` on an event loop, after everything that was left there earlier. A number that no loop has is ignored.
    package func post(to loop: Int, _ body: @escaping @Sendable (LoopHub) -> Void) {
        guard self.inboxes.indices.contains(loop) else { return }
        self.inboxes[loop].post(.call(body))
    }

    /// Has every event loop get what is sent to a topic from now on, before its members there have joined.
    ///
    /// - Returns: the newest event of the topic, after which members are to join with ``LoopHub/subscribe(_:to:after:)``.
    package func route(_ topic: Topic, at now: Timestamp) -> StreamPosition {
        for number in self.inboxes.indices {
            self.routes.add(topic, loop: number)
        }
        return self.read(topic, from: .latest, limit: 0, at: now).end
    }

    /// Runs `first` on one event loop and `second` on another, at the same place in the topic's order: whatever is sent to
    /// the topic comes before both, or after both.
    package func postTogether(
        in topic: Topic, to one: Int, _ first: @escaping @Sendable (LoopHub) -> Void, and other: Int,
        _ second: @escaping @Sendable (LoopHub) -> Void
    ) {
        self.routes.withLoops(of: topic) { _ in
            self.post(to: one, first)
            self.post(to: other, second)
        }
    }

    /// Runs `body` on each event loop, at the same place in the topic's order; see ``postTogether(in:to:_:and:_:)``.
    package func postToAll(in topic: Topic, _ body: @escaping @Sendable (LoopHub) -> Void) {
        self.routes.withLoops(of: topic) { _ in
            for inbox in self.inboxes {
                inbox.post(.call(body))
            }
        }
    }

    /// Runs `ask` on each event loop and hands all answers on together, in the order of the loops.
    package func gather<Answer: Sendable>(
        _ ask: @escaping @Sendable (LoopHub) -> Answer, completion: @escaping @Sendable ([Answer]) -> Void
    ) {
        let gathering = Gathering(expected: self.inboxes.count, completion: completion)
        for (number, inbox) in self.inboxes.enumerated() {
            inbox.post(.call { gathering.add(ask($0), from: number) })
        }
    }
}

extension Hub: BrokerNode {
    public func deliver(_ publication: Publication) {
        self.routes.withLoops(of: publication.topic) { loops in
            guard loops != 0 else { return }
            self.post(.publication(Delivery(publication)), to: loops)
        }
    }

    private func post(_ item: LoopInbox.Item, to loops: TopicRoutes.Loops) {
        var rest = loops
        while rest != 0 {
            self.inboxes[rest.trailingZeroBitCount].post(item)
            rest &= rest - 1
        }
    }

    public func deliver(_ signal: Signal) {
        let delivery = SignalDelivery(signal)
        switch signal.kind {
        case .direct(let target):
            guard self.inboxes.indices.contains(target.loop) else { return }
            self.inboxes[target.loop].post(.signal(delivery))
        case .topic(let topic):
            self.routes.withLoops(of: topic) { self.post(.signal(delivery), to: $0) }
        case .broadcast:
            for inbox in self.inboxes {
                inbox.post(.signal(delivery))
            }
        }
    }
}

/// Collects one answer of each event loop.
private final class Gathering<Answer: Sendable>: Sendable {
    private let answers = Mutex<[Int: Answer]>([:])
    private let expected: Int
    private let completion: @Sendable ([Answer]) -> Void

    init(expected: Int, completion: @escaping @Sendable ([Answer]) -> Void) {
        self.expected = expected
        self.completion = completion
    }

    func add(_ answer: Answer, from number: Int) {
        let all = self.answers.withLock { answers -> [Answer]? in
            answers[number] = answer
            guard answers.count == self.expected else { return nil }
            return answers.sorted { $0.key < $1.key }.map(\.value)
        }
        if let all {
            self.completion(all)
        }
    }
}
