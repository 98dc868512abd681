// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Testing

extension EventLogContract {
    @Suite struct Idempotency {
        @Test(arguments: EventLogImplementation.all)
        func `a second draft with the same key is not stored and not delivered`(
            _ implementation: EventLogImplementation
        ) throws {
            let log = implementation()
            let topic = try Topic("public/a")
            let first = try log.store("a", in: topic, key: "k")
            var isDelivered = false
            let second = try log.append(.text("b", to: topic, key: "k"), at: .at(1)) { _ in isDelivered = true }
            #expect(second == PublishReceipt(position: first.position, isDuplicate: true))
            #expect(!isDelivered)
            #expect(log.read(topic, from: .earliest).texts == ["a"])
        }

        @Test(arguments: EventLogImplementation.all)
        func `a key counts for five minutes`(_ implementation: EventLogImplementation) throws {
            let log = implementation()
            let topic = try Topic("public/a")
            try log.store("a", in: topic, key: "k", at: 0)
            #expect(try log.store("a", in: topic, key: "k", at: 300).isDuplicate)
            #expect(try !log.store("a", in: topic, key: "k", at: 301).isDuplicate)
            #expect(try log.store("a", in: topic, key: "k", at: 601).isDuplicate)
        }

        @Test(arguments: EventLogImplementation.all)
        func `a key counts in its topic only`(_ implementation: EventLogImplementation) throws {
            let log = implementation()
            try log.store("a", in: try Topic("1"), key: "k")
            #expect(try !log.store("a", in: try Topic("2"), key: "k").isDuplicate)
        }

        @Test(arguments: EventLogImplementation.all)
        func `the oldest key goes when there are too many`(_ implementation: EventLogImplementation) throws {
            let log = implementation { $0.idempotencyKeys = 2 }
            let topic = try Topic("public/a")
            for key in ["1", "2", "3"] { try log.store(key, in: topic, key: key) }
            #expect(try log.store("", in: topic, key: "3").isDuplicate)
            #expect(try log.store("", in: topic, key: "2").isDuplicate)
            #expect(try !log.store("", in: topic, key: "1").isDuplicate)
        }

        @Test(arguments: EventLogImplementation.all)
        func `keys of different bytes are different, even where they look the same`(
            _ implementation: EventLogImplementation
        ) throws {
            let log = implementation()
            let topic = try Topic("public/a")
            try log.store("a", in: topic, key: "caf\u{E9}")
            #expect(try !log.store("b", in: topic, key: "cafe\u{301}").isDuplicate)
        }

        @Test(arguments: EventLogImplementation.all)
        func `a key outlives its event`(_ implementation: EventLogImplementation) throws {
            let log = implementation { $0.publications = 1 }
            let topic = try Topic("public/a")
            let first = try log.store("a", in: topic, key: "k").position
            try log.store("b", in: topic)
            #expect(try log.store("a", in: topic, key: "k") == PublishReceipt(position: first, isDuplicate: true))
            #expect(log.read(topic, from: .earliest).texts == ["b"])
        }

        @Test(arguments: EventLogImplementation.all)
        func `of many who publish the same key at once one is stored`(
            _ implementation: EventLogImplementation
        ) async throws {
            let log = implementation()
            let topic = try Topic("public/a")
            let receipts = try await withThrowingTaskGroup(of: PublishReceipt.self) { tasks in
                for number in 0..<32 {
                    tasks.addTask { try log.store("\(number)", in: topic, key: "k") }
                }
                return try await tasks.reduce(into: []) { $0.append($1) }
            }
            #expect(receipts.count { !$0.isDuplicate } == 1)
            #expect(Set(receipts.map(\.position)).count == 1)
            #expect(log.read(topic, from: .earliest).publications.count == 1)
        }
    }
}
