// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension Hub {
    /// A page of the topics that have events or members on this node.
    package func select(_ selection: consuming TopicSelection) -> (topics: [Topic], hasMore: Bool) {
        self.broker.log.select(into: &selection)
        self.routes.select(into: &selection)
        return selection.page()
    }

    package func hasMembers(_ topic: Topic) -> Bool {
        self.routes.withLoops(of: topic) { $0 != 0 }
    }
}
