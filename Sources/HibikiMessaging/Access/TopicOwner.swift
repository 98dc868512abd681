// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A feature whose topics these are: it alone publishes there, and it says who may follow them.
///
/// No rule and no token opens such a topic to anybody, and nobody else is asked about it. An API key may read what it is for.
public protocol TopicOwner: Sendable {
    /// Called for every command about a topic, so it must be quick.
    func owns(_ topic: Topic) -> Bool

    /// What is known about following a topic without asking; `nil` if ``ask(_:of:at:)`` has to be. Called on event loops, and again
    /// when ``ask(_:of:at:)`` has said yes: so somebody who was put out meanwhile stays out.
    func known(_ topic: Topic, of principal: Principal, at now: Timestamp) -> Bool?

    /// Finds out whether somebody may follow a topic. Called on no event loop.
    func ask(_ topic: Topic, of principal: Principal, at now: Timestamp) async -> AuthorizationAnswer
}

extension AccessControl {
    func owner(of action: Action) -> (owner: any TopicOwner, topic: Topic)? {
        guard !self.owners.isEmpty, let topic = action.topic, let owner = self.owners.first(where: { $0.owns(topic) })
        else { return nil }
        return (owner, topic)
    }

    func verdict(
        of owner: any TopicOwner, on action: Action, _ topic: Topic, by principal: Principal, at now: Timestamp
    ) -> Verdict {
        guard action.kind != .publish else { return .denied }
        guard principal.key == nil else {
            return principal.grants.contains { $0.allows(action, to: principal) } ? .allowed : .denied
        }
        switch owner.known(topic, of: principal, at: now) {
        case true: return .allowed
        case false: return .denied
        default: return .undecided
        }
    }
}
