// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
public import NIOCore

extension ChatResult {
    /// The answer as one JSON object.
    public var json: ByteBuffer {
        switch self {
        case .sent(let message, let isDuplicate):
            var buffer = ByteBuffer()
            message.write(into: &buffer, isDuplicate: isDuplicate)
            return buffer
        case .message(let message): return message.json
        case .history(let page): return page.json
        case .events(let page): return .jsonObject { page.put(into: &$0) }
        default: return .jsonObject { self.put(into: &$0) }
        }
    }

    private func put(into object: inout JSONObjectWriter) {
        switch self {
        case .done, .sent, .message, .history, .events, .erasing: break
        case .changed(let room, let revision):
            object.put("roomId", room.rawValue)
            object.put("revision", revision)
        case .room(let access): access.put(into: &object)
        case .joined(let access, let events):
            access.put(into: &object)
            events?.put(into: &object)
        case .invite(let invite):
            object.put("invite", invite.token.rawValue)
            object.put("roomId", invite.room.rawValue)
            object.put("expiresAt", ifAny: invite.expiresAt?.milliseconds)
            object.put("usesLeft", ifAny: invite.usesLeft)
        case .marked(let membership):
            object.put("roomId", membership.room.rawValue)
            object.put("lastRead", membership.lastRead)
            object.put("lastDelivered", membership.lastDelivered)
        case .erased(let pseudonym, let rooms):
            object.put("userId", pseudonym.rawValue)
            object.put("rooms", rooms)
        case .exported(let lines, let next):
            object.put("lines", String(buffer: lines))
            object.put("next", ifAny: next)
        case .report(let report): report.put(into: &object)
        case .rooms, .publicRooms, .members, .edits, .pins, .reports, .invites, .found, .contacts:
            self.putList(into: &object)
        }
    }

    private func putList(into object: inout JSONObjectWriter) {
        switch self {
        case .rooms(let rooms, let hasMore):
            object.put("rooms", list: rooms) { $0.write(into: &$1) }
            object.put("hasMore", hasMore)
        case .publicRooms(let rooms, let hasMore):
            object.put("rooms", list: rooms) { $0.write(into: &$1) }
            object.put("hasMore", hasMore)
        case .members(let members, let hasMore):
            object.put("members", list: members) { $0.write(into: &$1) }
            object.put("hasMore", hasMore)
        case .reports(let reports, let hasMore):
            object.put("reports", list: reports) { $0.write(into: &$1) }
            object.put("hasMore", hasMore)
        case .contacts(let contacts, let hasMore):
            object.put("contacts", list: contacts) { $0.write(into: &$1) }
            object.put("hasMore", hasMore)
        case .edits(let edits): object.put("edits", list: edits) { $0.write(into: &$1) }
        case .pins(let messages): object.put("messages", list: messages) { $0.write(into: &$1) }
        case .invites(let invites): object.put("invites", list: invites) { $0.write(into: &$1) }
        case .found(let messages, let cursor):
            object.put("messages", list: messages) { $0.write(into: &$1) }
            object.put("cursor", ifAny: cursor?.text)
        default: break
        }
    }
}

extension RoomAccess {
    func put(into object: inout JSONObjectWriter) {
        self.room.put(into: &object)
        if let membership = self.membership { object.put("membership") { membership.write(into: &$0) } }
    }
}

extension HistoryPage {
    public var json: ByteBuffer {
        .jsonObject { object in
            object.put("roomId", self.room.rawValue)
            object.put("messages", list: self.messages) { $0.write(into: &$1) }
            object.put("anchor", self.anchor)
            object.put("foundOldest", self.foundOldest)
            object.put("foundNewest", self.foundNewest)
            object.put("foundAnchor", self.foundAnchor)
        }
    }
}

extension EventPage {
    /// Behind the members of a room, which has its own id, or alone.
    func put(into object: inout JSONObjectWriter) {
        object.put("roomId", self.room.id.rawValue)
        object.put("events", list: self.rows) { $0.write(room: self.room, into: &$1) }
        object.put("lastRevision", self.revision)
        object.put("hasMore", self.hasMore)
        object.put("gap", ifTrue: self.isGap)
    }
}
