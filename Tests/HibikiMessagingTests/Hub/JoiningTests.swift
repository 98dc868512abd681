// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTestSupport
import HibikiWire
import NIOCore
import Synchronization
import Testing

@testable import HibikiMessaging

@Suite struct `Joining while others publish` {
    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `leaves no gap, repeats nothing and keeps the order`(_ seed: UInt64) async throws {
        var retention = LogRetention()
        retention.publications = 10_000
        try await ThreadedHub.with(loops: 3, retention: retention) { threaded in
            let topic = try Topic("public/a")
            let hub = threaded.hub
            let crowd = Crowd()
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for publisher in 0..<3 {
                    tasks.addTask {
                        for number in 0..<400 {
                            _ = try await hub.publish(.text("\(publisher)/\(number)", to: topic), at: .at(0))
                            if number.isMultiple(of: 16) { await Task.yield() }
                        }
                    }
                }
                for number in threaded.loopNumbers {
                    tasks.addTask {
                        var generator = SeededGenerator(seed: seed << 8 | UInt64(number))
                        for _ in 0..<12 {
                            let portion = Int.random(in: 1...64, using: &generator)
                            let back = UInt64.random(in: 0...100, using: &generator)
                            try await threaded.on(number) { members in
                                let head = hub.read(topic, from: .latest, limit: 0, at: .at(0)).end
                                let start = StreamPosition(
                                    epoch: head.epoch, offset: head.offset - min(head.offset, back))
                                let listener = Listener(members)
                                _ = listener.join(hub, topic, from: .after(start), portion: portion)
                                crowd.add(listener, from: start.offset + 1, on: members.eventLoop)
                            }
                            for _ in 0..<Int.random(in: 0..<20, using: &generator) { await Task.yield() }
                        }
                    }
                }
                try await tasks.waitForAll()
            }
            try await threaded.settle()
            let members = try await crowd.members()
            #expect(members.count == 36)
            for member in members {
                #expect(member.offsets == Array(member.first..<1_201))
            }
        }
    }

    @Test func `keeps the order of each publisher in each topic on every loop`() async throws {
        try await ThreadedHub.with(loops: 3) { threaded in
            let topics = [try Topic("1"), try Topic("2")]
            let hub = threaded.hub
            let crowd = Crowd()
            for number in threaded.loopNumbers {
                for topic in topics {
                    try await threaded.on(number) { members in
                        let listener = Listener(members)
                        _ = listener.join(hub, topic, from: .earliest)
                        crowd.add(listener, from: 1, on: members.eventLoop)
                    }
                }
            }
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for publisher in 0..<4 {
                    tasks.addTask {
                        for number in 0..<200 {
                            _ = try await hub.publish(
                                .text("\(publisher) \(number)", to: topics[number % 2]), at: .at(0))
                        }
                    }
                }
                try await tasks.waitForAll()
            }
            try await threaded.settle()
            for member in try await crowd.members() {
                #expect(member.offsets == Array(1...400))
                for publisher in 0..<4 {
                    let numbers = member.texts.filter { $0.hasPrefix("\(publisher) ") }.compactMap {
                        Int($0.dropFirst(2))
                    }
                    #expect(numbers.count == 100)
                    #expect(numbers == numbers.sorted())
                }
            }
        }
    }

    @Test func `gives back what it holds of a duplicate to nobody`() async throws {
        try await ThreadedHub.with(loops: 1) { threaded in
            let topic = try Topic("public/a")
            let hub = threaded.hub
            let crowd = Crowd()
            try await threaded.on(0) { members in
                let listener = Listener(members)
                _ = listener.join(hub, topic, from: .latest)
                crowd.add(listener, from: 1, on: members.eventLoop)
            }
            for _ in 0..<3 { _ = try await hub.publish(.text("a", to: topic, key: "k"), at: .at(0)) }
            try await threaded.settle()
            #expect(try await crowd.members().map(\.texts) == [["a"]])
        }
    }
}

/// The listeners of several loops, to be asked when all is over.
private final class Crowd: Sendable {
    struct Member: Sendable {
        var first: UInt64
        var offsets: [UInt64]
        var texts: [String]
    }

    private let listeners = Mutex<[(first: UInt64, listener: NIOLoopBound<Listener>, eventLoop: any EventLoop)]>([])

    func add(_ listener: Listener, from first: UInt64, on eventLoop: any EventLoop) {
        let bound = NIOLoopBound(listener, eventLoop: eventLoop)
        self.listeners.withLock { $0.append((first, bound, eventLoop)) }
    }

    func members() async throws -> [Member] {
        var members: [Member] = []
        for (first, listener, eventLoop) in self.listeners.withLock({ $0 }) {
            members.append(
                try await eventLoop.submit {
                    Member(first: first, offsets: listener.value.offsets, texts: listener.value.texts)
                }.get())
        }
        return members
    }
}
