// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
public import HibikiWire
public import NIOCore

extension ChatCommand {
    /// Reads a command from its name and the JSON object of its members.
    ///
    /// Members that mean nothing to the command are passed over, so that a younger client may say more.
    ///
    /// - Throws: `unknown_type` for a name that is no command's, `invalid_message` or `too_large` for its members.
    public static func parse(
        _ name: String, _ members: ByteBuffer, limits: ChatLimits = ChatLimits()
    ) throws(WireError) -> ChatCommand {
        guard let name = Name(rawValue: name) else { throw WireError(.unknownType, "no such command") }
        return try CommandReader.read(members) { reader throws(WireError) in
            if let command = try Self.rooms(name, reader, limits) { return command }
            if let command = try Self.messages(name, reader, limits) { return command }
            return try Self.reading(name, reader)
        }
    }

    private static func rooms(
        _ name: Name, _ reader: CommandReader, _ limits: ChatLimits
    ) throws(WireError) -> ChatCommand? {
        switch name {
        case .createRoom:
            return .createRoom(
                CreateRoom(
                    room: try reader.optionalRoom("roomId"), kind: try reader.choice("kind", Room.Kind.self) ?? .group,
                    name: try reader.optionalString("name"), about: try reader.optionalString("about"),
                    members: try reader.users("members", limit: limits.invited)))
        case .updateRoom:
            let update = RoomUpdate(
                name: try reader.optionalString("name"), about: try reader.optionalString("about"))
            return .updateRoom(try reader.room(), update)
        case .joinRoom:
            return .joinRoom(
                try reader.room(), invite: try reader.invite(), since: try reader.optionalInteger("since"))
        case .leaveRoom: return .leaveRoom(try reader.room())
        case .invite: return try Self.inviting(reader)
        case .revokeInvite:
            guard let token = try reader.invite() else { throw reader.invalid("invite", "missing") }
            return .revokeInvite(try reader.room(), token)
        case .setRole:
            guard let role = try reader.choice("role", Role.self) else { throw reader.invalid("role", "missing") }
            return .setRole(try reader.room(), try reader.user(), role)
        case .kick: return .kick(try reader.room(), try reader.user())
        case .ban: return .ban(try reader.room(), try reader.user(), until: try reader.timestamp("until"))
        case .unban: return .unban(try reader.room(), try reader.user())
        case .mute: return .mute(try reader.room(), try reader.user(), until: try reader.timestamp("until"))
        case .unmute: return .unmute(try reader.room(), try reader.user())
        case .typing: return .typing(try reader.room())
        case .stopTyping: return .stopTyping(try reader.room())
        default: return nil
        }
    }

    private static func inviting(_ reader: CommandReader) throws(WireError) -> ChatCommand {
        let (expiry, uses) = (try reader.timestamp("expiresAt"), try reader.count("uses"))
        guard uses != 0 else { throw reader.invalid("uses", "expected 1 or more") }
        guard let user = try reader.optionalUser("userId") else {
            return .createInvite(try reader.room(), expiresAt: expiry, uses: uses)
        }
        // Whoever sets an end would believe in it.
        guard expiry == nil, uses == nil else {
            throw reader.invalid("userId", "the invitation of a person has neither expiresAt nor uses")
        }
        return .invitePerson(try reader.room(), user)
    }

    private static func messages(
        _ name: Name, _ reader: CommandReader, _ limits: ChatLimits
    ) throws(WireError) -> ChatCommand? {
        switch name {
        case .send: return .send(try Self.sending(reader, limits))
        case .edit: return .edit(try reader.message(), content: try reader.string("content", "text"))
        case .delete: return .delete(try reader.message(), try reader.flag("hard") ? .hard : .soft)
        case .react: return .react(try reader.message(), try reader.emoji())
        case .unreact: return .unreact(try reader.message(), try reader.emoji())
        case .pin: return .pin(try reader.message())
        case .unpin: return .unpin(try reader.message())
        case .report: return .report(try reader.message(), reason: try reader.optionalString("reason") ?? "")
        case .settleReport:
            guard let number = try reader.optionalInteger("number") else { throw reader.invalid("number", "missing") }
            guard let outcome = try reader.choice("outcome", Report.Outcome.self) else {
                throw reader.invalid("outcome", "missing")
            }
            return .settleReport(
                ReportKey(try reader.room(), number), outcome, note: try reader.optionalString("note") ?? "")
        case .markRead: return .markRead(try reader.message())
        case .markDelivered: return .markDelivered(try reader.message())
        default: return nil
        }
    }

    private static func sending(_ reader: CommandReader, _ limits: ChatLimits) throws(WireError) -> SendMessage {
        SendMessage(
            room: try reader.room(), content: try reader.optionalString("content", "text") ?? "",
            clientID: try reader.clientID(), kind: try reader.choice("type", Message.Kind.self) ?? .text,
            replyTo: try reader.optionalMessage("replyTo"), thread: try reader.optionalMessage("threadId"),
            mentions: try reader.mentions(limit: limits.mentions),
            attachments: try reader.attachments(limit: limits.attachments))
    }

    private static func reading(_ name: Name, _ reader: CommandReader) throws(WireError) -> ChatCommand {
        switch name {
        case .rooms: return .rooms(after: try reader.optionalRoom("after"), limit: try reader.count("limit"))
        case .publicRooms:
            return .publicRooms(after: try reader.optionalRoom("after"), limit: try reader.count("limit"))
        case .members:
            return .members(
                try reader.room(), after: try reader.optionalUser("after"), limit: try reader.count("limit"))
        case .history:
            return .history(
                HistoryRequest(
                    room: try reader.room(), anchor: try reader.anchor(), before: try reader.count("before"),
                    after: try reader.count("after"), thread: try reader.optionalMessage("threadId")))
        case .events:
            return .events(
                try reader.room(), since: try reader.optionalInteger("since") ?? 0, limit: try reader.count("limit"))
        case .message: return .message(try reader.message())
        case .edits: return .edits(try reader.message())
        case .pins: return .pins(try reader.room())
        case .reports:
            return .reports(
                try reader.room(), try reader.choice("state", Report.State.self),
                after: try reader.optionalInteger("after") ?? 0, limit: try reader.count("limit"))
        case .invites: return .invites(try reader.room())
        case .search:
            return .search(
                SearchRequest(
                    text: try reader.string("q"), cursor: try reader.optionalString("cursor"),
                    limit: try reader.count("limit")))
        case .export: return .export(try reader.room(), from: try reader.optionalInteger("from") ?? 1)
        case .addContact: return .addContact(try reader.user())
        case .removeContact: return .removeContact(try reader.user())
        case .contacts:
            return .contacts(after: try reader.optionalUser("after"), limit: try reader.count("limit"))
        case .erase: return .erase(try reader.user())
        default: return .room(try reader.room())
        }
    }
}
