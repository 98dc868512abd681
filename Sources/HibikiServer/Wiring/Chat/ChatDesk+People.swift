// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiTransports
import HibikiWire

extension ChatDesk {
    /// Who somebody is where it is about no room in particular: an API key is an administrator only if it is for all rooms.
    func person(_ principal: Principal) throws(WireError) -> ChatPerson {
        try self.person(principal, isAdministrator: principal.key?.isForAllRooms ?? false)
    }

    /// Who gives a command. An API key is for some topics, and so for the rooms that have them: there it is an administrator, and in
    /// others it does nothing.
    func person(_ principal: Principal, for command: ChatCommand) throws(WireError) -> ChatPerson {
        let person = try self.person(principal)
        guard let key = principal.key, !person.isAdministrator else { return person }
        if let room = command.room {
            guard let topic = ChatTopics.topic(of: room), key.isFor(topic) else {
                throw WireError(.permissionDenied, "the API key is not for this room")
            }
            return try self.person(principal, isAdministrator: true)
        }
        if case .createRoom = command {
            throw WireError(.permissionDenied, "the API key is not for rooms whose names are made up; give it a name")
        }
        return person
    }

    private func person(_ principal: Principal, isAdministrator: Bool) throws(WireError) -> ChatPerson {
        guard !principal.isAnonymous else { throw AuthenticationFailure.chatWantsSomebody.wireError }
        guard let id = principal.id.flatMap({ UserID(rawValue: $0) }) else {
            throw WireError(.permissionDenied, "the id of this principal cannot be one in the chat")
        }
        if let key = principal.key, !key.scopes.contains(.manage) {
            throw WireError(.permissionDenied, "this wants an API key with the scope manage")
        }
        return ChatPerson(id: id, name: principal.name, isAdministrator: isAdministrator)
    }
}

extension KeyIdentity {
    /// The text of a pattern's segment has no star in it, so this name is matched only by what matches every room's.
    fileprivate var isForAllRooms: Bool {
        (try? Topic(ChatTopics.rooms + "*")).map(self.isFor) ?? false
    }
}

extension AuthenticationFailure {
    static let chatWantsSomebody = AuthenticationFailure(
        .authenticationRequired, "the chat wants to know who you are; see Documentation/chat.md", closeCode: 4500)
}
