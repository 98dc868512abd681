// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

/// What a client has, to come back with.
struct Ticket {
    var id: String
    var privateID: String
    /// The last argument of the last event, as clients keep it.
    var offset: String?

    init(_ connection: FakeConnection) throws {
        let reply = try #require(connection.sent.first { $0.hasPrefix("0") })
        let json = try Self.json(in: reply, from: "{")
        self.id = try #require(json["sid"].string)
        self.privateID = try #require(json["pid"].string)
        if let last = connection.sent.last(where: { $0.hasPrefix("2") }) {
            self.offset = try Self.json(in: last, from: "[").array?.last?.string
        }
    }

    /// What is sent to join the namespace `/` again.
    var connect: String {
        let offset = self.offset.map { #","offset":"\#($0)""# } ?? ""
        return #"0{"pid":"\#(self.privateID)"\#(offset)}"#
    }

    private static func json(in packet: String, from start: Character) throws -> JSON {
        try JSON(RawArgument(.json, bytes: ByteBuffer(string: String(packet.drop { $0 != start }))))
    }
}
