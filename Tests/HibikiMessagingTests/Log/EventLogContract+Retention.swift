// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiTestSupport
import HibikiWire
import NIOCore
import Testing

extension EventLogContract {
    @Suite struct Retention {
        @Test(arguments: EventLogImplementation.all)
        func `keeps as many events as it may`(_ implementation: EventLogImplementation) throws {
            let log = implementation { $0.publications = 3 }
            let topic = try Topic("public/a")
            for number in 1...5 { try log.store("\(number)", in: topic) }
            #expect(log.read(topic, from: .earliest).texts == ["3", "4", "5"])
            #expect(log.size.publications == 3)
        }

        @Test(arguments: EventLogImplementation.all)
        func `keeps as many bytes as it may, and the newest event whatever its size`(
            _ implementation: EventLogImplementation
        ) throws {
            let log = implementation { $0.bytes = 10_000 }
            let topic = try Topic("public/a")
            let large = String(repeating: "x", count: 4_000)
            for _ in 1...5 { try log.store(large, in: topic) }
            #expect(log.read(topic, from: .earliest).offsets == [4, 5])
            #expect(log.size.bytes <= 10_000)
            try log.store(String(repeating: "y", count: 50_000), in: topic)
            #expect(log.read(topic, from: .earliest).offsets == [6])
        }

        @Test(arguments: EventLogImplementation.all)
        func `keeps an event as long as its age allows`(_ implementation: EventLogImplementation) throws {
            let log = implementation { $0.age = .seconds(600) }
            let topic = try Topic("public/a")
            try log.store("a", in: topic, at: 0)
            try log.store("b", in: topic, at: 100)
            #expect(log.read(topic, from: .earliest, at: 600).texts == ["a", "b"])
            #expect(log.read(topic, from: .earliest, at: 601).texts == ["b"])
            #expect(log.read(topic, from: .earliest, at: 701).texts.isEmpty)
        }

        @Test(arguments: EventLogImplementation.all)
        func `keeps everything while the clock goes backwards`(_ implementation: EventLogImplementation) throws {
            let log = implementation()
            let topic = try Topic("public/a")
            try log.store("a", in: topic, at: 10_000)
            try log.store("b", in: topic, at: 0)
            #expect(log.read(topic, from: .earliest, at: -10_000).texts == ["a", "b"])
        }

        @Test(arguments: EventLogImplementation.all)
        func `writes payloads anew in their places, in the topics that are meant`(
            _ implementation: EventLogImplementation
        ) throws {
            let log = implementation()
            let names = ["rooms/a", "rooms/b", "users/a"]
            for name in names {
                for text in ["keep", "secret", "keep"] { try log.store(text, in: try Topic(name)) }
            }
            let before = try log.read(Topic("rooms/a"), from: .earliest)
            let bytes = log.size.bytes
            func blank(_ publication: Publication) -> ByteBuffer? {
                String(buffer: publication.payload) == "secret" ? ByteBuffer(string: "-") : nil
            }
            log.rewrite(.topic(try Topic("rooms/a")), blank)
            let after = try log.read(Topic("rooms/a"), from: .earliest)
            #expect(after.texts == ["keep", "-", "keep"])
            #expect(after.offsets == [1, 2, 3])
            #expect(before.texts == ["keep", "secret", "keep"])
            #expect(after.publications.map(\.timestamp) == before.publications.map(\.timestamp))
            #expect(log.size.bytes == bytes - 5)
            log.rewrite(.prefix("rooms/"), blank)
            #expect(try log.read(Topic("rooms/b"), from: .earliest).texts == ["keep", "-", "keep"])
            #expect(try log.read(Topic("users/a"), from: .earliest).texts == ["keep", "secret", "keep"])
            log.rewrite(.topic(try Topic("nowhere")), blank)
            #expect(log.size.topics == 3)
            #expect(log.size.bytes == bytes - 10)
        }

        @Test(arguments: EventLogImplementation.all)
        func `sweeps topics that nobody touches`(_ implementation: EventLogImplementation) throws {
            let log = implementation { retention in
                retention.age = .seconds(10)
                retention.positionAge = .seconds(10)
            }
            for number in 0..<100 { try log.store("a", in: try Topic("public/\(number)"), at: Int64(number)) }
            log.sweep(at: .at(59))
            #expect(log.size.topics == 51)
            #expect(log.size.publications == 51)
            log.sweep(at: .at(1_000))
            #expect(log.size == LogSize())
        }

        @Test(arguments: EventLogImplementation.all)
        func `refuses an event when all topics together are full, and stores nothing of it`(
            _ implementation: EventLogImplementation
        ) throws {
            let log = implementation { $0.totalBytes = 5_000 }
            let topic = try Topic("public/a")
            while log.size.bytes < 5_000 { try log.store(String(repeating: "x", count: 1_000), in: topic) }
            let before = log.size
            #expect(refusal { () throws(WireError) in try log.store("one more", in: topic, key: "k") } == .overloaded)
            #expect(log.size == before)
            #expect(!log.read(topic, from: .earliest).texts.contains("one more"))
            log.sweep(at: .at(601))
            #expect(try log.store("one more", in: topic, key: "k", at: 601).isDuplicate == false)
        }

        @Test(arguments: EventLogImplementation.all)
        func `refuses one topic more than it may hold, and goes on with those that are there`(
            _ implementation: EventLogImplementation
        ) throws {
            let log = implementation { $0.topics = 2 }
            let (first, second, third) = (try Topic("1"), try Topic("2"), try Topic("3"))
            try log.store("a", in: first)
            try log.store("a", in: second)
            #expect(refusal { () throws(WireError) in try log.store("a", in: third) } == .overloaded)
            #expect(log.read(third, from: .earliest).publications.isEmpty)
            try log.store("b", in: first)
            #expect(log.size.topics == 2)
            log.sweep(at: .at(601))
            try log.store("a", in: third, at: 601)
        }

        @Test(arguments: EventLogImplementation.all)
        func `knows its size, whatever has happened`(_ implementation: EventLogImplementation) throws {
            let log = implementation { retention in
                retention.age = .seconds(30)
                retention.publications = 7
                retention.bytes = 3_000
                retention.idempotencyWindow = .seconds(20)
                retention.positionAge = .seconds(500)
            }
            var generator = SeededGenerator(seed: 5)
            let topics = try (0..<8).map { try Topic("public/\($0)") }
            var now: Int64 = 0
            for _ in 0..<2_000 {
                now += Int64.random(in: 0...3, using: &generator)
                let topic = topics[Int.random(in: 0..<8, using: &generator)]
                switch Int.random(in: 0..<10, using: &generator) {
                case 0: log.sweep(at: .at(now))
                case 1: _ = log.read(topic, from: .earliest, at: now)
                default:
                    let text = String(repeating: "x", count: Int.random(in: 0...900, using: &generator))
                    let key = Bool.random(using: &generator) ? "\(Int.random(in: 0...5, using: &generator))" : nil
                    try log.store(text, in: topic, key: key, at: now)
                }
            }
            let held = topics.reduce(0) { $0 + log.read($1, from: .earliest, at: now).publications.count }
            #expect(log.size.publications == held)
            log.sweep(at: .at(now + 1_000))
            #expect(log.size == LogSize())
        }
    }
}
