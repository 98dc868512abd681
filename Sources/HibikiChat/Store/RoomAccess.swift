// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A room and what one person is to it, at one moment.
public struct RoomAccess: Hashable, Sendable {
    public var room: Room
    public var membership: Membership?

    public init(room: Room, membership: Membership?) {
        self.room = room
        self.membership = membership
    }
}

/// What of a room somebody may read.
public struct ReadingWindow: Hashable, Sendable {
    /// Messages up to this sequence…
    public var lastSequence: Int64
    /// …that were not changed after this revision, and events up to it.
    public var lastRevision: Int64

    public init(lastSequence: Int64, lastRevision: Int64) {
        self.lastSequence = lastSequence
        self.lastRevision = lastRevision
    }

    /// Everything: a member's.
    public static let open = ReadingWindow(lastSequence: .max, lastRevision: .max)

    public func holds(_ message: Message) -> Bool {
        message.sequence <= self.lastSequence && message.revision <= self.lastRevision
    }
}
