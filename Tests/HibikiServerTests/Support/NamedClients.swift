// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiServer
import HibikiWebSocketCodec
import NIOCore

@testable import HibikiClient

/// Takes every token for the name of its principal.
struct NameAuthenticator: Authenticator {
    func principal(of token: String, at now: Timestamp) async throws(AuthenticationFailure) -> Principal {
        guard !token.isEmpty else { throw .invalid("nobody has no name") }
        return Principal(id: token)
    }
}

/// A client of the native protocol, which shows its name in the address, percent-encoded. Used by one test at a time.
final class NativeTalker {
    let socket: WebSocketConnection
    private(set) var clientID = ""
    private var messages: WebSocketConnection.Messages.AsyncIterator

    /// Returns when the server has said who the client is.
    ///
    /// - Parameter key: an API key, which no address may hold.
    init(_ server: RunningServer, as name: String? = nil, key: String? = nil) async throws {
        let target = "/ws" + (name.map { "?access_token=\($0)" } ?? "")
        let dialer = Dialer(try HibikiURL("http://127.0.0.1:\(server.port)"))
        let headers = key.map { [(name: "Authorization", value: "Bearer \($0)")] } ?? []
        self.socket = try await WebSocketClient.connect(
            dialer, target: target, WebSocketClient.Configuration(headers: headers))
        self.messages = self.socket.messages.makeAsyncIterator()
        let welcome = try await self.next() ?? ""
        self.clientID = String(welcome.drop { $0 != "," }.split(separator: "\"")[3])
    }

    func send(_ text: String) async throws {
        try await self.socket.send(text: text)
    }

    /// `nil` after the end.
    func next() async throws -> String? {
        try await self.messages.next()?.text
    }

    /// Follows a topic, and returns when the server has said so.
    func follow(_ topic: String) async throws {
        try await self.send(#"{"type":"subscribe","topic":"\#(topic)","id":1}"#)
        _ = try await self.next()
    }

    /// Reads to the end; how the server has closed.
    func closure() async throws -> (code: UInt16, reason: String) {
        while try await self.next() != nil {}
        let closure = try await self.socket.closure
        return (closure.code.rawValue, closure.reason)
    }
}

/// Waits for a condition that no event announces.
func until(_ condition: () async throws -> Bool) async throws {
    while try await !condition() {
        try await Task.sleep(for: .milliseconds(5))
    }
}
