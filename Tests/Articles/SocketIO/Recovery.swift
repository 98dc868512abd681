// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIO
import HibikiSocketIOCodec

/// What was said in a room.
protocol History: Sendable {
    func latest(_ room: String) async throws -> [Message]
}

enum RecoveryListings {
    static func server() -> SocketIOServer {
        var configuration = SocketIOServer.Configuration()
        configuration.connectionStateRecovery = .init()
        let io = SocketIOServer(configuration: configuration)
        return io
    }

    static func options() -> SocketIOServer.ConnectionStateRecovery {
        var recovery = SocketIOServer.ConnectionStateRecovery()
        recovery.maxDisconnectionDuration = .seconds(60)
        recovery.namespaces = ["/chat"]
        recovery.subject = { handshake in handshake.auth["user"].string }
        recovery.mayRecover = { socket, room in room != "staff" || socket.handshake.auth["role"] == "staff" }
        return recovery
    }

    static func welcoming(on io: SocketIOServer, history: any History) {
        io.onConnection { socket in
            if !socket.recovered {
                await socket.join("lobby")
                socket.emit("history", try await history.latest("lobby"))
            }
            socket.on("say") { (text: String) in
                socket.to("lobby").emit("said", text)
            }
        }
    }

    static func volatile(_ io: SocketIOServer) {
        io.to("lobby").emit("said", "kept for those who come back")
        io.to("lobby").volatile.emit("cursor", 12, 40)
    }
}
