// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a principal may want to do.
public enum Action: Hashable, Sendable {
    case subscribe(Topic)
    case publish(Topic)
    /// Messages from connection to connection, which no topic guards: `broadcast` and `direct`.
    case signal
}

/// Decides what a principal may do. Asked for every command, so it must be quick.
public struct Permissions: Sendable {
    private let decide: @Sendable (Principal, Action) -> Bool

    public init(_ decide: @escaping @Sendable (Principal, Action) -> Bool) {
        self.decide = decide
    }

    public func allows(_ principal: Principal, _ action: Action) -> Bool {
        self.decide(principal, action)
    }

    /// For trying things out: anybody may read and write topics under `public/` and send signals; nothing else.
    public static let development = Permissions { _, action in
        switch action {
        case .subscribe(let topic), .publish(let topic): topic.name.utf8.starts(with: "public/".utf8)
        case .signal: true
        }
    }

    /// Whoever is known may read and write topics under `public/`; anonymous clients may do nothing.
    public static let production = Permissions { principal, action in
        guard !principal.isAnonymous else { return false }
        switch action {
        case .subscribe(let topic), .publish(let topic): return topic.name.utf8.starts(with: "public/".utf8)
        case .signal: return false
        }
    }
}
