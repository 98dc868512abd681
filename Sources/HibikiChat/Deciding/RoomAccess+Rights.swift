// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire

extension RoomAccess {
    /// Whether the person is in the room and has a right there.
    func allow(_ right: Right, at now: Timestamp) throws(WireError) {
        let member = try self.joined(at: now)
        guard member.role >= right.role else { throw .denied("this takes the role \(right.role.rawValue)") }
        if right == .write, member.isMuted(at: now) { throw .muted }
    }

    /// What the person may read. Who was removed reads up to the removal; who was banned or never in, nothing.
    func window(at now: Timestamp) throws(WireError) -> ReadingWindow {
        guard let member = self.membership else { throw self.stranger }
        switch member.standing {
        case .joined: return .open
        case .left, .kicked: return ReadingWindow(lastSequence: member.lastSequence, lastRevision: member.lastRevision)
        case .banned: throw member.isBanned(at: now) ? .banned : self.stranger
        case .invited: throw self.stranger
        }
    }

    private func joined(at now: Timestamp) throws(WireError) -> Membership {
        guard let member = self.membership else { throw self.stranger }
        switch member.standing {
        case .joined: return member
        case .banned where member.isBanned(at: now): throw .banned
        case .left, .kicked, .banned, .invited: throw .notAMember
        }
    }

    /// Only a public room tells strangers that it is there.
    private var stranger: WireError { self.room.kind == .public ? .notAMember : .noSuchRoom }
}
