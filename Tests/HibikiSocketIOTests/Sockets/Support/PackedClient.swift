// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore

@testable import HibikiSocketIO

/// What a client of socket.io-msgpack-parser understands of a connection, and says over it.
struct PackedClient {
    /// An event as a client reads it.
    struct Heard: Equatable {
        var name: String
        var arguments: [JSON]
        var offset: String?
    }

    struct NotPacked: Error {}

    let connection: FakeConnection

    /// - Parameter auth: with what the client wants to come back, if it does.
    func join(_ auth: JSONObject = [:]) async throws {
        let packet: JSON = ["type": 0, "data": .object(auth), "nsp": "/"]
        var bytes = ByteBuffer()
        packet.writeMessagePack(to: &bytes)
        try await self.connection.receive(binary: Array(bytes.readableBytesView))
    }

    private var packets: [SocketPacket] {
        get throws {
            try self.connection.packets.map { packet in
                guard case .binary(let bytes) = packet.first, packet.attachments.isEmpty else { throw NotPacked() }
                return try MessagePackPacketReader().read(binary: bytes)
            }
        }
    }

    /// What the server has said about the session.
    var session: JSON {
        get throws {
            guard case .connect(let reply?) = try self.packets.first?.kind else { throw NotPacked() }
            return try JSON(reply)
        }
    }

    var events: [Heard] {
        get throws {
            try self.packets.compactMap { packet in
                guard case .event(.string(let name), let raw) = packet.kind else { return nil }
                var arguments = try raw.map { try JSON($0) }
                let offset = arguments.popLast()?.string
                return Heard(name: name, arguments: arguments, offset: offset)
            }
        }
    }

    /// With what a client comes back whose last event was this one.
    func ticket(after event: Heard) throws -> JSONObject {
        ["pid": try self.session["pid"], "offset": event.offset.map(JSON.string) ?? .null]
    }
}
