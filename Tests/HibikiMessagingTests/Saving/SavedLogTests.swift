// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import Testing

@testable import HibikiMessaging

@Suite struct SavedLogTests {
    private static let now = Timestamp(milliseconds: 1_000_000)

    private func topic(_ name: String) throws -> Topic { try Topic(name) }

    private func publish(
        _ log: MemoryEventLog, _ payload: String, to name: String = "a", key: String? = nil, at now: Timestamp = now
    ) throws -> StreamPosition {
        let draft = Draft(
            topic: try self.topic(name), event: "é", payload: ByteBuffer(string: payload),
            from: ClientID("6kTvSjxQ6d907zCju_7nAg"), key: key)
        return try log.append(draft, at: now) { _ in }.position
    }

    private func bytes(of log: MemoryEventLog) throws -> ByteBuffer {
        var writer = SavedStateWriter()
        var bytes = ByteBuffer()
        log.save { writer.write($0, to: &bytes) }
        writer.end(to: &bytes)
        return bytes
    }

    private func read(
        _ bytes: ByteBuffer, retention: LogRetention = LogRetention(), portion: Int = .max, at now: Timestamp = now
    ) throws -> MemoryEventLog {
        var reader = SavedStateReader()
        var saved = SavedLog(retention: retention)
        var bytes = bytes
        while let part = bytes.readSlice(length: min(portion, bytes.readableBytes)), part.readableBytes > 0 {
            reader.append(part)
            while let record = try reader.next() {
                guard try saved.restore(record) else { throw DamagedState("a record of no log") }
            }
        }
        try reader.finish()
        try saved.finish()
        return try MemoryEventLog(saved, retention: retention, at: now)
    }

    private func texts(_ slice: LogSlice) -> [String] {
        slice.publications.map {
            "\($0.position) \($0.event) \(String(buffer: $0.payload)) \($0.from?.description ?? "-")"
        }
    }

    @Test(arguments: [1, 7, 4_096, Int.max])
    func `a log that was saved goes on with its positions`(_ portion: Int) throws {
        let log = MemoryEventLog(epoch: Epoch(7))
        for number in 1...20 { _ = try self.publish(log, "\(number)") }
        _ = try self.publish(log, "{}", to: "b")
        let restored = try self.read(try self.bytes(of: log), portion: portion)
        #expect(restored.size == log.size)
        for name in ["a", "b", "never published to"] {
            let topic = try self.topic(name)
            let (before, after) = (
                log.read(topic, from: .earliest, limit: 100, at: Self.now),
                restored.read(topic, from: .earliest, limit: 100, at: Self.now)
            )
            #expect(self.texts(before) == self.texts(after))
            #expect(before.end == after.end)
        }
        #expect(try self.publish(restored, "next").description == "00000007-21")
    }

    @Test func `an idempotency key is still known`() throws {
        let log = MemoryEventLog(epoch: Epoch(7))
        let position = try self.publish(log, "1", key: "k")
        let restored = try self.read(try self.bytes(of: log))
        #expect(try self.publish(restored, "1", key: "k") == position)
        let later = Timestamp(milliseconds: Self.now.milliseconds + 301_000)
        #expect(try self.publish(restored, "1", key: "k", at: later) != position)
    }

    @Test func `what is too old when it is read is forgotten, and its position is known`() throws {
        let log = MemoryEventLog(epoch: Epoch(7))
        let first = try self.publish(log, "1")
        let later = Timestamp(milliseconds: Self.now.milliseconds + 601_000)
        let restored = try self.read(try self.bytes(of: log), at: later)
        #expect(restored.size.publications == 0)
        let topic = try self.topic("a")
        #expect(!restored.read(topic, from: .after(first), limit: 10, at: later).isGap)
        let zero = StreamPosition(epoch: Epoch(7), offset: 0)
        #expect(restored.read(topic, from: .after(zero), limit: 10, at: later).isGap)
    }

    @Test func `a topic that was forgotten does not use its positions again`() throws {
        let log = MemoryEventLog(epoch: Epoch(7))
        let old = try self.publish(log, "1")
        let later = Timestamp(milliseconds: Self.now.milliseconds + 86_401_000 + 600_000)
        log.sweep(at: later)
        log.sweep(at: Timestamp(milliseconds: later.milliseconds * 2))
        let restored = try self.read(try self.bytes(of: log), at: later)
        #expect(try self.publish(restored, "2", at: later).epoch != old.epoch)
    }

    @Test func `a log that is empty keeps its epoch`() throws {
        let restored = try self.read(try self.bytes(of: MemoryEventLog(epoch: Epoch(9))))
        #expect(try self.publish(restored, "1").description == "00000009-1")
    }

    // MARK: Damage

    @Test func `every changed byte is noticed`() throws {
        let log = MemoryEventLog(epoch: Epoch(7))
        _ = try self.publish(log, "1", key: "k")
        let whole = try self.bytes(of: log)
        for index in whole.readableBytesView.indices {
            var damaged = whole
            damaged.setInteger((whole.getInteger(at: index, as: UInt8.self) ?? 0) ^ 0x10, at: index)
            #expect(throws: DamagedState.self, "byte \(index)") { try self.read(damaged) }
        }
    }

    @Test func `a file that is cut short anywhere is noticed, and one that goes on too`() throws {
        let log = MemoryEventLog(epoch: Epoch(7))
        _ = try self.publish(log, "1", key: "k")
        var whole = try self.bytes(of: log)
        for length in 0..<whole.readableBytes {
            let part = try #require(whole.getSlice(at: 0, length: length))
            #expect(throws: DamagedState.self, "\(length) bytes") { try self.read(part) }
        }
        whole.writeInteger(UInt8(0))
        #expect(throws: DamagedState("something follows its end")) { try self.read(whole) }
    }

    @Test func `a file of another version says so`() throws {
        var whole = try self.bytes(of: MemoryEventLog(epoch: Epoch(7)))
        whole.setInteger(UInt8(2), at: SavedForm.mark.count - 1)
        #expect(throws: DamagedState("it was written by another version")) { try self.read(whole) }
    }

    @Test func `records in an order that makes no sense are refused`() {
        let publication = SavedRecord(.publication) { $0.writeInteger(UInt64(0)) }
        var saved = SavedLog(retention: LogRetention())
        #expect(throws: DamagedState("an event has no topic")) { try saved.restore(publication) }
        let topic = SavedRecord(.topic) { bytes in
            bytes.writeSaved("a")
            bytes.writeInteger(UInt32(7))
            for number in [UInt64(2), 0, 5] { bytes.writeInteger(number) }
        }
        #expect(throws: DamagedState("a topic has more events than offsets")) { try saved.restore(topic) }
    }
}
