// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

@testable import HibikiSocketIO

private struct Order: Codable, Sendable, Equatable {
    var item: String
    var count: Int
}

private enum Game {
    static let move = SocketEvent("move", Double.self, Double.self)
    static let order = SocketEvent("order", Order.self, answer: Int.self)
}

@Suite struct `A handler` {
    @Test func `takes typed arguments, and its result is the ack`() async throws {
        try await ServerHarness.with { harness in
            harness.io.onConnection { socket in
                socket.on("order") { (order: Order) async throws -> Order in
                    Order(item: order.item, count: order.count + 1)
                }
                socket.on("sum") { (x: Double, y: Double) in x + y }
                socket.on("nothing") { "nothing" }
            }
            let (connection, _) = try await harness.client()
            try await connection.receive(
                #"20["order",{"item":"tea","count":2}]"#, #"21["sum",1.5,2]"#, #"22["nothing","too","many"]"#)
            #expect(
                Array(connection.sent.dropFirst()) == [
                    #"30[{"item":"tea","count":3}]"#, "31[3.5]", #"32["nothing"]"#,
                ])
        }
    }

    @Test func `is that of the event whose name has the same bytes`() async throws {
        try await ServerHarness.with { harness in
            harness.io.onConnection { socket in
                socket.on("caf\u{E9}") { "one" }
                socket.on("cafe\u{301}") { "other" }
            }
            let (connection, _) = try await harness.client()
            try await connection.receive("20[\"cafe\u{301}\"]", "21[\"caf\u{E9}\"]", "22[\"cafe\u{301}\"]")
            #expect(Array(connection.sent.dropFirst()) == [#"30["other"]"#, #"31["one"]"#, #"32["other"]"#])
        }
    }

