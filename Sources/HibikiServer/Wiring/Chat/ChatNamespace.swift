// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiSocketIO
import HibikiSocketIOCodec
import HibikiTransports
import HibikiWire
import NIOCore

/// A namespace of Socket.IO in which sockets chat.
///
/// A command is an event of its name with one object as the argument; `joinRoom` and `leaveRoom` also take the room's name alone, and
/// `message` sends one. The ack is `{"status":"ok", …}` or `{"status":"error","code","message"}`. What happens comes as events of the
/// rooms that the socket has joined, and of the person's own topic.
struct ChatNamespace {
    /// What sends a message here; there it reads one.
    private static let message = "message"

    let name: String
    let desk: ChatDesk
    let attendance: Attendance

    func install(on io: SocketIOServer) {
        let namespace = io.of(self.name)
        namespace.bridge(payload: GuideMessage.complete) { ChatTopics.named($0) }
        namespace.guardTopics(by: self.desk.hub.access, otherRooms: true) { ChatTopics.named($0) }
        namespace.onConnection { self.welcome($0) }
    }

    private func welcome(_ socket: Socket) {
        for name in ChatCommand.Name.allCases where name != .message {
            socket.on(name.rawValue) { (arguments: Arguments, ack: Ack) async throws in
                await self.command(name.rawValue, arguments, ack, socket)
            }
        }
        socket.on(Self.message) { (arguments: Arguments, ack: Ack) async throws in
            await self.command(ChatCommand.Name.send.rawValue, arguments, ack, socket)
        }
        socket.on(PresenceRequest.command) { (arguments: Arguments, ack: Ack) async throws in
            await self.command(PresenceRequest.command, arguments, ack, socket)
        }
        guard let id = socket.principal.id else { return }
        if let own = ChatTopics.topic(of: id) { socket.join(own.name) }
        self.attendance.saw(socket.device, of: socket.principal, at: .now())
        socket.onDisconnect { [attendance, principal = socket.principal, device = socket.device] _, _ in
            attendance.lost(device, of: principal, at: .now())
        }
    }

    // MARK: Commands

    private func command(_ name: String, _ arguments: Arguments, _ ack: Ack, _ socket: Socket) async {
        let cost = self.desk.cost(of: name)
        do throws(BudgetRefusal) {
            if cost != CommandCost() { try socket.spend(cost.spending, for: ack) }
        } catch {
            // The client has been told.
            return
        }
        do throws(WireError) {
            let payload = try Self.payload(arguments)
            self.attendance.saw(socket.device, of: socket.principal, at: .now())
            let answer = try await self.answer(name, payload, socket)
            ack(ChatAck.ok(answer, isMessage: name == ChatCommand.Name.send.rawValue))
        } catch {
            Self.refuse(error, ack, socket)
        }
    }

    private static func refuse(_ error: WireError, _ ack: Ack, _ socket: Socket) {
        guard !ack.isWanted else { return ack(ChatAck.error(error)) }
        let told: JSON = ["message": .string(error.message), "data": ["code": .string(error.code.rawValue)]]
        socket.emit("error", told)
    }

    /// The object of a command; a text alone is the name of a room.
    private static func payload(_ arguments: Arguments) throws(WireError) -> ByteBuffer {
        guard let first = arguments.raw.first, let value = try? JSON(first) else { return ByteBuffer(string: "{}") }
        switch value {
        case .string(let room): return (["roomId": .string(room)] as JSON).text
        case .object: return value.text
        default: throw WireError(.invalidMessage, "the argument of a command is an object")
        }
    }

    private func answer(_ name: String, _ payload: ByteBuffer, _ socket: Socket) async throws(WireError) -> ByteBuffer {
        let caller = Caller(socket.principal, device: socket.device, socket: socket.id)
        let command = FeatureCommand(name, of: ChatDesk.feature, payload: payload)
        guard name == ChatCommand.Name.joinRoom.rawValue else { return try await self.desk.handle(command, by: caller) }
        return try await self.join(command, by: caller, socket)
    }

    // MARK: Rooms

    /// First into the room of the chat, then into that of the namespace; and what happened between the two stands in the answer,
    /// which is made last. So nothing is missed.
    private func join(
        _ command: FeatureCommand, by caller: Caller, _ socket: Socket
    ) async throws(WireError) -> ByteBuffer {
        let limits = self.desk.configuration.limits
        let join = try ChatCommand.parse(command.name, command.payload, limits: limits)
        guard case .joinRoom(let room, let invite, let since) = join else {
            throw WireError(.internalError, "internal error")
        }
        try limits.check(join)
        let principal = caller.principal
        _ = try await self.desk.perform(.joinRoom(room, invite: invite, since: nil), by: principal)
        try await self.follow(room, socket)
        let answer = try await self.answer(since, in: room, by: principal)
        self.tellCrowd(answer, socket)
        return try await self.desk.json(answer)
    }

    /// The room as it is now, and what has happened since. Both are read: to join a second time would undo a removal in between.
    private func answer(
        _ since: Int64?, in room: RoomID, by principal: Principal
    ) async throws(WireError) -> ChatResult {
        let answer = try await self.desk.perform(.room(room), by: principal)
        guard let since, case .room(let access) = answer,
            case .events(let page) = try await self.desk.perform(
                .events(room, since: since, limit: nil), by: principal)
        else { return answer }
        return .joined(access, events: page)
    }

    /// Somebody who was put out meanwhile stays out; see ``RecentRemovals``.
    private func follow(_ room: RoomID, _ socket: Socket) async throws(WireError) {
        guard let topic = ChatTopics.topic(of: room) else { throw WireError(.invalidTopic, "no such room") }
        await socket.join(topic.name)
        // Answered after the socket is in: what is published from now on reaches it.
        _ = await socket.namespace.localSockets(in: socket.id)
        guard socket.rooms.contains(topic.name) else {
            throw WireError(.limitExceeded, "a socket is in as many rooms as it may; leave one first")
        }
        let access = self.desk.hub.access
        guard access.verdict(on: .subscribe(topic), by: socket.principal, at: .now()) != .denied else {
            await socket.leave(topic.name)
            throw access.denial(of: .subscribe(topic), to: socket.principal)
        }
    }

    /// Whoever comes is told how many are there, as those are told who are there already.
    private func tellCrowd(_ answer: ChatResult, _ socket: Socket) {
        let room: Room
        switch answer {
        case .room(let access), .joined(let access, _): room = access.room
        default: return
        }
        let info: JSON = [
            "room": .string(room.id.rawValue), "roomId": .string(room.id.rawValue), "members": .count(room.members),
        ]
        socket.emit(ChatEventName.roomInfo.rawValue, info)
    }
}

/// Answers of commands over Socket.IO.
enum ChatAck {
    /// - Parameter isMessage: a message has a `status` of its own, so it stands in `message`.
    static func ok(_ answer: ByteBuffer, isMessage: Bool) -> JSON {
        let value = (try? JSON(RawArgument(.json, bytes: answer))) ?? .null
        var object: JSONObject = ["status": "ok"]
        guard !isMessage, case .object(let members) = value else {
            object["message"] = value
            return .object(object)
        }
        for (name, value) in members { object[name == "status" ? "presence" : name] = value }
        return .object(object)
    }

    static func error(_ error: WireError) -> JSON {
        var object: JSONObject = [
            "status": "error", "code": .string(error.code.rawValue), "message": .string(error.message),
        ]
        if error.code.mayRetry { object["retry"] = true }
        return .object(object)
    }
}

extension Socket {
    var device: PresenceDevice { .connection(named: self.id) }
}
