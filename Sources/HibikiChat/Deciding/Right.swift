// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What somebody may be allowed to do in a room.
enum Right: CaseIterable {
    case read, write, keepOrder, govern

    /// The lowest role that has it.
    var role: Role {
        switch self {
        case .read: .reader
        case .write: .member
        case .keepOrder: .moderator
        case .govern: .owner
        }
    }
}

extension ChatCommand {
    /// What a command demands of a member; `nil` for those that somebody outside of the room may give.
    func right(in kind: Room.Kind) -> Right? {
        switch self {
        // Nobody stands above the other there.
        case .pin, .unpin: kind == .direct ? .write : .keepOrder
        case .createRoom, .joinRoom, .rooms, .publicRooms, .search, .addContact, .removeContact, .contacts, .erase: nil
        case .leaveRoom, .report, .markRead, .markDelivered, .room, .members, .history, .events, .message, .edits,
            .pins:
            .read
        case .send, .edit, .react, .unreact, .typing, .stopTyping: .write
        // Of one's own messages; of others' it takes more
        case .delete: .read
        case .invitePerson, .createInvite, .revokeInvite, .kick, .ban, .unban, .mute, .unmute, .reports,
            .settleReport, .invites:
            .keepOrder
        case .updateRoom, .setRole, .export: .govern
        }
    }
}
