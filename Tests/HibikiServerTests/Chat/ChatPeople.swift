// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiServer
import HibikiSocketIO
import HibikiSocketIOCodec
import Logging
import NIOCore
import Testing

/// A server with a chat, whose tokens are the names of people, and what people do there over HTTP.
struct ChatServer: Sendable {
    let server: RunningServer

    static func with<Result: Sendable>(
        _ change: (inout ServerConfiguration) -> Void = { _ in },
        _ body: (ChatServer) async throws -> Result
    ) async throws -> Result {
        let configuration = ServerConfiguration.test { configuration in
            configuration.authenticator = NameAuthenticator()
            configuration.chat.isOn = true
            change(&configuration)
        }
        let io = SocketIOServer(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return try await RunningServer.with(configuration, socketIO: io) { server in
            try await body(ChatServer(server: server))
        }
    }

    @discardableResult
    func ask(
        _ method: String, _ path: String, as name: String?, _ body: String? = nil, _ fields: String...
    ) async throws -> HTTPAnswer {
        let token = name.map { ["Authorization: Bearer \($0)"] } ?? []
        return try await self.server.request(method, path, token + fields, body: body)
    }

    /// Sends a message, and returns its sequence.
    @discardableResult
    func say(_ text: String, in room: String, as name: String) async throws -> Int64? {
        let answer = try await self.ask("POST", "/v1/rooms/\(room)/messages", as: name, #"{"content":"\#(text)"}"#)
        return answer.json["sequence"].integer
    }

    func join(_ room: String, _ names: String...) async throws {
        for name in names {
            let answer = try await self.ask("POST", "/v1/rooms/\(room)/join", as: name)
            #expect(answer.status == 200, "\(answer.text)")
        }
    }
}

extension HTTPAnswer {
    var json: JSON { (try? JSON(RawArgument(.json, bytes: self.body))) ?? .null }
}

extension String {
    /// The text with every time replaced.
    var withoutTimes: String {
        self.replacing(#/"(timestamp|readAt|since|createdAt)":\d+/#) { "\"\($0.output.1)\":T" }
    }
}
