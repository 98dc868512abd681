// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWire
public import NIOCore
import Synchronization

/// Logs in memory: fast, bounded, and gone with the process.
public final class MemoryEventLog: EventLog {
    /// Topics are spread over shards by name, so that publishers of different topics do not wait for each other.
    final class Shard: Sendable {
        struct Contents {
            var topics: [Topic: TopicLog] = [:]
            /// How many topics were forgotten, counted in groups. A topic that comes back gets another epoch, since its
            /// offsets begin again. Were there one count for all, a reader of a topic that is still empty would be told of
            /// a gap whenever any other topic is forgotten.
            private(set) var forgotten = [UInt32](repeating: 0, count: 1_024)

            func generation(of topic: Topic) -> UInt32 { self.forgotten[self.group(of: topic)] }

            mutating func forget(_ topic: Topic) {
                self.topics[topic] = nil
                self.forgotten[self.group(of: topic)] &+= 1
            }

            /// - Returns: `false` if there is no such group.
            mutating func restore(forgotten count: UInt32, inGroup group: Int) -> Bool {
                guard self.forgotten.indices.contains(group) else { return false }
                self.forgotten[group] = count
                return true
            }

            /// By the high bits of the fingerprint, because the low ones have chosen the shard.
            private func group(of topic: Topic) -> Int {
                Int((topic.fingerprint >> 32) % UInt64(self.forgotten.count))
            }
        }

        let contents = Mutex(Contents())
    }

    let shards: [Shard]
    private let retention: LogRetention
    private let totals = Mutex((size: LogSize(), appended: UInt64(0)))
    let epoch: Epoch

    public init(epoch: Epoch, retention: LogRetention = LogRetention(), shards: Int = 64) {
        self.epoch = epoch
        self.retention = retention
        self.shards = (0..<max(1, shards)).map { _ in Shard() }
    }

    public var size: LogSize { self.totals.withLock { $0.size } }
    public var appended: UInt64 { self.totals.withLock { $0.appended } }

    public func append(
        _ draft: Draft, at now: Timestamp, deliver: (Publication) -> Void
    ) throws(WireError) -> PublishReceipt {
        try self.shard(of: draft.topic).contents.withLock { contents -> Result<PublishReceipt, WireError> in
            let isKnown = contents.topics[draft.topic] != nil
            if isKnown, let position = self.earlierPosition(of: draft, at: now, in: &contents) {
                return .success(PublishReceipt(position: position, isDuplicate: true))
            }
            if let problem = self.refusal(isNewTopic: !isKnown) {
                return .failure(problem)
            }
            let epoch = self.epoch(of: draft.topic, contents)
            var position = StreamPosition(epoch: epoch, offset: 0)
            // In place: a copy of the log's storage for each event would cost more than all else.
            let change = self.update(&contents.topics[draft.topic, default: self.makeLog(of: draft.topic, epoch)]) {
                log in
                let publication = log.append(draft, at: now, retention: self.retention)
                position = publication.position
                deliver(publication)
            }
            self.add(change, topics: isKnown ? 0 : 1, appended: 1)
            return .success(PublishReceipt(position: position, isDuplicate: false))
        }.get()
    }

    /// The position of an earlier publication with the same idempotency key.
    private func earlierPosition(
        of draft: Draft, at now: Timestamp, in contents: inout Shard.Contents
    ) -> StreamPosition? {
        guard let key = draft.key else { return nil }
        var position: StreamPosition?
        let change = self.update(&contents.topics[draft.topic, default: self.makeLog(of: draft.topic, self.epoch)]) {
            log in
            position = log.position(of: key, at: now, retention: self.retention)
        }
        self.add(change, topics: 0)
        return position
    }

    public func read(_ topic: Topic, from start: LogStart, limit: Int, at now: Timestamp) -> LogSlice {
        self.shard(of: topic).contents.withLock { contents in
            let epoch = self.epoch(of: topic, contents)
            guard contents.topics[topic] != nil else {
                return self.makeLog(of: topic, epoch).read(from: start, limit: limit)
            }
            var slice = LogSlice(publications: [], end: StreamPosition(epoch: epoch, offset: 0), isGap: true)
            let change = self.update(&contents.topics[topic, default: self.makeLog(of: topic, epoch)]) { log in
                log.trim(at: now, retention: self.retention)
                slice = log.read(from: start, limit: limit)
            }
            self.add(change, topics: 0)
            return slice
        }
    }

