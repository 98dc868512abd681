// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The two people of a direct room, in one order whoever asks. Somebody may write to himself.
public struct DirectPair: Hashable, Sendable {
    public let first: UserID
    public let second: UserID

    public init(_ one: UserID, _ other: UserID) {
        self.first = min(one, other)
        self.second = max(one, other)
    }

    /// One text for one pair, to be looked up by: the length of the first id says where it ends.
    public var text: String { "\(self.first.rawValue.utf8.count):\(self.first)|\(self.second)" }
}
