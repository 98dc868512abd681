// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging

/// A link that lets people in: one row.
public struct Invite: Hashable, Sendable {
    public let token: InviteToken
    public let room: RoomID
    public var createdBy: UserID
    public let createdAt: Timestamp
    /// Nobody comes in with it after that; `nil` if it never runs out.
    public var expiresAt: Timestamp?
    /// How many may still come in with it; `nil` for any number.
    public var usesLeft: Int?
    public var isRevoked = false

    public init(
        token: InviteToken, room: RoomID, createdBy: UserID, createdAt: Timestamp, expiresAt: Timestamp?, usesLeft: Int?
    ) {
        self.token = token
        self.room = room
        self.createdBy = createdBy
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.usesLeft = usesLeft
    }

    public func isGood(at now: Timestamp) -> Bool {
        !self.isRevoked && self.expiresAt.map { now < $0 } ?? true && self.usesLeft.map { $0 > 0 } ?? true
    }
}
