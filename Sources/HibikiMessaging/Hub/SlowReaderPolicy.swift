// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What happens to a member whose outbound queue is full when its topic has something new.
///
/// Nobody else waits for it, and memory does not grow with it, whatever the policy.
public enum SlowReaderPolicy: String, Hashable, Sendable, CaseIterable {
    /// The connection is closed with a code that invites it to come back (4000), and resumes from its position. The default: nothing is lost.
    case close
    /// The member misses what does not fit. For events that are worth nothing a moment later: cursors, typing.
    case drop
    /// The member misses all but the newest, which it gets as soon as there is room. For values: prices, scores.
    case latest
}

/// Which policy a topic has.
public struct SlowReaderRules: Hashable, Sendable {
    private struct Rule: Hashable {
        var prefix: String
        var policy: SlowReaderPolicy
    }

    private var rules: [Rule] = []

    public init() {}

    /// Sets the policy of topics that begin with `prefix`. The longest prefix that fits decides.
    public mutating func set(_ policy: SlowReaderPolicy, forPrefix prefix: String) {
        self.rules.removeAll { $0.prefix == prefix }
        self.rules.append(Rule(prefix: prefix, policy: policy))
        self.rules.sort { $0.prefix.utf8.count > $1.prefix.utf8.count }
    }

    /// The rules as `PREFIX=POLICY`, the longest prefix first.
    public var texts: [String] { self.rules.map { "\($0.prefix)=\($0.policy.rawValue)" } }

    public func policy(for topic: Topic) -> SlowReaderPolicy {
        self.rules.first { topic.name.utf8.starts(with: $0.prefix.utf8) }?.policy ?? .close
    }
}
