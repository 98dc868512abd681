// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import NIOCore
import NIOEmbedded
import NIOPosix

/// A hub on an event loop that turns when the test says so. Used by one test on one thread.
struct SteppedHub {
    let eventLoop = EmbeddedEventLoop()
    let log: MemoryEventLog
    let hub: Hub
    let members: LoopHub

    init(retention: LogRetention = LogRetention(), slowReaders: SlowReaderRules = SlowReaderRules()) throws {
        self.log = MemoryEventLog(epoch: Epoch(7), retention: retention)
        let broker = DirectBroker(self.log)
        self.hub = Hub(
            broker: broker, permissions: .development, slowReaders: slowReaders, eventLoops: [self.eventLoop])
        broker.join(self.hub)
        guard let members = self.hub.makeLoopHub(on: self.eventLoop) else { throw NoSuchLoop() }
        self.members = members
    }

    func publish(_ texts: String..., to topic: Topic, at seconds: Int64 = 0) {
        for text in texts {
            self.hub.publish(.text(text, to: topic), at: .at(seconds)) { _ in }
        }
    }

    func turn() {
        self.eventLoop.run()
    }
}

struct NoSuchLoop: Error {}

/// A hub on event loops with threads of their own.
struct ThreadedHub: Sendable {
    let group: MultiThreadedEventLoopGroup
    let hub: Hub
    private let loops: [NIOLoopBound<LoopHub>]

    static func with<Result>(
        loops count: Int, retention: LogRetention = LogRetention(), _ body: (ThreadedHub) async throws -> Result
    ) async throws -> Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: count)
        let log = MemoryEventLog(epoch: Epoch(7), retention: retention)
        let eventLoops = Array(group.makeIterator())
        let hub = Hub(broker: LocalBroker(log: log), permissions: .development, eventLoops: eventLoops)
        try await hub.start()
        var loops: [NIOLoopBound<LoopHub>] = []
        for eventLoop in eventLoops {
            loops.append(
                try await eventLoop.submit {
                    guard let members = hub.makeLoopHub(on: eventLoop) else { throw NoSuchLoop() }
                    return NIOLoopBound(members, eventLoop: eventLoop)
                }.get())
        }
        let result = try await body(ThreadedHub(group: group, hub: hub, loops: loops))
        try await group.shutdownGracefully()
        return result
    }

    var loopNumbers: Range<Int> { self.loops.indices }

    func on<Result: Sendable>(
        _ number: Int, _ body: @escaping @Sendable (LoopHub) throws -> Result
    ) async throws -> Result {
        let loop = self.loops[number]
        return try await loop.eventLoop.submit { try body(loop.value) }.get()
    }

    /// Returns when every loop has handed on what was published before this was called.
    func settle() async throws {
        for number in self.loopNumbers {
            try await self.on(number) { _ in }
        }
    }
}
