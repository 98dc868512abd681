// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

@testable import HibikiSocketIO

@Suite struct `A client with the parser of MessagePack that lost its connection` {
    private static func configure(_ configuration: inout SocketIOServer.Configuration) {
        configuration.parser = .messagePack
        configuration.connectionStateRecovery = SocketIOServer.ConnectionStateRecovery()
    }

    private func client(
        _ harness: ServerHarness, loop: Int = 0, _ auth: JSONObject = [:]
    ) async throws -> PackedClient {
        let client = PackedClient(connection: harness.session(loop: loop))
        try await client.join(auth)
        try await harness.until { !client.connection.packets.isEmpty }
        try await harness.settle()
        return client
    }

    /// Events of every shape. With its offset, the array of the last one needs a longer header than without.
    private func emit(_ io: SocketIOServer) {
        io.emit("none")
        io.emit("text", #""]"#)
        io.emit("binary", ByteBuffer(bytes: [0, 0xC1, 0xFF]), ["deep": ByteBuffer(bytes: [1])])
        io.emit("fifteen", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)
    }

    private static let emitted: [(name: String, arguments: [JSON])] = [
        ("none", []), ("text", [#""]"#]),
        ("binary", [.binary(ByteBuffer(bytes: [0, 0xC1, 0xFF])), ["deep": .binary(ByteBuffer(bytes: [1]))]]),
        ("fifteen", (1...14).map { .integer($0) }),
    ]

    /// What those events are to a client, from one offset on.
    private func expected(_ offsets: ClosedRange<Int>) -> [PackedClient.Heard] {
        offsets.map { offset in
            let (name, arguments) = Self.emitted[(offset - 1) % Self.emitted.count]
            return PackedClient.Heard(name: name, arguments: arguments, offset: "00000007-\(offset)")
        }
    }

    @Test func `gets each event once and in order, with its offset at the end`() async throws {
        try await ServerHarness.with(Self.configure) { harness in
            let first = try await self.client(harness)
            for _ in 0..<2 { self.emit(harness.io) }
            try await harness.settle()
            #expect(try first.events == self.expected(1...8))
            // The last five were on their way when the connection was cut.
            let ticket = try first.ticket(after: first.events[2])
            try await first.connection.lose()
            self.emit(harness.io)
            harness.io.volatile.emit("volatile")
            try await harness.settle()

            let second = try await self.client(harness, loop: 1, ticket)
            #expect(try second.session == first.session)
            #expect(try second.events == self.expected(4...12))
            self.emit(harness.io)
            try await harness.settle()
            #expect(try second.events == self.expected(4...16))
        }
    }

    @Test func `gets the rest again, however often it is cut after one event of it`() async throws {
        try await ServerHarness.with(Self.configure) { harness in
            var client = try await self.client(harness)
            self.emit(harness.io)
            try await harness.settle()
            for next in 2...4 {
                let ticket = try client.ticket(after: client.events[0])
                try await client.connection.lose()
                client = try await self.client(harness, loop: next % 2, ticket)
                #expect(try client.events == self.expected(next...4))
            }
        }
    }
}
