// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIO
import HibikiSocketIOCodec
import Synchronization

/// What the suites expect; `socketio_wire/suite.py` describes it.
enum Handlers {
    static func install(on io: SocketIOServer, recovers: Bool) {
        io.onConnection { socket in
            socket.emit("auth", socket.handshake.auth)
            self.answerMessages(socket)
            self.keepRooms(socket)
            self.broadcast(socket)
            self.ask(socket)
            self.tick(socket)
            socket.onDisconnect { reason, _ in
                io.to("watchers").emit("gone", socket.id, reason.rawValue)
            }
        }
        io.of("/custom").onConnection { socket in
            socket.emit("auth", socket.handshake.auth)
        }
        io.of("/app").onConnection { socket in
            socket.emit("hello")
            socket.on("ask") { (arguments: Arguments, ack: Ack) in ack(arguments) }
        }
        io.of("/admin").use { socket in
            guard socket.handshake.auth["token"] == "ok" else { throw ConnectError("denied", data: ["code": 7]) }
        }
        Bench.install(on: io)
    }

    private static func answerMessages(_ socket: Socket) {
        socket.on("message") { (arguments: Arguments) in socket.emit("message-back", arguments) }
        socket.on("message-with-ack") { (arguments: Arguments, ack: Ack) in ack(arguments) }
        socket.on("ask") { (arguments: Arguments, ack: Ack) in ack(arguments) }
        socket.on("disconnect-me") { (close: Bool) in socket.disconnect(close: close) }
        socket.on("whoami") {
            JSON.object([
                "id": .string(socket.id), "rooms": .array(socket.rooms.sorted().map { .string($0) }),
                "recovered": .bool(socket.recovered), "auth": socket.handshake.auth,
            ])
        }
    }

    private static func keepRooms(_ socket: Socket) {
        socket.on("join") { (room: String, ack: Ack) in
            socket.join(room)
            ack()
        }
        socket.on("leave") { (room: String, ack: Ack) in
            socket.leave(room)
            ack()
        }
        socket.on("say") { (arguments: Arguments, ack: Ack) in
            let room = try arguments.decode(String.self, at: 0)
            socket.namespace.to(room).emit("said", Arguments(Array(arguments.raw.dropFirst())))
            ack()
        }
        socket.on("say-volatile") { (arguments: Arguments, ack: Ack) in
            let room = try arguments.decode(String.self, at: 0)
            socket.namespace.to(room).volatile.emit("said", Arguments(Array(arguments.raw.dropFirst())))
            ack()
        }
    }

    private static func broadcast(_ socket: Socket) {
        struct Options: Decodable, Sendable {
            var to: [String]?
            var except: [String]?
            var `self`: Bool?
            var volatile: Bool?
            var timeout: Int64?
        }
        socket.on("broadcast") { (arguments: Arguments, ack: Ack) async throws in
            let options = try arguments.decode(Options.self, at: 0)
            let event = try arguments.decode(String.self, at: 1)
            let rest = Arguments(Array(arguments.raw.dropFirst(2)))
            var audience = options.`self` == false ? socket.broadcast : socket.namespace.everyone
            audience = audience.to(options.to ?? []).except(options.except ?? [])
            if options.volatile == true { audience = audience.volatile }
            guard let timeout = options.timeout else {
                audience.emit(event, rest)
                return ack(["responses": [], "timedOut": false] as JSON)
            }
            do {
                let answers = try await audience.timeout(.milliseconds(timeout)).emitWithAck(event, rest)
                ack(Self.report(answers, timedOut: false))
            } catch let error as BroadcastTimeout {
                ack(Self.report(error.responses, timedOut: true))
            }
        }
    }

    private static func report(_ answers: [Arguments], timedOut: Bool) -> JSON {
        ["responses": .array(answers.map { $0.json.first ?? .null }), "timedOut": .bool(timedOut)]
    }

    private static func ask(_ socket: Socket) {
        let questions = OpenQuestions()
        socket.on("ask-me") { (arguments: Arguments) in
            let event = try arguments.decode(String.self, at: 0)
            let rest = Arguments(Array(arguments.raw.dropFirst()))
            guard questions.begin() else { return }
            // In a task of its own, because the answer comes as the next packet of this socket.
            Task {
                defer { questions.end() }
                let answer = try await socket.timeout(.seconds(5)).emitWithAck(event, rest)
                socket.emit("asked", answer)
            }
        }
    }

    private static func tick(_ socket: Socket) {
        let namespace = socket.namespace
        let id = socket.id
        // To rooms, because the socket object changes when the client comes back.
        socket.on("tick") { (count: Int, interval: Int64, ack: Ack) in
            Task { await self.emitTicks(count, every: .milliseconds(interval)) { namespace.to(id).emit("tock", $0) } }
            ack()
        }
        socket.on("tick-room") { (count: Int, interval: Int64, ack: Ack) in
            let room = "ticks:\(id)"
            socket.join(room)
            Task { await self.emitTicks(count, every: .milliseconds(interval)) { namespace.to(room).emit("tock", $0) } }
            ack()
        }
    }

    static func emitTicks(_ count: Int, every interval: Duration, _ emit: (Int) -> Void) async {
        var next = ContinuousClock.now
        for number in 1...max(1, min(count, 100_000)) {
            next += interval
            try? await Task.sleep(until: next)
            emit(number)
        }
    }
}

/// Tasks of one socket that wait for an answer of its client, which may never give one.
private final class OpenQuestions: Sendable {
    private static let most = 10_000
    private let count = Mutex(0)

    func begin() -> Bool {
        self.count.withLock { count in
            guard count < Self.most else { return false }
            count += 1
            return true
        }
    }

    func end() {
        self.count.withLock { $0 -= 1 }
    }
}