    @Test func `takes what the client left out as nil`() async throws {
        try await ServerHarness.with { harness in
            harness.io.onConnection { socket in
                socket.on("e") { (first: String, second: Int?, third: JSON) in
                    "\(first) \(second.map(String.init) ?? "nil") \(third)"
                }
            }
            let (connection, _) = try await harness.client()
            try await connection.receive(#"20["e","a"]"#, #"21["e","a",null,[1]]"#, #"22["e","a",2]"#)
            #expect(connection.sent.dropFirst() == [#"30["a nil null"]"#, #"31["a nil [1]"]"#, #"32["a 2 null"]"#])
        }
    }

    @Test func `answers when it likes with an explicit ack, once`() async throws {
        try await ServerHarness.with { harness in
            let acks = Notes<Ack>()
            harness.io.onConnection { socket in
                socket.on("e") { (name: String, ack: Ack) in acks.add(ack) }
            }
            let (connection, _) = try await harness.client()
            try await connection.receive(#"2["e","x"]"#, #"25["e","x"]"#)
            #expect(acks.all.map(\.isWanted) == [false, true])
            for ack in acks.all { ack("yes", 1) }
            for ack in acks.all { ack("no") }
            try await harness.settle()
            #expect(connection.sent.dropFirst() == [#"35["yes",1]"#])
            #expect(acks.all.map(\.isWanted) == [false, false])
        }
    }

    @Test func `that throws answers the ack with an error, whose words are shown only if they are meant to be`()
        async throws
    {
        struct Secret: Error {}
        try await ServerHarness.with { harness in
            let errors = Notes<String>()
            harness.io.onConnection { socket in
                socket.on("told") { throw AckError("sold out", data: ["left": 0]) }
                socket.on("kept") { () async throws in throw Secret() }
                socket.onError { errors.add("\(type(of: $0))") }
            }
            let (connection, _) = try await harness.client()
            try await connection.receive(#"20["told"]"#, #"21["kept"]"#, #"2["kept"]"#)
            #expect(
                connection.sent.dropFirst() == [
                    #"30[{"error":{"message":"sold out","data":{"left":0}}}]"#,
                    #"31[{"error":{"message":"internal error"}}]"#,
                ])
            #expect(errors.all == ["Secret"])
        }
    }

    @Test func `is not called with arguments that do not suit it: the ack names the path, and hooks are told`()
        async throws
    {
        try await ServerHarness.with { harness in
            let failures = Notes<String>()
            let calls = Notes<Order>()
            harness.io.onDecodingError { failures.add("\($0.event): \($0.error)") }
            harness.io.onConnection { socket in socket.on("order") { (order: Order) in calls.add(order) } }
            let (connection, _) = try await harness.client()
            try await connection.receive(#"20["order",{"item":"tea","count":"two"}]"#, #"2["order"]"#)
            #expect(connection.sent.count == 2)
            #expect(
                connection.sent.last?.hasPrefix(#"30[{"error":{"message":"arguments[0].count: expected an integer"#)
                    == true)
            #expect(connection.sent.last?.hasSuffix(#","path":"arguments[0].count"}}]"#) == true)
            #expect(failures.all.count == 2)
            #expect(failures.all.last == "order: arguments[0]: expected a value, found nothing")
            #expect(calls.all.isEmpty)
            #expect(!connection.isClosed)
        }
    }

    @Test func `takes binary at any depth, and answers with it`() async throws {
        try await ServerHarness.with { harness in
            harness.io.onConnection { socket in
                socket.on("b") { (bytes: ByteBuffer, map: [String: ByteBuffer]) in
                    [
                        "both": ByteBuffer(
                            bytes: Array(bytes.readableBytesView) + Array(map["x"]?.readableBytesView ?? .init()))
                    ]
                }
            }
            let (connection, _) = try await harness.client()
            try await connection.receive(
                #"52-7["b",{"_placeholder":true,"num":0},{"x":{"_placeholder":true,"num":1}}]"#)
            try await connection.receive(binary: [1, 2])
            try await connection.receive(binary: [3])
            #expect(connection.sent.dropFirst() == [#"61-7[{"both":{"_placeholder":true,"num":0}}]"#, "<010203>"])
        }
    }

    @Test func `passes on what came, byte for byte`() async throws {
        try await ServerHarness.with { harness in
            harness.io.onConnection { socket in
                socket.on("say") { (arguments: Arguments) in socket.emit("said", arguments) }
                socket.on("echo") { (arguments: Arguments, ack: Ack) in ack(arguments) }
            }
            let (connection, _) = try await harness.client()
            try await connection.receive(#"2["say",1.0,{ "a":  1e2 },"\u00e9"]"#, #"29["echo",[1.50]]"#)
            #expect(connection.sent.dropFirst() == [#"2["said",1.0,{ "a":  1e2 },"\u00e9"]"#, "39[[1.50]]"])
            try await connection.receive(#"51-["say",[{"_placeholder":true,"num":0}]]"#)
            try await connection.receive(binary: [7])
            #expect(connection.sent.suffix(2) == [#"51-["said",[{"_placeholder":true,"num":0}]]"#, "<07>"])
        }
    }

    @Test func `of an event that was declared once needs no types`() async throws {
        try await ServerHarness.with { harness in
            harness.io.onConnection { socket in
                socket.on(Game.move) { x, y in socket.emit(Game.move, y, x) }
                socket.on(Game.order) { order in order.count }
            }
            let (connection, _) = try await harness.client()
            try await connection.receive(#"2["move",1,2.5]"#, #"20["order",{"item":"x","count":4}]"#)
            #expect(connection.sent.dropFirst() == [#"2["move",2.5,1]"#, "30[4]"])
        }
    }

    @Test func `can be called once, and be taken away`() async throws {
        try await ServerHarness.with { harness in
            let calls = Notes<String>()
            harness.io.onConnection { socket in
                socket.once("e") { calls.add("once") }
                let second = socket.on("e") { calls.add("second") }
                socket.on("e") { calls.add("third") }
                socket.on("off") { socket.off("e", second) }
                socket.on("all") { socket.off() }
            }
            let (connection, _) = try await harness.client()
            try await connection.receive(
                #"2["e"]"#, #"2["e"]"#, #"2["off"]"#, #"2["e"]"#, #"2["all"]"#, #"2["e"]"#)
            #expect(calls.all == ["once", "second", "third", "second", "third", "third"])
        }
    }

    @Test func `for the event error, which nobody handles, is not needed`() async throws {
        try await ServerHarness.with { harness in
            let (connection, _) = try await harness.client()
            try await connection.receive(#"2["error","x"]"#)
            #expect(!connection.isClosed)
        }
    }
}

@Suite struct `Handlers of one socket` {
    @Test func `are called in order, and an event waits for the one before`() async throws {
        try await ServerHarness.with { harness in
            let gate = Gate()
            let calls = Notes<String>()
            harness.io.onConnection { socket in
                socket.on("slow") { (n: Int) in
                    calls.add("slow \(n) begins")
                    await gate.pass()
                    calls.add("slow \(n) ends")
                }
                socket.on("fast") { (n: Int) in calls.add("fast \(n)") }
            }
            let (connection, _) = try await harness.client()
            let (neighbour, _) = try await harness.client()
            try await connection.receive(#"2["slow",1]"#, #"2["fast",2]"#, #"2["slow",3]"#, #"2["fast",4]"#)
            #expect(calls.all == ["slow 1 begins"])
            try await neighbour.receive(#"2["fast",0]"#)
            #expect(calls.all == ["slow 1 begins", "fast 0"])
            gate.open()
            try await harness.until { calls.all.count == 7 }
            #expect(
                calls.all.dropFirst(2) == ["slow 1 ends", "fast 2", "slow 3 begins", "slow 3 ends", "fast 4"])
        }
    }

    @Test func `that do not suspend are done when the event has been read`() async throws {
        try await ServerHarness.with { harness in
            harness.io.onConnection { socket in
                socket.on("e") { (n: Int) async -> Int in n + 1 }
            }
            let (connection, _) = try await harness.client()
            try await connection.onLoop { application in
                application.received(text: ByteBuffer(string: #"20["e",1]"#))
                #expect(connection.sent.last == "30[2]")
            }
        }
    }

    @Test func `wait for the connection handler, whose emits come after the reply`() async throws {
        try await ServerHarness.with { harness in
            let gate = Gate()
            harness.io.onConnection { socket in
                socket.emit("welcome")
                await gate.pass()
                socket.on("e") { "heard" }
            }
            let (connection, socket) = try await harness.client()
            try await connection.receive(#"20["e"]"#)
            #expect(connection.sent == [#"0{"sid":"\#(socket.id)"}"#, #"2["welcome"]"#])
            gate.open()
            try await harness.until { connection.sent.last == #"30["heard"]"# }
        }
    }

    @Test func `hold the client back when too many events wait`() async throws {
        try await ServerHarness.with({ $0.waitingEvents = 4 }) { harness in
            let gate = Gate()
            let calls = Notes<Int>()
            harness.io.onConnection { socket in
                socket.on("e") { (n: Int) in
                    await gate.pass()
                    calls.add(n)
                }
            }
            let (connection, _) = try await harness.client()
            for n in 0..<4 { try await connection.receive(#"2["e",\#(n)]"#) }
            #expect(connection.application?.isReady == true)
            try await connection.receive(#"2["e",4]"#)
            #expect(connection.application?.isReady == false)
            #expect(connection.proceeds == 0)
            gate.open()
            try await harness.until { calls.all.count == 5 }
            #expect(calls.all == [0, 1, 2, 3, 4])
            #expect(connection.application?.isReady == true)
            #expect(connection.proceeds == 1)
        }
    }

    @Test func `hold the client back when too many sockets that it has left wait for them`() async throws {
        try await ServerHarness.with({ $0.waitingEvents = 4 }) { harness in
            let gate = Gate()
            let ended = Notes<String>()
            harness.io.onConnection { socket in
                socket.onDisconnect { reason, _ in ended.add(reason.rawValue) }
                await gate.pass()
            }
            let (connection, _) = try await harness.client()
            for _ in 0..<3 { try await connection.receive("1", "0") }
            #expect(connection.application?.isReady == true)
            try await connection.receive("1", "0")
            #expect(connection.application?.isReady == false)
            gate.open()
            try await harness.until { ended.all.count == 4 && connection.application?.isReady == true }
        }
    }

    @Test func `still get what came before the client was lost, and then its end`() async throws {
        try await ServerHarness.with { harness in
            let gate = Gate()
            let calls = Notes<String>()
            harness.io.onConnection { socket in
                socket.on("e") { (n: Int) in
                    await gate.pass()
                    calls.add("\(n) \(socket.connected)")
                }
                socket.onDisconnecting { reason, _ in calls.add("leaving \(socket.rooms.count)") }
                socket.onDisconnect { reason, _ in calls.add("\(reason) \(socket.rooms.count)") }
                socket.join("room")
            }
            let (connection, _) = try await harness.client()
            try await connection.receive(#"2["e",1]"#, #"2["e",2]"#)
            try await connection.lose(.pingTimeout)
            gate.open()
            try await harness.until { calls.all.count == 4 }
            #expect(calls.all == ["1 false", "2 false", "leaving 2", "ping timeout 0"])
        }
    }
}

@Suite struct `Watchers of a socket` {
    @Test func `see every event before middlewares and handlers`() async throws {
        try await ServerHarness.with { harness in
            let calls = Notes<String>()
            harness.io.onConnection { socket in
                let first = socket.onAny { event, arguments in calls.add("any \(event.text) \(arguments.count)") }
                socket.prependAny { _, _ in calls.add("first") }
                socket.use { event, _ in calls.add("use \(event.text)") }
                socket.on("e") { (n: Int) in calls.add("handler") }
                socket.on("off") { socket.offAny(first) }
                #expect(socket.listenersAny.count == 2)
            }
            let (connection, _) = try await harness.client()
            try await connection.receive(#"2["e",1]"#)
            #expect(calls.all == ["first", "any e 1", "use e", "handler"])
            try await connection.receive(#"2["off"]"#, #"2["x"]"#)
            #expect(calls.all.suffix(2) == ["first", "use x"])
        }
    }

    @Test func `see what goes out, emits and broadcasts, but no acks`() async throws {
        try await ServerHarness.with { harness in
            let calls = Notes<String>()
            harness.io.onConnection { socket in
                let id = socket.onAnyOutgoing { event, arguments in calls.add("\(event.text) \(arguments.json)") }
                socket.prependAnyOutgoing { _, _ in calls.add("first") }
                socket.on("e") { 1 }
                socket.on("off") { socket.offAnyOutgoing(id) }
                #expect(socket.listenersAnyOutgoing.count == 2)
            }
            let (connection, socket) = try await harness.client()
            socket.emit("own", 1, ByteBuffer(bytes: [1]))
            harness.io.emit("all", "x")
            try await harness.settle()
            try await connection.receive(#"20["e"]"#, #"2["off"]"#)
            socket.emit("last")
            try await harness.settle()
            #expect(calls.all.count == 5)
            #expect(calls.all.contains("own [1, {\"_placeholder\":true,\"num\":0}]"))
            #expect(calls.all.contains("all [\"x\"]"))
        }
    }

    @Test func `can refuse an event: its ack is answered, or the error is told`() async throws {
        try await ServerHarness.with { harness in
            let calls = Notes<String>()
            harness.io.onConnection { socket in
                socket.use { event, _ async throws in
                    if event.text == "no" { throw AckError("denied", data: 7) }
                }
                socket.on("no") { calls.add("handler") }
                socket.on("yes") { calls.add("yes") }
                socket.onError { calls.add($0.clientMessage) }
            }
            let (connection, _) = try await harness.client()
            try await connection.receive(#"20["no"]"#, #"2["no"]"#, #"2["yes"]"#)
            #expect(connection.sent.dropFirst() == [#"30[{"error":{"message":"denied","data":7}}]"#])
            #expect(calls.all == ["denied", "yes"])
        }
    }
}
