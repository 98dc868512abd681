// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a member may do, in steps: each role has the rights of those below.
public enum Role: String, Hashable, Sendable, CaseIterable, Comparable {
    /// Reads, and marks as read.
    case reader
    /// Writes.
    case member
    /// Keeps order: pins, deletes what others wrote, invites, removes, mutes.
    case moderator
    /// Changes the room and the roles.
    case owner

    private var rank: Int {
        switch self {
        case .reader: 0
        case .member: 1
        case .moderator: 2
        case .owner: 3
        }
    }

    public static func < (one: Role, other: Role) -> Bool {
        one.rank < other.rank
    }
}
