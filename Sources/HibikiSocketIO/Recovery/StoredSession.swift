// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
package import HibikiSocketIOCodec

/// What a socket leaves behind when it goes and may come back.
package struct LeavingSession: Sendable {
    package var id: String
    /// Known to the client alone.
    package var privateID: String
    package var data: (any Sendable)?
    /// Who it was, for the check when it comes back.
    package var who: String?
    /// Whose token it had, for the same check.
    package var principal: String?

    package init(
        id: String, privateID: String, data: (any Sendable)? = nil, who: String? = nil, principal: String? = nil
    ) {
        self.id = id
        self.privateID = privateID
        self.data = data
        self.who = who
        self.principal = principal
    }
}

/// What is kept of a socket that has gone.
package struct StoredSession: Sendable {
    package struct Membership: Hashable, Sendable {
        package var room: String
        /// The newest event that the namespace had when the socket joined: it has missed none that is older.
        package var joined: UInt64
    }

    package var socket: LeavingSession
    /// Without the room of its own id.
    package var memberships: [Membership]
    package var disconnected: Timestamp
    package var history: MemberHistory
    /// The newest event that the socket's event loop had handed out, to whomever.
    package var handed: StreamPosition

    package var rooms: [String] { self.memberships.map(\.room) }

    /// After which event the socket has missed something; `nil` if its client says what it cannot know.
    ///
    /// The client names the last event that it has got. In a namespace where others get much, that one may have left the
    /// log long ago. But if nothing was sent to the client after it, it has all that was handed out while it was there.
    ///
    /// - Parameter offset: `nil` of a client that has got no event.
    func start(after offset: String?) -> StreamPosition? {
        let connected = self.history.connected
        guard let offset else {
            let gotNone =
                self.history.lastSent.epoch == connected.epoch
                && self.history.lastSent.offset <= connected.offset
            return gotNone ? self.handed : connected
        }
        guard let last = StreamPosition(offset) else { return nil }
        if last.epoch == self.handed.epoch, last.epoch == self.history.lastSent.epoch,
            (self.history.lastSent.offset...max(self.history.lastSent.offset, self.handed.offset)) ~= last.offset
        {
            return self.handed.offset >= last.offset ? self.handed : last
        }
        // What was there before the socket is not its own, whatever its client asks for.
        return last.epoch == connected.epoch && last.offset < connected.offset ? connected : last
    }
}

/// Where a member stands in the log of its namespace.
package struct MemberHistory: Hashable, Sendable {
    /// Where it began: it has no earlier event, or has it from an earlier life.
    package var connected: StreamPosition
    /// The last event that was handed to it; ``connected`` if none was.
    package var lastSent: StreamPosition
}

/// What continues a session.
package struct Restored: Sendable {
    package var seat: RoomSeat
    /// Without the room of its own id.
    package var rooms: [String]
    /// Oldest first, each with its offset.
    package var missed: [EncodedPacket]
}
