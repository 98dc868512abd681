// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIO
import HibikiSocketIOCodec

struct Order: Codable, Sendable {
    struct Item: Codable, Sendable {
        var name: String
        var count: Int
    }

    var items: [Item]
}

struct Receipt: Codable, Sendable {
    var number: Int
}

/// Keeps orders.
protocol Orders: Sendable {
    func place(_ order: Order) async throws -> Receipt
    func find(_ number: Int, _ completion: @escaping @Sendable (Order?) -> Void)
}

enum Shop {
    static let order = SocketEvent("order", Order.self, answer: Receipt.self)
    static let price = SocketEvent("price", String.self, Double.self)
}

enum AckListings {
    static func answering(on io: SocketIOServer, orders: any Orders) {
        io.onConnection { socket in
            socket.on("order") { (order: Order) async throws -> Receipt in
                guard !order.items.isEmpty else { throw AckError("nothing is ordered", data: ["code": "empty"]) }
                return try await orders.place(order)
            }
            socket.on("find") { (number: Int, ack: Ack) in
                orders.find(number) { order in
                    ack(order)
                }
            }
        }
    }

    static func typed(on io: SocketIOServer, orders: any Orders) {
        io.onConnection { socket in
            socket.on(Shop.order) { order in try await orders.place(order) }
            socket.emit(Shop.price, "tea", 2.5)
        }
    }

    static func asking(_ socket: Socket) async throws -> String? {
        do {
            return try await socket.timeout(.seconds(5)).emitWithAck("version", as: String.self)
        } catch EmitError.timeout {
            return nil
        }
    }

    static func asking(on io: SocketIOServer) {
        io.onConnection { socket in
            socket.on("start") { () async throws -> String in
                let version = try await socket.timeout(.seconds(5)).emitWithAck("version", as: String.self)
                return "started with \(version)"
            }
        }
    }

    static func voting(_ io: SocketIOServer) async throws -> (yes: Int, of: Int) {
        do {
            let votes = try await io.to("jury").timeout(.seconds(5)).emitWithAck("vote", as: Bool.self)
            return (votes.count { $0 }, votes.count)
        } catch let error as BroadcastTimeout {
            let votes = error.responses(as: Bool.self)
            return (votes.count { $0 }, error.expected)
        }
    }
}

enum ErrorListings {
    static func decoding(_ io: SocketIOServer, _ log: @escaping @Sendable (String) -> Void) {
        io.onDecodingError { failure in
            log("\(failure.socket.id) \(failure.event) \(failure.error.path)")
        }
    }

    static func refusing(on io: SocketIOServer) {
        io.use { socket in
            guard let token = socket.handshake.auth["token"].string else {
                throw ConnectError("a token is needed", data: ["code": "no_token"])
            }
            guard token == "ok" else { throw Expired(since: 1_795_257_026) }
        }
    }

    struct Expired: ClientVisibleError {
        var since: Int64

        var message: String { "the token has expired" }
        var data: JSON? { ["code": "expired", "since": .integer(self.since)] }
    }

    static func watching(on io: SocketIOServer, _ log: @escaping @Sendable (String) -> Void) {
        io.onConnection { socket in
            socket.use { event, arguments in
                guard arguments.count <= 4 else { throw AckError("too many arguments") }
            }
            socket.onError { error in
                log("error: \(error)")
            }
            socket.onDisconnect { reason, description in
                log("left: \(reason) \(description ?? "")")
            }
        }
    }

    static func engine(_ log: @escaping @Sendable (String) -> Void) -> SocketIOServer.Configuration {
        var configuration = SocketIOServer.Configuration()
        configuration.engine.hooks.allowRequest = { request in
            guard request.header("user-agent") != nil else { throw EngineRefusal.forbidden("say who you are") }
        }
        configuration.engine.hooks.connectionError = { request, refusal in
            log("\(request.address) \(refusal.code) \(refusal.context.rawValue)")
        }
        return configuration
    }
}
