// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Who is subscribed to a topic on this node.
public struct TopicPresence: Hashable, Sendable {
    public var count: Int
    /// The ids of at most as many as were asked for.
    public var clients: [ClientID]
}

extension Hub {
    /// - Parameters:
    ///   - limit: the most ids to list.
    ///   - completion: called on any thread.
    public func presence(
        of topic: Topic, limit: Int, completion: @escaping @Sendable (TopicPresence) -> Void
    ) {
        self.gather { loop in
            let members = loop.members(of: topic)
            let count = members.reduce(0) { $0 + $1.subscriber.listeners }
            let ids = members.lazy.compactMap { $0.subscriber.clientID }.prefix(limit)
            return TopicPresence(count: count, clients: Array(ids))
        } completion: { parts in
            let ids = parts.lazy.flatMap(\.clients).prefix(limit)
            completion(TopicPresence(count: parts.reduce(0) { $0 + $1.count }, clients: Array(ids)))
        }
    }

    package func presence(of topic: Topic, limit: Int) async -> TopicPresence {
        await withCheckedContinuation { continuation in
            self.presence(of: topic, limit: limit) { continuation.resume(returning: $0) }
        }
    }

    /// How many listen to each of the topics on this node, in their order.
    package func listeners(of topics: [Topic]) async -> [Int] {
        await withCheckedContinuation { continuation in
            self.gather { loop in
                topics.map { loop.members(of: $0).reduce(0) { $0 + $1.subscriber.listeners } }
            } completion: { parts in
                let none = [Int](repeating: 0, count: topics.count)
                continuation.resume(returning: parts.reduce(none) { zip($0, $1).map { $0 + $1 } })
            }
        }
    }

    /// Topics that somebody listens to on this node. The server's own, such as those of Socket.IO namespaces, do not count.
    public var topicsWithMembers: Int { self.routes.count }
}
