// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The first topics, by the bytes of their names, of those that come after a place and are wanted: one page of a list that may be
/// long. It keeps a page of them, however many it looks at.
public struct TopicSelection: Sendable {
    private let limit: Int
    private let prefix: String
    private let after: Topic?
    private let isWanted: @Sendable (Topic) -> Bool
    /// At most twice as many as are wanted; beyond that those that cannot be among them are dropped.
    private var found: Set<Topic> = []
    /// None behind this one is among the first.
    private var last: Topic?

    /// - Parameters:
    ///   - prefix: how names begin.
    ///   - after: where the page before has ended.
    ///   - isWanted: asked for topics that might be among the first.
    public init(
        limit: Int, prefix: String = "", after: Topic? = nil,
        where isWanted: @escaping @Sendable (Topic) -> Bool = { _ in true }
    ) {
        self.limit = max(1, limit)
        self.prefix = prefix
        self.after = after
        self.isWanted = isWanted
    }

    /// Takes a topic, if it is one of the first. The same one may come several times.
    public mutating func consider(_ topic: Topic) {
        guard topic.name.utf8.starts(with: self.prefix.utf8), self.after.map({ $0.precedes(topic) }) ?? true,
            self.last.map({ topic.precedes($0) }) ?? true, self.isWanted(topic)
        else { return }
        self.found.insert(topic)
        if self.found.count > self.limit * 2 { self.narrow() }
    }

    private mutating func narrow() {
        let first = self.found.sorted { $0.precedes($1) }.prefix(self.limit + 1)
        self.found = Set(first)
        self.last = first.last
    }

    /// The topics, in order, and whether there are more.
    public func page() -> (topics: [Topic], hasMore: Bool) {
        let all = self.found.sorted { $0.precedes($1) }
        return (Array(all.prefix(self.limit)), all.count > self.limit)
    }
}

extension Topic {
    /// The order of lists: by bytes, which is the same everywhere.
    package func precedes(_ other: Topic) -> Bool {
        self.name.utf8.lexicographicallyPrecedes(other.name.utf8)
    }
}
