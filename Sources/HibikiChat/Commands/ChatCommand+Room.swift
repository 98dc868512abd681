// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension ChatCommand {
    /// The one room that the command is about. A room that is made has one if its maker names it, and a direct room never: its name is
    /// made up.
    public var room: RoomID? {
        switch self {
        case .createRoom(let new): new.kind == .direct ? nil : new.room
        case .updateRoom(let room, _), .joinRoom(let room, _, _), .leaveRoom(let room), .invitePerson(let room, _),
            .createInvite(let room, _, _), .revokeInvite(let room, _), .setRole(let room, _, _), .kick(let room, _),
            .ban(let room, _, _), .unban(let room, _), .mute(let room, _, _), .unmute(let room, _), .typing(let room),
            .stopTyping(let room), .room(let room), .members(let room, _, _), .events(let room, _, _), .pins(let room),
            .reports(let room, _, _, _), .invites(let room), .export(let room, _):
            room
        case .send(let message): message.room
        case .settleReport(let report, _, _): report.room
        case .history(let request): request.room
        case .edit(let id, _), .delete(let id, _), .react(let id, _), .unreact(let id, _), .pin(let id), .unpin(let id),
            .report(let id, _), .markRead(let id), .markDelivered(let id), .message(let id), .edits(let id):
            id.room
        case .rooms, .publicRooms, .search, .addContact, .removeContact, .contacts, .erase: nil
        }
    }
}
