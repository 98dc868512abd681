// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIO
import HibikiSocketIOCodec
import HibikiTransports
import HibikiWire
import NIOCore

/// The namespace `/v1` of every server: its rooms are the topics of the log, so that a client of Socket.IO hears what is
/// published over any transport, and publishes for all of them.
struct TopicNamespace {
    static let name = "/v1"

    let hub: Hub
    let topics: Int

    func install(on io: SocketIOServer) {
        let namespace = io.of(Self.name)
        namespace.bridge { try? Topic($0) }
        namespace.guardTopics(by: self.hub.access, otherRooms: false) { try? Topic($0) }
        namespace.onConnection { socket in
            socket.on("subscribe") { (name: String, ack: Ack) async throws -> JSON in
                try socket.spend(Spending(joins: 1), for: ack)
                return try await self.subscribe(socket, name)
            }
            socket.on("unsubscribe") { (name: String) async throws -> JSON in
                let topic = try self.topic(name)
                await socket.leave(topic.name)
                return ["topic": .string(topic.name)]
            }
            socket.on("publish") { (name: String, event: String, payload: JSON) async throws in
                try await self.publish(socket, name, event, payload)
            }
        }
    }

    private func subscribe(_ socket: Socket, _ name: String) async throws -> JSON {
        let topic = try self.topic(name)
        do {
            try await self.hub.access.authorize(.subscribe(topic), by: socket.principal, at: .now())
        } catch {
            throw AckError(error)
        }
        // Its own room is one of them.
        guard socket.rooms.count <= self.topics else {
            let limit = "a connection may follow \(self.topics) topics; unsubscribe from one first"
            throw AckError(WireError(.limitExceeded, limit))
        }
        await socket.join(topic.name)
        // Somebody who was put out while another was asked stays out.
        let access = self.hub.access
        guard access.verdict(on: .subscribe(topic), by: socket.principal, at: .now()) != .denied else {
            await socket.leave(topic.name)
            throw AckError(access.denial(of: .subscribe(topic), to: socket.principal))
        }
        let newest = self.hub.read(topic, from: .latest, limit: 0, at: .now()).end
        return ["topic": .string(topic.name), "position": .string(newest.description)]
    }

    private func publish(_ socket: Socket, _ name: String, _ event: String, _ payload: JSON) async throws -> JSON {
        guard (1...255).contains(event.utf8.count) else {
            throw AckError(WireError(.invalidMessage, "the name of an event has 1 to 255 bytes"))
        }
        var text = ByteBuffer()
        var attachments: [ByteBuffer] = []
        payload.write(to: &text, attachments: &attachments)
        guard attachments.isEmpty else {
            throw AckError(WireError(.invalidMessage, "a payload is JSON, without binary"))
        }
        let draft = Draft(topic: try self.topic(name), event: event, payload: text, from: nil, key: nil)
        do {
            try await self.hub.authorize(draft, by: socket.principal, at: .now())
            let receipt = try await self.hub.publish(draft, at: .now())
            return ["position": .string(receipt.position.description)]
        } catch let error as WireError {
            throw AckError(error)
        }
    }

    private func topic(_ name: String) throws -> Topic {
        do {
            return try Topic(name)
        } catch {
            throw AckError(error)
        }
    }
}

extension Namespace {
    /// Lets sockets be in a room that stands for a topic as long as they may follow that topic.
    ///
    /// - Parameter otherRooms: whether they may be in rooms that stand for none.
    func guardTopics(
        by access: AccessControl, otherRooms: Bool, _ topic: @escaping @Sendable (_ room: String) -> Topic?
    ) {
        self.guardRooms { socket, room in
            guard let topic = topic(room) else { return otherRooms }
            guard case .success = await access.result(of: [.subscribe(topic)], by: socket.principal, at: .now()) else {
                return false
            }
            return true
        } stillAllowed: { socket, room in
            guard let topic = topic(room) else { return otherRooms }
            return access.verdict(on: .subscribe(topic), by: socket.principal, at: .now()) != .denied
        }
    }
}

extension AckError {
    /// The code stands in the data, for programs.
    fileprivate init(_ error: WireError) {
        self.init(error.message, data: ["code": .string(error.code.rawValue)])
    }
}
