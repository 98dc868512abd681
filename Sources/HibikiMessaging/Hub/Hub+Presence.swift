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
            let ids = members.lazy.compactMap { $0.subscriber.clientID }.prefix(limit)
            return TopicPresence(count: members.count, clients: Array(ids))
        } completion: { parts in
            let ids = parts.lazy.flatMap(\.clients).prefix(limit)
            completion(TopicPresence(count: parts.reduce(0) { $0 + $1.count }, clients: Array(ids)))
        }
    }

    /// Whether somebody listens to a topic on this node.
    package func isFollowed(_ topic: Topic) -> Bool {
        self.routes.withLoops(of: topic) { $0 != 0 }
    }

    /// Topics that somebody listens to on this node. The server's own, such as those of Socket.IO namespaces, do not count.
    public var topicsWithMembers: Int { self.routes.count }
}
