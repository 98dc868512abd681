// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import DequeModule
import NIOCore

/// The log of a topic, as it is saved and read again.
extension TopicLog {
    func save(as topic: Topic, _ write: (SavedRecord) throws -> Void) rethrows {
        try write(
            SavedRecord(.topic) { bytes in
                bytes.writeSaved(topic.name)
                bytes.writeInteger(self.epoch.value)
                bytes.writeInteger(self.nextOffset)
                bytes.writeInteger(self.lastAppend.milliseconds)
                bytes.writeInteger(UInt64(self.publications.count))
            })
        for publication in self.publications {
            try write(
                SavedRecord(.publication) { bytes in
                    bytes.writeInteger(publication.timestamp.milliseconds)
                    bytes.writeSaved(publication.event)
                    bytes.writeSaved(publication.from?.description)
                    bytes.writeSaved(publication.payload)
                })
        }
        for (key, offset, seen) in self.keys.all {
            try write(
                SavedRecord(.key) { bytes in
                    bytes.writeSaved(ByteBuffer(bytes: key))
                    bytes.writeInteger(offset)
                    bytes.writeInteger(seen.milliseconds)
                })
        }
    }

    /// - Parameter body: of a ``SavedRecord/Kind/topic`` record, behind the name.
    init(saved body: inout ByteBuffer, bounds: TopicRetention) throws(DamagedState) {
        self.init(epoch: Epoch(try body.readSaved()), bounds: bounds)
        self.nextOffset = try body.readSaved()
        self.lastAppend = Timestamp(milliseconds: try body.readSaved())
        self.missing = try body.readSaved()
        guard self.nextOffset > self.missing else { throw DamagedState("a topic has more events than offsets") }
    }

    /// Takes an event back that was saved, in the order of the offsets.
    mutating func restore(publication body: ByteBuffer, of topic: Topic) throws(DamagedState) {
        var body = body
        guard self.missing > 0 else { throw DamagedState("a topic has more events than it says") }
        let timestamp = Timestamp(milliseconds: try body.readSaved())
        let event = try body.readSavedText()
        let from = try body.readSavedOptionalText().flatMap { ClientID($0) }
        let draft = Draft(topic: topic, event: event, payload: try body.readSavedBytes(), from: from)
        let position = StreamPosition(epoch: self.epoch, offset: self.nextOffset - self.missing)
        self.missing -= 1
        let publication = Publication(draft, position: position, timestamp: timestamp)
        self.publicationBytes += publication.cost
        self.publications.append(publication)
    }

    mutating func restore(key body: ByteBuffer, retention: LogRetention) throws(DamagedState) {
        var body = body
        let key = try body.readSavedText()
        let offset: UInt64 = try body.readSaved()
        let seen = Timestamp(milliseconds: try body.readSaved())
        self.keys.insert(key, offset: offset, at: seen, limit: retention.idempotencyKeys)
    }
}
