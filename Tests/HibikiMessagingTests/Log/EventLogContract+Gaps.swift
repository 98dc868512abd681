// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Testing

extension EventLogContract {
    @Suite struct Gaps {
        /// A log that holds the offsets 6 to 10.
        private func halfForgotten(
            _ implementation: EventLogImplementation
        ) throws -> (any EventLog, Topic, StreamPosition) {
            let log = implementation { $0.publications = 5 }
            let topic = try Topic("public/a")
            for number in 1...10 { try log.store("\(number)", in: topic) }
            return (log, topic, log.read(topic, from: .latest).end)
        }

        @Test(arguments: EventLogImplementation.all)
        func `a reader that the log has left behind is told so, and gets nothing partial`(
            _ implementation: EventLogImplementation
        ) throws {
            let (log, topic, head) = try self.halfForgotten(implementation)
            for offset in UInt64(0)...4 {
                let slice = log.read(topic, from: .after(StreamPosition(epoch: head.epoch, offset: offset)))
                #expect(slice.isGap && slice.publications.isEmpty && slice.end == head)
            }
        }

        @Test(arguments: EventLogImplementation.all)
        func `a reader that stands just before the oldest event misses nothing`(
            _ implementation: EventLogImplementation
        ) throws {
            let (log, topic, head) = try self.halfForgotten(implementation)
            for offset in UInt64(5)...10 {
                let slice = log.read(topic, from: .after(StreamPosition(epoch: head.epoch, offset: offset)))
                #expect(!slice.isGap)
                #expect(slice.offsets == Array((offset + 1)..<11))
                #expect(slice.end == head)
            }
            #expect(log.read(topic, from: .earliest).offsets == Array(6...10))
        }

        @Test(arguments: EventLogImplementation.all)
        func `a position of the future, of another epoch or of nowhere is a gap`(
            _ implementation: EventLogImplementation
        ) throws {
            let (log, topic, head) = try self.halfForgotten(implementation)
            let strange: [LogStart] = [
                .after(StreamPosition(epoch: head.epoch, offset: 11)),
                .after(StreamPosition(epoch: head.epoch, offset: .max)),
                .after(StreamPosition(epoch: Epoch(head.epoch.value &+ 1), offset: 8)), .gone,
            ]
            for start in strange {
                let slice = log.read(topic, from: start)
                #expect(slice.isGap && slice.publications.isEmpty && slice.end == head)
            }
        }

        @Test(arguments: EventLogImplementation.all)
        func `a strange position in an empty topic is a gap too`(_ implementation: EventLogImplementation) throws {
            let log = implementation()
            let topic = try Topic("public/a")
            #expect(log.read(topic, from: .after(.test(8))).isGap)
            #expect(log.read(topic, from: .gone).isGap)
        }

        @Test(arguments: EventLogImplementation.all)
        func `a topic that was forgotten comes back with another epoch`(_ implementation: EventLogImplementation) throws
        {
            let log = implementation { retention in
                retention.age = .seconds(10)
                retention.positionAge = .seconds(10)
            }
            let topic = try Topic("public/a")
            let before = try log.store("old", in: topic, at: 0).position
            log.sweep(at: .at(11))
            #expect(log.size == LogSize())
            let after = try log.store("new", in: topic, at: 12).position
            #expect(after != before)
            #expect(after.epoch != before.epoch)
            let slice = log.read(topic, from: .after(before), at: 12)
            #expect(slice.isGap && slice.publications.isEmpty)
            #expect(log.read(topic, from: .earliest, at: 12).texts == ["new"])
        }

        @Test(arguments: EventLogImplementation.all)
        func `a topic that has been quiet for long is no gap to a reader that has all of it`(
            _ implementation: EventLogImplementation
        ) throws {
            let log = implementation { $0.age = .seconds(10) }
            let topic = try Topic("public/a")
            let before = try log.store("old", in: topic, at: 0).position
            log.sweep(at: .at(86_400))
            #expect(log.size == LogSize(topics: 1))
            #expect(!log.read(topic, from: .after(before), at: 86_400).isGap)
            try log.store("new", in: topic, at: 86_400)
            #expect(log.read(topic, from: .after(before), at: 86_400).texts == ["new"])
            log.sweep(at: .at(200_000))
            #expect(log.size == LogSize())
        }

        @Test(arguments: EventLogImplementation.all)
        func `quiet topics are forgotten early when there are many`(_ implementation: EventLogImplementation) throws {
            let log = implementation { retention in
                retention.age = .seconds(10)
                retention.topics = 3
            }
            for name in ["public/a", "public/b"] { try log.store("old", in: try Topic(name), at: 0) }
            log.sweep(at: .at(11))
            #expect(log.size == LogSize())
        }

        @Test(arguments: EventLogImplementation.all)
        func `a topic whose key is still remembered is not forgotten, and its offsets go on`(
            _ implementation: EventLogImplementation
        ) throws {
            let log = implementation { $0.age = .seconds(10) }
            let topic = try Topic("public/a")
            let before = try log.store("old", in: topic, key: "k", at: 0).position
            log.sweep(at: .at(11))
            #expect(log.size.topics == 1 && log.size.publications == 0)
            #expect(
                try log.store("old", in: topic, key: "k", at: 12) == PublishReceipt(position: before, isDuplicate: true)
            )
            let after = try log.store("new", in: topic, at: 12).position
            #expect(after == StreamPosition(epoch: before.epoch, offset: 2))
            #expect(log.read(topic, from: .after(before), at: 12).texts == ["new"])
        }
    }
}
