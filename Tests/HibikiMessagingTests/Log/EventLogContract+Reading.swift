// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Testing

extension EventLogContract {
    @Suite struct Reading {
        @Test(arguments: EventLogImplementation.all)
        func `offsets count from 1 without a hole, whoever appends`(
            _ implementation: EventLogImplementation
        ) async throws {
            let log = implementation()
            let topic = try Topic("public/a")
            let delivered = Collected<UInt64>()
            let receipts = try await withThrowingTaskGroup(of: [UInt64].self) { tasks in
                for task in 0..<8 {
                    tasks.addTask {
                        try (0..<100).map { number in
                            try log.append(.text("\(task)-\(number)", to: topic), at: .at(0)) { publication in
                                delivered.append(publication.position.offset)
                            }.position.offset
                        }
                    }
                }
                return try await tasks.reduce(into: []) { $0.append($1) }
            }
            #expect(receipts.flatMap(\.self).sorted() == Array(1...800))
            #expect(receipts.allSatisfy { $0 == $0.sorted() })
            #expect(delivered.all == Array(1...800))
            #expect(log.read(topic, from: .earliest).offsets == Array(1...800))
        }

        @Test(arguments: EventLogImplementation.all)
        func `a read beside appends returns every event once and in order`(
            _ implementation: EventLogImplementation
        ) async throws {
            let log = implementation { $0.publications = 2_000 }
            let topic = try Topic("public/a")
            async let appending: Void = {
                for number in 1...2_000 { try log.store("\(number)", in: topic) }
            }()
            var seen: [UInt64] = []
            var start = LogStart.earliest
            while seen.count < 2_000 {
                let slice = log.read(topic, from: start, limit: 7, at: .at(0))
                try #require(!slice.isGap)
                #expect(slice.publications.last.map(\.position) ?? slice.end == slice.end)
                seen += slice.offsets
                start = .after(slice.end)
                await Task.yield()
            }
            try await appending
            #expect(seen == Array(1...2_000))
        }

        @Test(arguments: EventLogImplementation.all)
        func `a limit cuts a read into portions that join`(_ implementation: EventLogImplementation) throws {
            let log = implementation()
            let topic = try Topic("public/a")
            for number in 1...10 { try log.store("\(number)", in: topic) }
            let first = log.read(topic, from: .earliest, limit: 4, at: .at(0))
            #expect(first.offsets == [1, 2, 3, 4])
            #expect(first.hasMore)
            let second = log.read(topic, from: .after(first.end), limit: 6, at: .at(0))
            #expect(second.texts == ["5", "6", "7", "8", "9", "10"])
            #expect(!second.hasMore)
            let none = log.read(topic, from: .after(first.end), limit: 0, at: .at(0))
            #expect(none.publications.isEmpty && none.hasMore && none.end == first.end && !none.isGap)
        }

        @Test(arguments: EventLogImplementation.all)
        func `a topic that nobody published to is empty`(_ implementation: EventLogImplementation) throws {
            let log = implementation()
            let topic = try Topic("public/a")
            for start in [LogStart.earliest, .latest] {
                let slice = log.read(topic, from: start)
                #expect(slice.publications.isEmpty && !slice.isGap && !slice.hasMore && slice.end.offset == 0)
            }
            let end = log.read(topic, from: .latest).end
            try log.store("a", in: topic)
            #expect(log.read(topic, from: .after(end)).texts == ["a"])
            #expect(log.size.topics == 1)
        }

        @Test(arguments: EventLogImplementation.all)
        func `a position before a topic's first event stays good while others are forgotten`(
            _ implementation: EventLogImplementation
        ) throws {
            let log = implementation { retention in
                retention.age = .seconds(10)
                retention.positionAge = .seconds(10)
            }
            let (quiet, other) = (try Topic("public/quiet"), try Topic("public/other"))
            let end = log.read(quiet, from: .latest).end
            try log.store("gone soon", in: other)
            log.sweep(at: .at(11))
            #expect(log.size.topics == 0)
            try log.store("first", in: quiet, at: 12)
            let slice = log.read(quiet, from: .after(end), at: 12)
            #expect(slice.texts == ["first"])
            #expect(!slice.isGap)
        }

        @Test(arguments: EventLogImplementation.all)
        func `latest begins with what is appended next`(_ implementation: EventLogImplementation) throws {
            let log = implementation()
            let topic = try Topic("public/a")
            try log.store("before", in: topic)
            let end = log.read(topic, from: .latest).end
            try log.store("after", in: topic)
            #expect(log.read(topic, from: .after(end)).texts == ["after"])
        }

        @Test(arguments: EventLogImplementation.all)
        func `topics do not touch each other, even where their names look the same`(
            _ implementation: EventLogImplementation
        ) throws {
            let log = implementation()
            let (composed, decomposed) = (try Topic("caf\u{E9}"), try Topic("cafe\u{301}"))
            try log.store("one", in: composed)
            try log.store("two", in: decomposed)
            #expect(log.read(composed, from: .earliest).texts == ["one"])
            #expect(log.read(decomposed, from: .earliest).texts == ["two"])
        }
    }
}
