// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import NIOCore
import Synchronization

/// A subscriber that keeps what it is given. Used on its event loop only.
final class Listener: Subscriber, Flushable {
    private let members: LoopHub
    let format: WireFormat
    var clientID: ClientID?
    var offsets: [UInt64] = []
    var texts: [String] = []
    var batches: [ByteBuffer] = []
    var signals: [String] = []
    var flushes = 0
    /// Called in the middle of a delivery.
    var whenDelivered: (Subscription) -> Void = { _ in }
    private var isDirty = false

    init(_ members: LoopHub, format: WireFormat = CountingFormat().format) {
        self.members = members
        self.format = format
    }

    /// Joins as a transport does, in portions.
    func join(
        _ hub: Hub, _ topic: Topic, from start: LogStart, portion: Int = 16, at now: Timestamp = .at(0)
    ) -> Subscription {
        var start = start
        while true {
            let (subscription, slice) = self.members.subscribe(self, to: topic, from: start, limit: portion, at: now)
            self.offsets += slice.publications.map(\.position.offset)
            self.texts += slice.publications.map { String(buffer: $0.payload) }
            guard slice.hasMore else { return subscription }
            start = .after(slice.end)
        }
    }

    func deliver(_ batch: DeliveryBatch, of subscription: Subscription) {
        self.offsets += batch.publications.map(\.position.offset)
        self.texts += batch.publications.map { String(buffer: $0.payload) }
        self.batches.append(batch.bytes(in: self.format))
        self.askForFlush()
        self.whenDelivered(subscription)
    }

    func receive(_ delivery: SignalDelivery) {
        self.signals.append(String(buffer: delivery.bytes(in: self.format)))
        self.askForFlush()
    }

    func flush() {
        self.isDirty = false
        self.flushes += 1
    }

    private func askForFlush() {
        guard !self.isDirty else { return }
        self.isDirty = true
        self.members.needsFlush(self)
    }
}

/// A format that counts how often it is asked.
final class CountingFormat: Sendable {
    private let counter = Counter()
    let format: WireFormat

    private final class Counter: Sendable {
        let publications = Mutex(0)
        let signals = Mutex(0)
    }

    var publications: Int { self.counter.publications.withLock { $0 } }
    var signals: Int { self.counter.signals.withLock { $0 } }

    init() {
        self.format = WireFormat { [counter] publication, bytes in
            counter.publications.withLock { $0 += 1 }
            bytes.writeImmutableBuffer(publication.payload)
            bytes.writeString(";")
        } signal: { [counter] signal, bytes in
            counter.signals.withLock { $0 += 1 }
            bytes.writeImmutableBuffer(signal.payload)
        }
    }
}
