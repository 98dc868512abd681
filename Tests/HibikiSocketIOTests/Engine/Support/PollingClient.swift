// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import NIOHTTP1
import Testing

@testable import HibikiClient

/// A client that polls, packet by packet.
struct PollingClient: Sendable {
    private let http: HTTPClient
    private let target: String

    /// Begins a session.
    init(_ server: MountedServer) async throws {
        self.http = HTTPClient(Dialer(server.url))
        let target = "/socket.io/?EIO=4&transport=polling"
        let handshake = try await Self.text(of: self.http.answer(to: HTTPRequest(.GET, target)))
        let sid = try #require(handshake.split(separator: "\"").dropFirst(3).first)
        self.target = "\(target)&sid=\(sid)"
    }

    /// Joins the namespace `/`.
    func join() async throws {
        try await self.post("40")
        try #require(try await self.poll().hasPrefix(#"40{"sid":"#))
    }

    /// The packets of the next answer.
    func poll() async throws -> String {
        try await Self.text(of: self.http.answer(to: HTTPRequest(.GET, self.target)))
    }

    func post(_ packets: String) async throws {
        let request = HTTPRequest(.POST, self.target, body: ByteBuffer(string: packets))
        try #require(try await Self.text(of: self.http.answer(to: request)) == "ok")
    }

    private static func text(of answer: HTTPAnswer) -> String {
        String(buffer: answer.body)
    }
}
