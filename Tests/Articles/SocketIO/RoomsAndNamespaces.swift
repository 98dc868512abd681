// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIO
import HibikiSocketIOCodec

enum NamespaceListings {
    static func named(on io: SocketIOServer) {
        io.onConnection { socket in
            socket.emit("hello")
        }
        io.of("/admin").use { socket in
            guard socket.handshake.auth["token"] == "ok" else { throw ConnectError("denied") }
        }
    }

    static func matching(on io: SocketIOServer) -> ParentNamespace {
        let games = io.of(matching: /^\/game-\d+$/)
        games.onConnection { socket in
            socket.broadcast.emit("joined", socket.namespace.name)
        }
        return games
    }

    static func allowed(on io: SocketIOServer, tenants: Tenants) {
        let allowed = io.of { name, auth in
            guard name.hasPrefix("/tenant-"), let key = auth["key"].string else { return false }
            return try await tenants.accept(key, for: name)
        }
        allowed.onConnection { socket in
            socket.emit("hello", socket.namespace.name)
        }
    }

    static func pause(_ games: ParentNamespace) {
        games.emit("paused")
    }
}

/// Who may come into which namespace.
struct Tenants: Sendable {
    var keys: [String: String]

    func accept(_ key: String, for namespace: String) async throws -> Bool {
        self.keys[namespace] == key
    }
}

enum RoomListings {
    static func joining(on io: SocketIOServer) {
        io.onConnection { socket in
            socket.on("follow") { (room: String) -> [String] in
                socket.join(room)
                return socket.rooms.sorted()
            }
            socket.on("unfollow") { (room: String) in
                socket.leave(room)
            }
        }
    }

    static func addressing(_ io: SocketIOServer, _ socket: Socket) {
        io.emit("news", 1)
        io.to("sport", "weather").emit("news", 2)
        io.to("sport").except("muted").emit("news", 3)
        socket.to("sport").emit("news", 4)
        socket.broadcast.except("muted").emit("news", 5)
        io.to(socket.id).emit("news", 6)
        io.local.emit("news", 7)
    }

    static func moving(_ io: SocketIOServer) {
        let finalists = io.in("heat-1", "heat-2").except("retired")
        finalists.socketsJoin("final")
        finalists.socketsLeave("heat-1", "heat-2")
        io.to("final").emit("ready")
        io.in("retired").disconnectSockets()
    }

    static func looking(_ io: SocketIOServer) async throws -> [String] {
        var names: [String] = []
        for socket in try await io.in("final").fetchSockets() {
            names.append(socket.data["name"].string ?? socket.handshake.address)
            socket.emit("seen")
        }
        return names
    }

    static func watching(_ io: SocketIOServer, _ log: @escaping @Sendable (String) -> Void) {
        io.sockets.onRoomChange { change in
            switch change {
            case .created(let room): log("\(room) begins")
            case .deleted(let room): log("\(room) is empty")
            case .joined, .left: break
            }
        }
    }

    static func bridging(on io: SocketIOServer) {
        let news = io.of("/news")
        news.bridge { room in try? Topic("public/\(room)") }
        news.onConnection { socket in
            socket.on("follow") { (room: String, ack: Ack) in
                socket.join(room)
                ack()
            }
        }
    }
}
