// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization

/// Which event loops have members of a topic.
final class TopicRoutes: Sendable {
    /// A bit for each event loop.
    typealias Loops = UInt64

    private final class Shard: Sendable {
        let loops = Mutex<[Topic: Loops]>([:])
    }

    private let shards = (0..<64).map { _ in Shard() }

    func add(_ topic: Topic, loop: Int) {
        self.shard(of: topic).loops.withLock { $0[topic, default: 0] |= 1 << loop }
    }

    func remove(_ topic: Topic, loop: Int) {
        self.shard(of: topic).loops.withLock { routes in
            guard let loops = routes[topic] else { return }
            let rest = loops & ~(1 << loop)
            routes[topic] = rest == 0 ? nil : rest
        }
    }

    func loops(of topic: Topic) -> Loops {
        self.shard(of: topic).loops.withLock { $0[topic] ?? 0 }
    }

    var count: Int {
        self.shards.reduce(0) { sum, shard in sum + shard.loops.withLock { $0.count } }
    }

    private func shard(of topic: Topic) -> Shard {
        self.shards[Int(topic.fingerprint % UInt64(self.shards.count))]
    }
}
