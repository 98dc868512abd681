// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire

extension ChatLedger {
    /// Moves a marker forward; to where it is or before, it does not move. What was read has also arrived.
    mutating func mark(_ id: MessageID, isRead: Bool, _ order: ChatOrder) throws(WireError) -> ChatResult {
        var (room, member) = try self.enter(id.room, order)
        // An administrator from outside has no marker.
        guard var member, member.isJoined else { throw .notAMember }
        guard id.sequence <= room.sequence else { throw .noSuchMessage }
        let marker = isRead ? member.lastRead : member.lastDelivered
        guard id.sequence > marker else { return .marked(member) }
        member.lastDelivered = max(member.lastDelivered, id.sequence)
        if isRead {
            member.lastRead = id.sequence
            member.readAt = order.now
            self.tell(.marked(member.key))
        }
        self.put(member)
        if room.members <= self.limits.receipts {
            self.happen(isRead ? .readReceipt(id.sequence) : .deliveryReceipt(id.sequence), in: &room, order)
            self.put(room)
        }
        return .marked(member)
    }
}
