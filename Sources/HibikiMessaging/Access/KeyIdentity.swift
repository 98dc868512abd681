// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What an API key may be used for.
public enum KeyScope: String, Hashable, Sendable, CaseIterable {
    /// To publish to the topics of the key.
    case publish
    /// To follow the topics of the key, to read what came before, to see who follows them, and to list them.
    case read
    /// To see connections and to end them, and to take subscribers out of the topics of the key.
    case manage
    /// To read `/metrics` from anywhere.
    case metrics

    fileprivate var actions: String? {
        switch self {
        case .publish: "publish"
        case .read: "subscribe+history+presence"
        case .manage, .metrics: nil
        }
    }
}

/// An API key, as far as everybody may know it: its name, and what it allows.
public struct KeyIdentity: Hashable, Sendable {
    /// Stands in the log in the place of the key.
    public let name: String
    public let scopes: Set<KeyScope>
    /// The topics that it is for.
    public let patterns: [TopicPattern]
    let grants: [Grant]

    /// - Parameter patterns: those of all topics, if there are none.
    public init(name: String, scopes: Set<KeyScope>, patterns: [String]) throws(TopicPattern.Problem) {
        self.name = name
        self.scopes = scopes
        var grants: [Grant] = []
        var parsed: [TopicPattern] = []
        for pattern in patterns.isEmpty ? ["**"] : patterns {
            parsed.append(try TopicPattern(pattern))
            // Not as the set has them: the same key is to be the same, whenever it is read.
            for actions in KeyScope.allCases.filter(scopes.contains).compactMap(\.actions) {
                grants.append(try Grant("\(actions) \(pattern)"))
            }
        }
        self.patterns = parsed
        self.grants = grants
    }

    /// Whether a topic is one of those that the key is for.
    public func isFor(_ topic: Topic) -> Bool {
        self.patterns.contains { $0.matches(topic, for: .anonymous) }
    }
}
