// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import Synchronization

/// A log that is being read from its records.
package struct SavedLog {
    fileprivate private(set) var epoch: Epoch?
    fileprivate private(set) var shards = 0
    /// By shard and group, as ``MemoryEventLog`` counts them.
    fileprivate private(set) var forgotten: [(shard: Int, group: Int, count: UInt32)] = []
    fileprivate private(set) var topics: [Topic: TopicLog] = [:]
    private let retention: LogRetention
    private var current: (topic: Topic, log: TopicLog)?

    package init(retention: LogRetention) {
        self.retention = retention
    }

    /// - Returns: `false` for a record that is not the log's.
    package mutating func restore(_ record: SavedRecord) throws(DamagedState) -> Bool {
        var body = record.body
        switch record.kind {
        case .log:
            self.epoch = Epoch(try body.readSaved())
            self.shards = Int(try body.readSaved(UInt32.self))
        case .forgotten:
            let (shard, group) = (try body.readSaved(UInt32.self), try body.readSaved(UInt32.self))
            self.forgotten.append((Int(shard), Int(group), try body.readSaved()))
        case .topic:
            try self.finish()
            let topic = try Self.topic(try body.readSavedText())
            let log = try TopicLog(saved: &body, bounds: self.retention.retention(of: topic))
            self.current = (topic, log)
        case .publication:
            guard let topic = self.current?.topic else { throw DamagedState("an event has no topic") }
            try self.current?.log.restore(publication: body, of: topic)
        case .key:
            guard self.current != nil else { throw DamagedState("a key has no topic") }
            try self.current?.log.restore(key: body, retention: self.retention)
        default:
            return false
        }
        return true
    }

    /// To be called after the last record.
    package mutating func finish() throws(DamagedState) {
        guard let current = self.current else { return }
        guard current.log.missing == 0 else { throw DamagedState("events are missing") }
        self.topics[current.topic] = current.log
        self.current = nil
    }

    private static func topic(_ name: String) throws(DamagedState) -> Topic {
        do {
            return try Topic(reserved: name)
        } catch {
            throw DamagedState("a topic has no name that is one")
        }
    }
}

extension MemoryEventLog {
    /// Hands over all that is needed to go on with the same positions. Nothing may be appended meanwhile.
    package func save(_ write: (SavedRecord) throws -> Void) rethrows {
        try write(
            SavedRecord(.log) { bytes in
                bytes.writeInteger(self.epoch.value)
                bytes.writeInteger(UInt32(truncatingIfNeeded: self.shards.count))
            })
        for (number, shard) in self.shards.enumerated() {
            try shard.contents.withLock { contents in
                for (group, count) in contents.forgotten.enumerated() where count > 0 {
                    try write(
                        SavedRecord(.forgotten) { bytes in
                            bytes.writeInteger(UInt32(truncatingIfNeeded: number))
                            bytes.writeInteger(UInt32(truncatingIfNeeded: group))
                            bytes.writeInteger(count)
                        })
                }
                for (topic, log) in contents.topics {
                    try log.save(as: topic, write)
                }
            }
        }
    }

    /// Goes on with a log that was saved; what is too old by now is forgotten.
    ///
    /// - Throws: if it was saved by a log that spreads its topics in another way.
    package convenience init(
        _ saved: consuming SavedLog, retention: LogRetention, shards: Int = 64, at now: Timestamp
    ) throws(DamagedState) {
        guard let epoch = saved.epoch, saved.shards == shards else {
            throw DamagedState("it was written by another version")
        }
        self.init(epoch: epoch, retention: retention, shards: shards)
        for (shard, group, count) in saved.forgotten {
            guard self.shards.indices.contains(shard) else { throw DamagedState("a topic stands nowhere") }
            let isKnown = self.shards[shard].contents.withLock { $0.restore(forgotten: count, inGroup: group) }
            guard isKnown else { throw DamagedState("a topic stands nowhere") }
        }
        for (topic, log) in saved.topics {
            self.restore(log, of: topic)
        }
        self.sweep(at: now)
    }
}
