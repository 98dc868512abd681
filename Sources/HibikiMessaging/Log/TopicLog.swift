// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import DequeModule
import NIOCore

/// The log of one topic, as a value.
struct TopicLog {
    let epoch: Epoch
    private let bounds: TopicRetention
    var publications: Deque<Publication> = []
    var nextOffset: UInt64 = 1
    var keys = IdempotencyWindow()
    var publicationBytes = 0
    var lastAppend = Timestamp(milliseconds: 0)
    /// Events that are still to come while a saved log is read.
    var missing: UInt64 = 0

    init(epoch: Epoch, bounds: TopicRetention) {
        self.epoch = epoch
        self.bounds = bounds
    }

    var count: Int { self.publications.count }
    /// What the events and the idempotency keys take.
    var bytes: Int { self.publicationBytes + self.keys.bytes }
    var head: StreamPosition { StreamPosition(epoch: self.epoch, offset: self.nextOffset - 1) }

    var extent: TopicExtent {
        TopicExtent(
            first: self.publications.first?.position, last: self.head, count: self.count, bytes: self.bytes)
    }

    /// Whether nothing is left that a reader could read or a publisher could repeat. The position is still known, so that a
    /// reader of a quiet topic that comes back learns that it has missed nothing.
    var isEmpty: Bool { self.publications.isEmpty && self.keys.isEmpty }

    /// Whether nothing has happened for so long that the position need not be known any more.
    func isForgotten(at now: Timestamp, retention: LogRetention) -> Bool {
        self.isEmpty && now.since(self.lastAppend) > retention.positionAge
    }

    /// The position of an earlier publication with the same idempotency key.
    mutating func position(of key: String, at now: Timestamp, retention: LogRetention) -> StreamPosition? {
        self.keys.offset(of: key, at: now, window: retention.idempotencyWindow)
            .map { StreamPosition(epoch: self.epoch, offset: $0) }
    }

    mutating func append(_ draft: Draft, at now: Timestamp, retention: LogRetention) -> Publication {
        let offset = self.nextOffset
        let position = StreamPosition(epoch: self.epoch, offset: offset)
        let publication = Publication(draft, position: position, timestamp: now)
        self.nextOffset += 1
        self.lastAppend = now
        self.publicationBytes += publication.cost
        self.publications.append(publication)
        if let key = draft.key {
            self.keys.insert(key, offset: offset, at: now, limit: retention.idempotencyKeys)
        }
        self.trim(at: now, retention: retention)
        return publication
    }

    func read(from start: LogStart, limit: Int) -> LogSlice {
        let head = self.head
        let oldest = self.nextOffset - UInt64(self.publications.count)
        let after: UInt64
        switch start {
        case .earliest:
            after = oldest - 1
        case .latest:
            after = head.offset
        case .after(let position) where position.epoch == self.epoch && (oldest - 1...head.offset) ~= position.offset:
            after = position.offset
        case .after, .gone:
            return LogSlice(publications: [], end: head, isGap: true)
        }
        let first = Int(after - (oldest - 1))
        let found = self.publications[first...].prefix(max(0, limit))
        return LogSlice(
            publications: Array(found),
            end: StreamPosition(epoch: self.epoch, offset: after + UInt64(found.count)),
            hasMore: first + found.count < self.publications.count
        )
    }

    mutating func rewrite(_ payload: (Publication) -> ByteBuffer?) {
        for index in self.publications.indices {
            let old = self.publications[index]
            guard let payload = payload(old) else { continue }
            let draft = Draft(topic: old.topic, event: old.event, payload: payload, from: old.from)
            let new = Publication(draft, position: old.position, timestamp: old.timestamp)
            self.publicationBytes += new.cost - old.cost
            self.publications[index] = new
        }
    }

    /// Drops what the retention does not allow any more. The newest event goes by age only.
    mutating func trim(at now: Timestamp, retention: LogRetention) {
        while let oldest = self.publications.first {
            let isTooOld = now.since(oldest.timestamp) > self.bounds.age
            let isTooMuch =
                self.publications.count > 1
                && (self.publications.count > self.bounds.publications || self.publicationBytes > self.bounds.bytes)
            guard isTooOld || isTooMuch else { break }
            self.publicationBytes -= oldest.cost
            self.publications.removeFirst()
        }
        self.keys.expire(at: now, window: retention.idempotencyWindow)
    }
}

/// The idempotency keys that a topic remembers, oldest first.
struct IdempotencyWindow {
    private struct Entry {
        var key: ContiguousArray<UInt8>
        var seen: Timestamp
    }

    /// By the bytes of the key: `String` would take some different keys for equal.
    private var offsets: [ContiguousArray<UInt8>: UInt64] = [:]
    private var order: Deque<Entry> = []
    /// What the keys take in memory; the constant stands for their places in the dictionary and the list.
    private(set) var bytes = 0

    private static func cost(of key: ContiguousArray<UInt8>) -> Int { key.count + 128 }

    var isEmpty: Bool { self.order.isEmpty }

    mutating func offset(of key: String, at now: Timestamp, window: Duration) -> UInt64? {
        self.expire(at: now, window: window)
        return self.offsets[ContiguousArray(key.utf8)]
    }

    mutating func insert(_ key: String, offset: UInt64, at now: Timestamp, limit: Int) {
        let key = ContiguousArray(key.utf8)
        self.offsets[key] = offset
        self.order.append(Entry(key: key, seen: now))
        self.bytes += Self.cost(of: key)
        if self.order.count > limit {
            self.removeOldest()
        }
    }

    /// Oldest first.
    var all: some Sequence<(key: ContiguousArray<UInt8>, offset: UInt64, seen: Timestamp)> {
        self.order.lazy.compactMap { entry in self.offsets[entry.key].map { (entry.key, $0, entry.seen) } }
    }

    mutating func expire(at now: Timestamp, window: Duration) {
        while let oldest = self.order.first, now.since(oldest.seen) > window {
            self.removeOldest()
        }
    }

    private mutating func removeOldest() {
        guard let oldest = self.order.popFirst() else { return }
        self.offsets[oldest.key] = nil
        self.bytes -= Self.cost(of: oldest.key)
    }
}
