// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Somebody else who knows who may do what, and is asked about what no rule allows.
public protocol Authorizer: Sendable {
    /// What is known without asking; `nil` if somebody has to be asked. Called on event loops, so it must be quick.
    func known(_ question: AuthorizationQuestion, at now: Timestamp) -> Bool?

    /// Asks. Called on no event loop.
    func ask(_ question: AuthorizationQuestion, at now: Timestamp) async -> AuthorizationAnswer
}

/// Whether somebody may do something.
public struct AuthorizationQuestion: Hashable, Sendable {
    public enum Verb: String, Hashable, Sendable {
        /// To be here at all.
        case connect
        /// To follow a topic, to read its history, and to see who else does.
        case subscribe
        case publish
    }

    public let verb: Verb
    /// `nil` for ``Verb/connect``.
    public let topic: Topic?
    /// `nil` for nobody whom we know.
    public let id: String?
    public let roles: Set<String>

    public init(_ verb: Verb, _ topic: Topic? = nil, by principal: Principal) {
        self.verb = verb
        self.topic = topic
        self.id = principal.id
        self.roles = principal.roles
    }

    /// `nil` for what nobody else is asked about.
    init?(_ action: Action, by principal: Principal) {
        switch action {
        case .subscribe(let topic), .presence(let topic), .history(let topic):
            self.init(.subscribe, topic, by: principal)
        case .publish(let topic):
            self.init(.publish, topic, by: principal)
        case .signal:
            return nil
        }
    }
}

public enum AuthorizationAnswer: Hashable, Sendable {
    case allowed
    case denied
    /// There was no answer, or none that could be understood. It counts as no, but may be another later.
    case unavailable
}
