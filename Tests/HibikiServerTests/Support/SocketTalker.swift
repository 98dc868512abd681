// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

@testable import HibikiClient

/// A client of Socket.IO over WebSocket, which speaks packets as texts. Used by one test at a time.
final class SocketTalker {
    let socket: WebSocketConnection
    private var messages: WebSocketConnection.Messages.AsyncIterator

    /// Returns when the client has joined the namespace.
    init(_ server: RunningServer, _ namespace: String, token: String? = nil) async throws {
        let target = "/socket.io/?EIO=4&transport=websocket" + (token.map { "&access_token=\($0)" } ?? "")
        let dialer = Dialer(try HibikiURL("http://127.0.0.1:\(server.port)"))
        self.socket = try await WebSocketClient.connect(dialer, target: target, WebSocketClient.Configuration())
        self.messages = self.socket.messages.makeAsyncIterator()
        try await self.expect("0{")
        let address = namespace == "/" ? "" : namespace + ","
        try await self.send("40\(address)")
        try await self.expect("40\(address){")
    }

    func send(_ texts: String...) async throws {
        for text in texts { try await self.socket.send(text: text) }
    }

    struct Unexpected: Error {
        var text: String?
        var wanted: String
    }

    /// The next message.
    func text() async throws -> String {
        guard let text = try await self.messages.next()?.text else { throw Unexpected(text: nil, wanted: "anything") }
        return text
    }

    /// Takes messages up to one that begins like this, and returns it.
    @discardableResult
    func hears(_ start: String) async throws -> String {
        while true {
            let text = try await self.text()
            if text.hasPrefix(start) { return text }
        }
    }

    /// Takes the next message, which has to begin like this.
    func expect(_ start: String) async throws {
        let text = try await self.messages.next()?.text
        guard let text, text.hasPrefix(start) else { throw Unexpected(text: text, wanted: start) }
    }
}
