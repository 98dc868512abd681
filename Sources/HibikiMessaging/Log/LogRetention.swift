// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// How much of the past the log of one topic keeps. Whatever bound is reached first counts.
public struct TopicRetention: Hashable, Sendable {
    /// Events. Default 1,000.
    public var publications: Int
    /// Bytes, payloads and their overhead. Default 16 MiB.
    public var bytes: Int
    /// Age of an event. Default 10 minutes.
    public var age: Duration

    public init(publications: Int = 1_000, bytes: Int = 16 << 20, age: Duration = .seconds(600)) {
        self.publications = publications
        self.bytes = bytes
        self.age = age
    }
}

/// How much of the past a log keeps.
public struct LogRetention: Hashable, Sendable {
    private struct Rule: Hashable {
        var prefix: String
        var retention: TopicRetention
    }

    /// What a topic keeps for which no rule has been set; see ``set(_:forPrefix:)``.
    public var standard = TopicRetention()
    private var rules: [Rule] = []
    /// How long an idempotency key is remembered. Default 5 minutes.
    public var idempotencyWindow: Duration = .seconds(300)
    /// Idempotency keys of a topic; the oldest is forgotten early when there are more. Default 100,000.
    public var idempotencyKeys = 100_000
    /// How long the position of a topic is known after its last event. A reader that comes back later is told that there is
    /// a gap, even if there is none. Default 24 hours; shorter while there are more than half of ``topics``.
    public var positionAge: Duration = .seconds(86_400)
    /// Bytes of all topics together. A publication beyond it is refused, because what others were promised would have to go. Default 1 GiB.
    public var totalBytes = 1 << 30
    /// Topics that are known. A publication that would begin one more is refused. Default 1,000,000.
    public var topics = 1_000_000

    public init() {}

    /// Events of a topic. Default 1,000.
    public var publications: Int {
        get { self.standard.publications }
        set { self.standard.publications = newValue }
    }

    /// Bytes of a topic, payloads and their overhead. Default 16 MiB.
    public var bytes: Int {
        get { self.standard.bytes }
        set { self.standard.bytes = newValue }
    }

    /// Age of an event. Default 10 minutes.
    public var age: Duration {
        get { self.standard.age }
        set { self.standard.age = newValue }
    }

    /// Sets what topics keep that begin with `prefix`. The longest prefix that fits decides.
    public mutating func set(_ retention: TopicRetention, forPrefix prefix: String) {
        self.rules.removeAll { $0.prefix.utf8.elementsEqual(prefix.utf8) }
        self.rules.append(Rule(prefix: prefix, retention: retention))
        self.rules.sort { $0.prefix.utf8.count > $1.prefix.utf8.count }
    }

    public func retention(of topic: Topic) -> TopicRetention {
        self.rules.first { topic.name.utf8.starts(with: $0.prefix.utf8) }?.retention ?? self.standard
    }
}
