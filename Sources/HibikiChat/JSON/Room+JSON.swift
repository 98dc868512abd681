// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import NIOCore

extension Room {
    func write(into buffer: inout ByteBuffer) {
        buffer.writeJSONObject { self.put(into: &$0) }
    }

    func put(into object: inout JSONObjectWriter) {
        object.put("id", self.id.rawValue)
        object.put("kind", self.kind.rawValue)
        object.put("name", ifAny: self.name)
        object.put("about", ifAny: self.about)
        if let pair = self.pair { object.put("people", texts: [pair.first.rawValue, pair.second.rawValue]) }
        object.put("createdAt", self.createdAt.milliseconds)
        object.put("createdBy", self.createdBy.rawValue)
        object.put("sequence", self.sequence)
        object.put("revision", self.revision)
        object.put("members", self.members)
        object.put("pins", self.pins)
    }
}

extension Membership {
    func write(into buffer: inout ByteBuffer) {
        buffer.writeJSONObject { self.put(into: &$0) }
    }

    private func put(into object: inout JSONObjectWriter) {
        object.put("userId", self.user.rawValue)
        object.put("userName", ifAny: self.name)
        object.put("role", self.role.rawValue)
        object.put("standing", self.standing.rawValue)
        object.put("since", self.since.milliseconds)
        if let until = self.mutedUntil {
            // A mute without an end has no time: that of ``Timestamp/never`` is more than a number of JavaScript holds.
            object.put("muted", true)
            if until != .never { object.put("mutedUntil", until.milliseconds) }
        }
        object.put("bannedUntil", ifAny: self.bannedUntil?.milliseconds)
        self.putMarkers(into: &object)
    }

    private func putMarkers(into object: inout JSONObjectWriter) {
        object.put("lastRead", self.lastRead)
        if self.lastRead > 0 { object.put("lastReadId", MessageID(self.room, self.lastRead).description) }
        object.put("readAt", ifAny: self.readAt?.milliseconds)
        object.put("lastDelivered", self.lastDelivered)
    }
}

extension RoomSummary {
    func write(into buffer: inout ByteBuffer) {
        buffer.writeJSONObject { object in
            self.room.put(into: &object)
            object.put("membership") { self.membership.write(into: &$0) }
            object.put("unread", self.unread)
            object.put("unreadMentions", self.unreadMentions)
            object.put("lastRead", self.membership.lastRead)
            if let last = self.last { object.put("lastMessage") { last.write(into: &$0) } }
        }
    }
}

extension Invite {
    func write(into buffer: inout ByteBuffer) {
        buffer.writeJSONObject { object in
            object.put("invite", self.token.rawValue)
            object.put("roomId", self.room.rawValue)
            object.put("createdBy", self.createdBy.rawValue)
            object.put("createdAt", self.createdAt.milliseconds)
            object.put("expiresAt", ifAny: self.expiresAt?.milliseconds)
            object.put("usesLeft", ifAny: self.usesLeft)
        }
    }
}

extension Report {
    var json: ByteBuffer { .jsonObject { self.put(into: &$0) } }

    func write(into buffer: inout ByteBuffer) {
        buffer.writeJSONObject { self.put(into: &$0) }
    }

    func put(into object: inout JSONObjectWriter) {
        object.put("number", self.number)
        object.put("messageId", self.message.description)
        object.put("roomId", self.message.room.rawValue)
        object.put("reporter", self.reporter.rawValue)
        object.put("reason", self.reason)
        object.put("timestamp", self.timestamp.milliseconds)
        object.put("state", self.state.rawValue)
        guard let settlement = self.settlement else { return }
        object.put("outcome", settlement.outcome.rawValue)
        object.put("note", settlement.note)
        object.put("settledBy", settlement.by.rawValue)
        object.put("settledAt", settlement.timestamp.milliseconds)
    }
}

extension Contact {
    func write(into buffer: inout ByteBuffer) {
        buffer.writeJSONObject { object in
            object.put("userId", self.key.contact.rawValue)
            object.put("addedAt", self.addedAt.milliseconds)
        }
    }
}
