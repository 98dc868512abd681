// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIO
import HibikiSocketIOCodec

struct Message: Codable, Sendable {
    var from: String
    var text: String
}

extension SocketDataKeys {
    var name: SocketDataKey<String> { SocketDataKey("name") }
}

func installChat(on io: SocketIOServer) {
    let chat = io.of("/chat")

    chat.use { socket in
        guard let name = socket.handshake.auth["name"].string, !name.isEmpty else {
            throw ConnectError("a name is needed", data: ["code": "no_name"])
        }
        socket.data.name = name
    }

    chat.onConnection { socket in
        let name = socket.data.name ?? ""

        socket.on("join") { (room: String) async throws -> [String] in
            await socket.join(room)
            socket.to(room).emit("joined", room, name)
            let members = try await chat.in(room).fetchSockets()
            return members.compactMap { $0.data["name"].string }
        }

        socket.on("say") { (room: String, text: String) throws -> Message in
            guard socket.rooms.contains(room) else { throw AckError("not in the room") }
            let message = Message(from: name, text: text)
            socket.to(room).emit("said", room, message)
            return message
        }

        socket.on("typing") { (room: String) in
            socket.to(room).volatile.emit("typing", room, name)
        }

        socket.onDisconnecting { reason, _ in
            for room in socket.rooms {
                socket.to(room).emit("left", room, name)
            }
        }
    }
}
