// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension ChatEvent {
    /// The same without what somebody has reacted with: the message has changed, and stands as it stands.
    package var withoutReaction: ChatEvent {
        guard case .reaction(let sequence, _, _) = self.kind else { return self }
        var event = self
        event.kind = .messageEdited(sequence)
        return event
    }
}
