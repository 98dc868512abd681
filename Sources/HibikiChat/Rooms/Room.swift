// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging

/// What is known of a room itself: one row.
public struct Room: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Two people, for ever the same. Nobody joins, leaves or is removed.
        case direct
        /// Whoever was invited.
        case group
        /// Whoever wants to.
        case `public`
    }

    public let id: RoomID
    public let kind: Kind
    public var name: String?
    /// What the room is about.
    public var about: String?
    /// The pair of a direct room. It changes only when one of them is erased.
    public package(set) var pair: DirectPair?
    public let createdAt: Timestamp
    public var createdBy: UserID
    /// The newest message's sequence; 0 before the first.
    public var sequence: Int64 = 0
    /// The newest event's revision; 0 before the first.
    public var revision: Int64 = 0
    /// The oldest message that retention has left is this or a later one.
    public var firstSequence: Int64 = 1
    /// The oldest event that retention has left is this or a later one.
    public var firstRevision: Int64 = 1
    /// How many have joined and not left.
    public var members: Int = 0
    /// How many of them are owners.
    public var owners: Int = 0
    /// How many messages are pinned.
    public var pins: Int = 0
    /// How many reports were made.
    public var reports: Int64 = 0

    public init(
        id: RoomID, kind: Kind, name: String? = nil, about: String? = nil, pair: DirectPair? = nil,
        createdAt: Timestamp, createdBy: UserID
    ) {
        self.id = id
        self.kind = kind
        self.name = name
        self.about = about
        self.pair = pair
        self.createdAt = createdAt
        self.createdBy = createdBy
    }
}
