// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging

public struct MemberKey: Hashable, Sendable {
    public let room: RoomID
    public let user: UserID

    public init(_ room: RoomID, _ user: UserID) {
        self.room = room
        self.user = user
    }
}

/// What a room knows of a person who is or was in it, or was invited: one row.
public struct Membership: Hashable, Sendable {
    public enum Standing: String, Hashable, Sendable {
        case invited
        case joined
        case left
        case kicked
        case banned
    }

    public let key: MemberKey
    public var name: String?
    public var role: Role
    public var standing: Standing
    /// When the standing became what it is.
    public var since: Timestamp
    /// The room's counters at the removal; somebody who was removed reads up to them. 0 for whoever has joined.
    public var lastSequence: Int64 = 0
    public var lastRevision: Int64 = 0
    /// A mute ends then; `nil` without one, ``Timestamp/never`` for one that does not end.
    public var mutedUntil: Timestamp?
    /// A ban ends then; `nil` without one.
    public var bannedUntil: Timestamp?
    /// The last message that was read, by its sequence. Moves only forward.
    public var lastRead: Int64 = 0
    public var readAt: Timestamp?
    /// The last message that has arrived at one of his devices. Moves only forward, and is never behind ``lastRead``.
    public var lastDelivered: Int64 = 0

    public init(_ key: MemberKey, name: String?, role: Role, standing: Standing, since: Timestamp) {
        self.key = key
        self.name = name
        self.role = role
        self.standing = standing
        self.since = since
    }

    public var room: RoomID { self.key.room }
    public var user: UserID { self.key.user }
    public var isJoined: Bool { self.standing == .joined }

    public func isMuted(at now: Timestamp) -> Bool {
        self.mutedUntil.map { now < $0 } ?? false
    }

    public func isBanned(at now: Timestamp) -> Bool {
        self.standing == .banned && self.bannedUntil.map { now < $0 } ?? true
    }
}

extension Timestamp {
    /// Later than every time that a clock shows.
    public static let never = Timestamp(milliseconds: .max)
}
