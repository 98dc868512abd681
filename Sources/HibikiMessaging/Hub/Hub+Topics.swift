// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension Hub {
    /// A page of the topics that have events or members on this node.
    package func select(_ selection: consuming TopicSelection) -> (topics: [Topic], hasMore: Bool) {
        self.broker.log.select(into: &selection)
        self.routes.select(into: &selection)
        return selection.page()
    }

    /// Takes all connections of somebody out of a topic on this node, and tells their clients. Nothing reaches them that is published
    /// there after this call, nor what they had yet to read.
    package func evict(_ principal: String, from topic: Topic) {
        self.postToAll(in: topic) { $0.evict(principal, from: topic) }
    }

    package func hasMembers(_ topic: Topic) -> Bool {
        self.routes.withLoops(of: topic) { $0 != 0 }
    }
}
