// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore

/// A poll that waits. The hub wakes it, and it reads the log again.
final class LongPoll: Subscriber {
    private var reader: PollReader
    private let exchange: HTTPExchange
    private let connection: Connection
    private let principal: Principal
    private var subscriptions: [Subscription] = []
    private var isAwake = false
    /// Events that no log keeps, and that came since it waits.
    private var signals: [EventFields] = []

    /// Of one answer. More than that at once is nothing that anybody would see.
    private static let mostSignals = 100

    init(_ reader: PollReader, _ exchange: HTTPExchange, _ connection: Connection, _ principal: Principal) {
        self.reader = reader
        self.principal = principal
        self.exchange = exchange
        self.connection = connection
    }

    var clientID: ClientID? { nil }

    func begin(wait: TimeAmount) {
        self.exchange.waiter = self
        self.connection.setDeadline(after: wait)
        self.subscriptions = self.reader.join(self)
        // Something may have been published between the first look and the joining.
        self.wake()
    }

    func deliver(_ batch: DeliveryBatch, of subscription: Subscription) {
        self.wake()
    }

    func receive(_ delivery: SignalDelivery) {
        guard case .topic(let topic) = delivery.signal.kind, self.signals.count < Self.mostSignals,
            let fields = EventFields(delivery.signal, of: topic)
        else { return }
        self.signals.append(fields)
        self.wake()
    }

    func evict(_ principal: String, from topic: Topic) {
        guard self.principal.isCalled(principal), self.unsubscribe(from: topic) else { return }
        self.connection.flushAndProceed()
    }

    /// Several publications of one turn are answered together, at its end.
    private func wake() {
        guard !self.isAwake else { return }
        self.isAwake = true
        self.connection.loop.members.needsFlush(self)
    }

    private func leave() {
        for subscription in self.subscriptions {
            self.connection.loop.members.unsubscribe(subscription)
        }
        self.subscriptions = []
    }
}

extension LongPoll: Flushable {
    func flush() {
        self.isAwake = false
        guard !self.exchange.isDone else { return }
        if self.reader.answer(self.exchange, atOnce: false, self.signals) {
            self.leave()
        }
    }
}

extension LongPoll: ExchangeWaiter {
    func deadlinePassed() {
        self.leave()
        // Something may have come, or gone, in this very turn.
        if !self.reader.answer(self.exchange, atOnce: false) {
            self.reader.answerNothing(self.exchange)
        }
    }

    func shutDown(_ farewell: Farewell) {
        self.deadlinePassed()
    }

    func cancel() {
        self.leave()
    }

    func describe(in record: inout ConnectionRecord) {
        record.transport = .longPoll
        record.principal = self.principal.id
        record.topics = self.subscriptions.map(\.topic)
    }

    /// The next poll asks for permission again, and learns more.
    func unsubscribe(from topic: Topic) -> Bool {
        guard self.subscriptions.contains(where: { $0.topic == topic }), !self.exchange.isDone else { return false }
        self.leave()
        self.reader.answerNothing(self.exchange)
        return true
    }

    /// A client that may come back learns nothing: its next poll goes on where this one ends.
    func dismiss(_ dismissal: Dismissal) {
        guard !dismissal.invitesBack else { return self.deadlinePassed() }
        self.leave()
        self.exchange.refuse(WireError(.disconnected, dismissal.reason))
    }
}
