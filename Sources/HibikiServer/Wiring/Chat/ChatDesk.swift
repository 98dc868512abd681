// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiSocketIOCodec
import HibikiTransports
import HibikiWire
import Logging
import NIOCore

/// Takes commands of the chat, whichever transport has brought them.
struct ChatDesk: CommandHandler {
    static let feature = "chat"

    let service: ChatService
    let store: any ChatStore
    let configuration: ChatConfiguration
    let attendance: Attendance
    let hub: Hub
    let audit: Audit
    let meter: ChatMeter
    let logger: Logger

    // MARK: Costs

    func cost(of name: String) -> CommandCost {
        switch ChatCommand.Name(rawValue: name) {
        case .joinRoom: CommandCost(joins: 1)
        // Each of them reads much.
        case .search, .export: CommandCost(messages: 4)
        case .createRoom, .erase: CommandCost(messages: 9)
        default: CommandCost()
        }
    }

    // MARK: Commands

    func handle(_ command: FeatureCommand, by caller: Caller) async throws(WireError) -> ByteBuffer {
        let person = try self.person(caller.principal)
        if command.name == PresenceRequest.command { return try await self.presence(command.payload, person, caller) }
        let parsed = try ChatCommand.parse(command.name, command.payload, limits: self.configuration.limits)
        return try await self.answer(parsed, by: try self.widened(person, of: caller.principal, for: parsed), caller)
    }

    /// Does a command for somebody, who is looked at as that command wants it.
    func perform(_ command: ChatCommand, by principal: Principal) async throws(WireError) -> ChatResult {
        let person = try self.widened(try self.person(principal), of: principal, for: command)
        return try await self.perform(command, by: person)
    }

    private func answer(
        _ command: ChatCommand, by person: ChatPerson, _ caller: Caller
    ) async throws(WireError) -> ByteBuffer {
        switch command {
        case .typing(let room), .stopTyping(let room):
            try await self.typing(command.name == .typing, in: room, person, caller)
            return ByteBuffer(string: "{}")
        default:
            let result = try await self.perform(command, by: person)
            self.note(command, result, by: person, caller)
            return try await self.json(result)
        }
    }

    private func perform(_ command: ChatCommand, by person: ChatPerson) async throws(WireError) -> ChatResult {
        let result = await self.result(of: command, by: person)
        self.meter.count(command.name, result)
        return try result.get()
    }

    private func result(of command: ChatCommand, by person: ChatPerson) async -> Result<ChatResult, WireError> {
        let began = NIODeadline.now()
        do {
            let result = try await self.service.perform(command, by: person, at: .now())
            if command.name.isStored {
                self.meter.stored(in: Double((NIODeadline.now() - began).nanoseconds) / 1e9)
            } else {
                self.meter.storeAnswered()
            }
            return .success(result)
        } catch let error as WireError {
            return .failure(error)
        } catch {
            self.meter.storeFailed(error, at: .now())
            self.logger.error(
                "the store of the chat has failed",
                metadata: ["command": "\(command.name.rawValue)", "error": "\(error)"])
            return .failure(Self.told(error))
        }
    }

    private static func told(_ error: any Error) -> WireError {
        guard let failure = error as? any ChatStoreFailure, failure.fate == .unknown else {
            return WireError(.overloaded, "the store of the chat does not answer; try again in a moment")
        }
        return WireError(
            .outcomeUnknown, "nobody knows whether this was stored; send it again with the same clientId")
    }

    private func note(_ command: ChatCommand, _ result: ChatResult, by person: ChatPerson, _ caller: Caller) {
        if case .sent(let message, isDuplicate: false) = result {
            let typist = TypingTable.Typist(person.id.rawValue, in: message.room.rawValue)
            if self.attendance.stopped(typist) { self.tellStopped(typist, caller) }
        }
        guard caller.principal.key != nil, command.name.changesOthers else { return }
        self.audit.note(
            "a command of the chat", by: caller.principal, ["command": "\(command.name.rawValue)"])
    }

    // MARK: Typing

    private func typing(
        _ begins: Bool, in room: RoomID, _ person: ChatPerson, _ caller: Caller
    ) async throws(WireError) {
        let typist = TypingTable.Typist(person.id.rawValue, in: room.rawValue)
        guard begins else {
            if self.attendance.stopped(typist) { try await self.pass(.stopTyping(room), by: person, caller) }
            return
        }
        guard self.attendance.started(typist, at: .now()) else { return }
        do throws(WireError) {
            try await self.pass(.typing(room), by: person, caller)
        } catch {
            _ = self.attendance.stopped(typist)
            throw error
        }
    }

    /// The chat judges who may, and tells everybody but the one who types.
    private func pass(_ command: ChatCommand, by person: ChatPerson, _ caller: Caller) async throws(WireError) {
        do {
            _ = try await ChatPress.$source.withValue(caller) { try await self.perform(command, by: person) }
        } catch let error as WireError {
            throw error
        } catch {
            throw WireError(.internalError, "internal error")
        }
    }

    private func tellStopped(_ typist: TypingTable.Typist, _ caller: Caller? = nil) {
        guard let topic = try? Topic(ChatTopics.rooms + typist.room) else { return }
        let payload: JSON = [
            "roomId": .string(typist.room), "room": .string(typist.room), "userId": .string(typist.person),
        ]
        self.hub.send(
            Signal(
                ChatEventName.stopTyping.rawValue, on: topic, from: caller?.client, socket: caller?.socket,
                payload: payload.text, timestamp: .now()))
    }

    /// Those who have not been heard of for too long type no more.
    func forgetSilentTypists() {
        for typist in self.attendance.silent(at: .now()) { self.tellStopped(typist) }
    }
}

extension ChatCommand.Name {
    /// Whether it changes something that is stored.
    fileprivate var isStored: Bool {
        switch self {
        case .typing, .stopTyping, .room, .rooms, .publicRooms, .members, .history, .events, .message, .edits, .pins,
            .reports, .invites, .search, .export, .contacts:
            false
        default: true
        }
    }

    /// Whether an operator's back end that does this is to stand in the log.
    fileprivate var changesOthers: Bool {
        switch self {
        case .kick, .ban, .unban, .mute, .unmute, .setRole, .delete, .erase, .export, .revokeInvite, .settleReport: true
        default: false
        }
    }
}

extension JSON {
    /// The value as JSON text.
    var text: ByteBuffer {
        var text = ByteBuffer()
        var attachments: [ByteBuffer] = []
        self.write(to: &text, attachments: &attachments)
        return text
    }
}
