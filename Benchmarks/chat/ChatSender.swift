// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiSQL
import Synchronization

/// The chat as the server has it, without a network: each message is a command, its events are made, and nobody listens.
final class ChatSender: Sender {
    private struct Silence: ChatOutlet {
        func publish(_ news: [ChatNews]) {}
        func listening(among people: [UserID]) -> Set<UserID> { [] }
    }

    private enum Problem: Error { case name }

    private let chat: ChatService
    private let running: Task<Void, Never>
    private let rooms: [RoomID]
    private let people: [ChatPerson]
    private let count = Atomic(0)

    /// Makes the rooms and lets everybody into his.
    init(_ database: any SQLDatabase, senders: Int, rooms: Int) async throws {
        let chat = ChatService(store: SQLChatStore(database), outlet: Silence())
        self.chat = chat
        self.running = Task { await chat.run() }
        self.rooms = try (0..<rooms).map { try Self.checked(RoomID(rawValue: "room-\($0)")) }
        self.people = try (0..<senders).map { ChatPerson(id: try Self.checked(UserID(rawValue: "person-\($0)"))) }
        for (number, room) in self.rooms.enumerated() {
            let creation = CreateRoom(room: room, kind: .public)
            _ = try await chat.perform(.createRoom(creation), by: self.person(number), at: Clock.now())
        }
        for number in self.people.indices where number >= rooms {
            let command = ChatCommand.joinRoom(self.room(number), invite: nil, since: nil)
            _ = try await chat.perform(command, by: self.person(number), at: Clock.now())
        }
    }

    func send(_ text: String, by sender: Int) async throws {
        let id = self.count.add(1, ordering: .relaxed).newValue
        let message = SendMessage(
            room: self.room(sender), content: text, clientID: ClientMessageID(rawValue: "message-\(id)"))
        _ = try await self.chat.perform(.send(message), by: self.person(sender), at: Clock.now())
    }

    /// How many messages a page of the first room has.
    func page(_ anchor: HistoryAnchor, before: Int, after: Int) async throws -> Int {
        let request = HistoryRequest(room: self.room(0), anchor: anchor, before: before, after: after)
        let result = try await self.chat.perform(.history(request), by: self.person(0), at: Clock.now())
        guard case .history(let page) = result else { return 0 }
        return page.messages.count
    }

    func stop() async {
        self.chat.stop()
        await self.running.value
    }

    private func room(_ sender: Int) -> RoomID { self.rooms[sender % self.rooms.count] }
    private func person(_ sender: Int) -> ChatPerson { self.people[sender % self.people.count] }

    private static func checked<Name>(_ name: Name?) throws -> Name {
        guard let name else { throw Problem.name }
        return name
    }
}
