// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiTransports
import HibikiWire

extension ChatDesk {
    /// Who somebody is where it is about no room in particular: an API key is an administrator only if it is for all rooms.
    func person(_ principal: Principal) throws(WireError) -> ChatPerson {
        guard !principal.isAnonymous else { throw AuthenticationFailure.chatWantsSomebody.wireError }
        guard let id = principal.id.flatMap({ UserID(rawValue: $0) }) else {
            throw WireError(.permissionDenied, "the id of this principal cannot be one in the chat")
        }
        if let key = principal.key, !key.scopes.contains(.manage) {
            throw WireError(.permissionDenied, "this wants an API key with the scope manage")
        }
        return ChatPerson(
            id: id, name: principal.name, isAdministrator: principal.key?.isForAllRooms ?? false)
    }

    /// Who gives this command. An API key is for some topics, and so for the rooms that have them: there it is an administrator, and in
    /// others it does nothing.
    func widened(
        _ person: ChatPerson, of principal: Principal, for command: ChatCommand
    ) throws(WireError) -> ChatPerson {
        guard let key = principal.key, !person.isAdministrator else { return person }
        if let room = command.room {
            guard let topic = ChatTopics.topic(of: room), key.isFor(topic) else {
                throw WireError(.permissionDenied, "the API key is not for this room")
            }
            return ChatPerson(id: person.id, name: person.name, isAdministrator: true)
        }
        if case .createRoom = command {
            throw WireError(.permissionDenied, "the API key is not for rooms whose names are made up; give it a name")
        }
        return person
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
