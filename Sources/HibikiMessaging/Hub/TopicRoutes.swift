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

    /// Calls `body` with the loops that have members, one call after the other for each topic: what one call leaves on
    /// several loops comes before or after what another does on all of them.
    func withLoops<Result>(of topic: Topic, _ body: (Loops) -> Result) -> Result {
        self.shard(of: topic).loops.withLock { body($0[topic] ?? 0) }
    }

    /// How many topics have members, without those of the server itself.
    var count: Int {
        self.shards.reduce(0) { sum, shard in
            sum + shard.loops.withLock { $0.keys.count { !$0.isReserved } }
        }
    }

    /// Has a selection look at all topics that have members, without those of the server itself.
    func select(into selection: inout TopicSelection) {
        for shard in self.shards {
            shard.loops.withLock { routes in
                for topic in routes.keys where !topic.isReserved { selection.consider(topic) }
            }
        }
    }

    private func shard(of topic: Topic) -> Shard {
        self.shards[Int(topic.fingerprint % UInt64(self.shards.count))]
    }
}
