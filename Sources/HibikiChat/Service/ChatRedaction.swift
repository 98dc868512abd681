// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What must not be told again of what was told before, to those who come later and ask a log for it.
public enum ChatRedaction: Hashable, Sendable {
    /// A message was deleted.
    ///
    /// - `message`: as it stands now.
    /// - `mentions`: whom it had named, whose own topics have it too.
    case message(Message, mentions: [Mention])
    /// A person was taken out; the pseudonym stands in that one's place.
    case person(UserID, pseudonym: UserID)
}
