// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a principal may want to do.
public enum Action: Hashable, Sendable {
    /// To hear what is published from now on.
    case subscribe(Topic)
    case publish(Topic)
    /// To see who listens.
    case presence(Topic)
    /// To read what was published before: with `history`, or by beginning at an earlier position.
    case history(Topic)
    /// Messages from connection to connection, which no topic guards: `broadcast` and `direct`.
    case signal

    /// The words that rules have for actions.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case subscribe, publish, presence, history, signal
    }

    public var kind: Kind {
        switch self {
        case .subscribe: .subscribe
        case .publish: .publish
        case .presence: .presence
        case .history: .history
        case .signal: .signal
        }
    }

    public var topic: Topic? {
        switch self {
        case .subscribe(let topic), .publish(let topic), .presence(let topic), .history(let topic): topic
        case .signal: nil
        }
    }
}
