// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire

// MARK: Names of the chat

extension CommandReader {
    /// `roomId`, or `room` as older clients write it.
    func room() throws(WireError) -> RoomID {
        guard let room = RoomID(rawValue: try self.string("roomId", "room")) else {
            throw self.invalid("roomId", "expected 1 to 64 letters, digits, - _ . ~")
        }
        return room
    }

    func optionalRoom(_ name: String) throws(WireError) -> RoomID? {
        guard let text = try self.optionalString(name) else { return nil }
        guard let room = RoomID(rawValue: text) else { throw self.invalid(name, "no room's name") }
        return room
    }

    func user(_ name: String = "userId") throws(WireError) -> UserID {
        guard let user = try self.optionalUser(name) else { throw self.invalid(name, "missing") }
        return user
    }

    func optionalUser(_ name: String) throws(WireError) -> UserID? {
        guard let text = try self.optionalString(name) else { return nil }
        guard let user = UserID(rawValue: text) else { throw self.invalid(name, "no user's id") }
        return user
    }

    func message(_ name: String = "messageId") throws(WireError) -> MessageID {
        guard let message = try self.optionalMessage(name) else { throw self.invalid(name, "missing") }
        return message
    }

    /// A message's id, which must be of the room if that is named too.
    func optionalMessage(_ name: String) throws(WireError) -> MessageID? {
        guard let text = try self.optionalString(name) else { return nil }
        guard let message = MessageID(text) else { throw self.invalid(name, "no message's id") }
        let room = try self.optionalString("roomId", "room")
        guard room.map({ $0.utf8.elementsEqual(message.room.rawValue.utf8) }) ?? true else {
            throw self.invalid(name, "a message of another room")
        }
        return message
    }

    func emoji() throws(WireError) -> Emoji {
        guard let emoji = Emoji(rawValue: try self.string("emoji")) else {
            throw self.invalid("emoji", "expected 1 to 64 bytes")
        }
        return emoji
    }

    func clientID() throws(WireError) -> ClientMessageID? {
        guard let text = try self.optionalString("clientId") else { return nil }
        guard let id = ClientMessageID(rawValue: text) else {
            throw self.invalid("clientId", "expected 1 to 128 bytes")
        }
        return id
    }

    func invite() throws(WireError) -> InviteToken? {
        guard let text = try self.optionalString("invite") else { return nil }
        guard let token = InviteToken(rawValue: text) else { throw self.invalid("invite", "no invite's token") }
        return token
    }

    func users(_ name: String, limit: Int) throws(WireError) -> [UserID] {
        try self.list(name, limit: limit) { value, scanner throws(WireError) in
            guard value.kind == .string, let user = UserID(rawValue: scanner.text(of: value).string) else {
                throw self.invalid(name, "expected users' ids")
            }
            return user
        }
    }

    func mentions(limit: Int) throws(WireError) -> [Mention] {
        try self.list("mentions", limit: limit) { value, scanner throws(WireError) in
            guard value.kind == .string, let mention = Mention(text: scanner.text(of: value).string) else {
                throw self.invalid("mentions", "expected users' ids or @all")
            }
            return mention
        }
    }

    func attachments(limit: Int) throws(WireError) -> [Attachment] {
        try self.list("attachments", limit: limit) { value, scanner throws(WireError) in
            let reader = try CommandReader(scanner.rewound(to: value))
            return Attachment(
                id: try reader.string("id"), name: try reader.string("name"), type: try reader.string("type"),
                size: try reader.optionalInteger("size") ?? 0, width: try reader.optionalInteger("width"),
                height: try reader.optionalInteger("height"))
        }
    }

    /// `newest`, `oldest`, `firstUnread`, a sequence, a message's id, or a date.
    func anchor() throws(WireError) -> HistoryAnchor {
        if let date = try self.timestamp("date") { return .date(date) }
        if let sequence = try? self.optionalInteger("anchor") { return .sequence(sequence) }
        guard let text = try self.optionalString("anchor") else { return .newest }
        switch text {
        case "newest": return .newest
        case "oldest": return .oldest
        case "firstUnread": return .firstUnread
        default: break
        }
        if let sequence = Int64(text) { return .sequence(sequence) }
        if let message = try? self.optionalMessage("anchor") { return .sequence(message.sequence) }
        if let date = CalendarText.milliseconds(text) { return .date(Timestamp(milliseconds: date)) }
        throw self.invalid("anchor", "expected newest, oldest, firstUnread, a sequence or a date")
    }
}
