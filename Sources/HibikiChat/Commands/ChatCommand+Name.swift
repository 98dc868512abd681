// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension ChatCommand {
    /// What a command is called, on every transport.
    public enum Name: String, Hashable, Sendable, CaseIterable {
        case createRoom, updateRoom, joinRoom, leaveRoom, invite, revokeInvite, setRole, kick, ban, unban, mute, unmute
        case send, edit, delete, react, unreact, pin, unpin, report, settleReport, markRead, markDelivered
        case typing, stopTyping
        case room, rooms, publicRooms, members, history, events, message, edits, pins, reports, invites, search, export
        case addContact, removeContact, contacts
        case erase
    }

    public var name: Name {
        switch self {
        case .createRoom: .createRoom
        case .updateRoom: .updateRoom
        case .joinRoom: .joinRoom
        case .leaveRoom: .leaveRoom
        case .invitePerson, .createInvite: .invite
        case .revokeInvite: .revokeInvite
        case .setRole: .setRole
        case .kick: .kick
        case .ban: .ban
        case .unban: .unban
        case .mute: .mute
        case .unmute: .unmute
        case .send: .send
        case .edit: .edit
        case .delete: .delete
        case .react: .react
        case .unreact: .unreact
        case .pin: .pin
        case .unpin: .unpin
        case .report: .report
        case .settleReport: .settleReport
        case .markRead: .markRead
        case .markDelivered: .markDelivered
        case .typing: .typing
        case .stopTyping: .stopTyping
        case .room: .room
        case .rooms: .rooms
        case .publicRooms: .publicRooms
        case .members: .members
        case .history: .history
        case .events: .events
        case .message: .message
        case .edits: .edits
        case .pins: .pins
        case .reports: .reports
        case .invites: .invites
        case .search: .search
        case .export: .export
        case .addContact: .addContact
        case .removeContact: .removeContact
        case .contacts: .contacts
        case .erase: .erase
        }
    }
}