    public func select(into selection: inout TopicSelection) {
        for shard in self.shards {
            shard.contents.withLock { contents in
                for topic in contents.topics.keys where !topic.isReserved { selection.consider(topic) }
            }
        }
    }

    public func extent(of topic: Topic, at now: Timestamp) -> TopicExtent? {
        self.shard(of: topic).contents.withLock { contents in
            guard contents.topics[topic] != nil else { return nil }
            var extent: TopicExtent?
            let change = self.update(&contents.topics[topic, default: self.makeLog(of: topic, self.epoch)]) { log in
                log.trim(at: now, retention: self.retention)
                extent = log.extent
            }
            self.add(change, topics: 0)
            return extent
        }
    }

    public func rewrite(_ scope: LogScope, _ payload: (Publication) -> ByteBuffer?) {
        switch scope {
        case .topic(let topic):
            self.shard(of: topic).contents.withLock { self.rewrite(topic, in: &$0, payload) }
        case .prefix(let prefix):
            for shard in self.shards {
                shard.contents.withLock { contents in
                    for topic in contents.topics.keys.filter({ $0.name.utf8.starts(with: prefix.utf8) }) {
                        self.rewrite(topic, in: &contents, payload)
                    }
                }
            }
        }
    }

    private func rewrite(_ topic: Topic, in contents: inout Shard.Contents, _ payload: (Publication) -> ByteBuffer?) {
        guard contents.topics[topic] != nil else { return }
        let change = self.update(&contents.topics[topic, default: self.makeLog(of: topic, self.epoch)]) {
            $0.rewrite(payload)
        }
        self.add(change, topics: 0)
    }

    public func sweep(at now: Timestamp) {
        let isCrowded = self.size.topics > self.retention.topics / 2
        for shard in self.shards {
            shard.contents.withLock { contents in
                for topic in Array(contents.topics.keys) {
                    let change = self.update(
                        &contents.topics[topic, default: self.makeLog(of: topic, self.epoch)]
                    ) { log in
                        log.trim(at: now, retention: self.retention)
                    }
                    let log = contents.topics[topic]
                    let isForgotten =
                        log?.isForgotten(at: now, retention: self.retention) ?? false
                        || isCrowded && log?.isEmpty ?? false
                    if isForgotten {
                        contents.forget(topic)
                    }
                    self.add(change, topics: isForgotten ? -1 : 0)
                }
            }
        }
    }

    /// The epoch that a log of the topic has if it begins now.
    private func epoch(of topic: Topic, _ contents: borrowing Shard.Contents) -> Epoch {
        Epoch(self.epoch.value &+ contents.generation(of: topic))
    }

    private func makeLog(of topic: Topic, _ epoch: Epoch) -> TopicLog {
        TopicLog(epoch: epoch, bounds: self.retention.retention(of: topic))
    }

    private func shard(of topic: Topic) -> Shard {
        self.shards[Int(topic.fingerprint % UInt64(self.shards.count))]
    }

    private func refusal(isNewTopic: Bool) -> WireError? {
        let size = self.size
        if size.bytes >= self.retention.totalBytes {
            return WireError(.overloaded, "the log is full; old events make room within minutes")
        }
        if isNewTopic, size.topics >= self.retention.topics {
            return WireError(.overloaded, "there are too many topics; old ones make room within minutes")
        }
        return nil
    }

    /// Takes a log back that was saved.
    func restore(_ log: TopicLog, of topic: Topic) {
        self.shard(of: topic).contents.withLock { $0.topics[topic] = log }
        self.add((log.count, log.bytes), topics: 1)
    }

    /// Changes a log and returns by how much it grew.
    private func update(_ log: inout TopicLog, _ body: (inout TopicLog) -> Void) -> (publications: Int, bytes: Int) {
        let before = (log.count, log.bytes)
        body(&log)
        return (log.count - before.0, log.bytes - before.1)
    }

    private func add(_ change: (publications: Int, bytes: Int), topics: Int, appended: UInt64 = 0) {
        self.totals.withLock { totals in
            totals.size.topics += topics
            totals.size.publications += change.publications
            totals.size.bytes += change.bytes
            totals.appended &+= appended
        }
    }
}
