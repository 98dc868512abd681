// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import Testing

@testable import HibikiSocketIO

/// The reaction table of the original: what a client sends, what it gets, what becomes of the session.
@Suite struct `A server answers a client` {
    @Test func `that joins, with its id, which is not the session's`() async throws {
        try await ServerHarness.with { harness in
            let (connection, socket) = try await harness.client()
            #expect(connection.sent == [#"0{"sid":"\#(socket.id)"}"#])
            #expect(socket.id.utf8.count == 20)
            #expect(socket.id != connection.id)
            #expect(socket.connected)
        }
    }

    @Test(arguments: ["0/custom", "0/custom,", #"0/custom,{"token":"x"}"#])
    func `that joins a namespace, with or without a comma`(_ text: String) async throws {
        try await ServerHarness.with(prepare: { _ = $0.of("/custom") }) { harness in
            let connection = harness.session()
            try await connection.receive(text)
            #expect(connection.sent.count == 1)
            #expect(connection.sent.first?.hasPrefix(#"0/custom,{"sid":""#) == true)
        }
    }

    @Test(arguments: [("0/no", "4/no,"), ("0/auth?x=1,", "4/auth?x=1,")])
    func `that asks for a namespace that is not there`(_ text: String, _ start: String) async throws {
        try await ServerHarness.with(prepare: { _ = $0.of("/auth") }) { harness in
            let connection = harness.session()
            try await connection.receive(text)
            #expect(connection.sent == [start + #"{"message":"Invalid namespace"}"#])
            #expect(!connection.isClosed)
        }
    }

    @Test func `that joins nothing by closing when the time is over`() async throws {
        try await ServerHarness.with { harness in
            let connection = harness.session()
            try await harness.pass(.milliseconds(44_999))
            #expect(!connection.isClosed)
            try await harness.pass(.milliseconds(1))
            #expect(connection.isClosed)
        }
    }

    @Test func `that has joined without that deadline, even after it has left again`() async throws {
        try await ServerHarness.with { harness in
            let (connection, _) = try await harness.client()
            try await connection.receive("1")
            try await harness.pass(.seconds(100))
            #expect(!connection.isClosed)
            #expect(connection.application?.deadline == nil)
        }
    }

    @Test(arguments: [#"2["x"]"#, "2", "3[]", "1", "4{}", #"4"no""#])
    func `that has not joined by closing`(_ text: String) async throws {
        try await ServerHarness.with { harness in
            let connection = harness.session()
            try await connection.receive(text)
            #expect(connection.isClosed)
            #expect(connection.sent.isEmpty)
        }
    }

    @Test(
        arguments: [
            "0", "4{}", "abc", "2{}", "2[]", "2[null]", #"2["connect"]"#, #"2["disconnecting"]"#, #"2abc["x"]"#,
            #"2/other,["x"]"#, "5", "x",
        ])
    func `that breaks the rules by closing, with the reason forced close`(_ text: String) async throws {
        try await ServerHarness.with(prepare: { _ = $0.of("/other") }) { harness in
            let reasons = Notes<DisconnectReason>()
            harness.io.of("/second").onConnection { $0.onDisconnect { reason, _ in reasons.add(reason) } }
            harness.io.onConnection { $0.onDisconnect { reason, _ in reasons.add(reason) } }
            let (connection, socket) = try await harness.client()
            try await connection.receive("0/second,")
            try await connection.receive(text)
            try await harness.until { reasons.all.count == 2 }
            #expect(connection.isClosed)
            #expect(reasons.all == [.forcedClose, .forcedClose])
            #expect(!socket.connected)
        }
    }

    @Test(arguments: ["abc", "2{}", #"51-["x",{"_placeholder":true,"num":1}]"#])
    func `that sends what is no packet by telling its sockets`(_ text: String) async throws {
        try await ServerHarness.with { harness in
            let errors = Notes<String>()
            harness.io.onConnection { socket in
                socket.onError { errors.add("\($0 is SocketViolation)") }
            }
            let (connection, _) = try await harness.client()
            try await connection.receive(text)
            if text.hasPrefix("5") { try await connection.receive(binary: [1]) }
            #expect(errors.all == ["true"])
            #expect(connection.isClosed)
        }
    }

    @Test func `that leaves and comes again, with another id`() async throws {
        try await ServerHarness.with { harness in
            let reasons = Notes<DisconnectReason>()
            harness.io.onConnection { $0.onDisconnect { reason, _ in reasons.add(reason) } }
            let (connection, first) = try await harness.client()
            try await connection.receive("1", "0")
            #expect(reasons.all == [.clientNamespaceDisconnect])
            #expect(connection.sent.count == 2)
            #expect(connection.sent.last?.contains(first.id) == false)
            #expect(!connection.isClosed)
        }
    }

    @Test func `that sends events and acks without a payload by ignoring them`() async throws {
        try await ServerHarness.with { harness in
            let (connection, _) = try await harness.client()
            try await connection.receive("2", "3", "30", "3[]", "37[1]")
            #expect(!connection.isClosed)
            #expect(connection.sent.count == 1)
        }
    }

    @Test func `that names events with numbers`() async throws {
        try await ServerHarness.with { harness in
            harness.io.onConnection { socket in socket.on("1") { (value: Int) in value + 1 } }
            let (connection, _) = try await harness.client()
            try await connection.receive("20[1,2]")
            #expect(connection.sent.last == "30[3]")
        }
    }

    @Test func `that sends a text while an attachment is due, or binary while none is, by closing`() async throws {
        try await ServerHarness.with { harness in
            let (early, _) = try await harness.client()
            try await early.receive(#"51-["x",{"_placeholder":true,"num":0}]"#, #"2["y"]"#)
            #expect(early.isClosed)
            let (stray, _) = try await harness.client()
            try await stray.receive(binary: [1, 2])
            #expect(stray.isClosed)
        }
    }

    @Test func `whose packet announces no attachments by delivering it, and goes on`() async throws {
        try await ServerHarness.with { harness in
            harness.io.onConnection { socket in socket.on("e") { 1 } }
            let (connection, _) = try await harness.client()
            try await connection.receive(#"50-0["e"]"#, #"21["e"]"#)
            #expect(Array(connection.sent.suffix(2)) == ["30[1]", "31[1]"])
        }
    }

    @Test func `whose attachments do not come in time by closing`() async throws {
        try await ServerHarness.with { harness in
            let (connection, _) = try await harness.client()
            try await connection.receive(#"51-["x",{"_placeholder":true,"num":0}]"#)
            try await harness.pass(.milliseconds(29_999))
            #expect(!connection.isClosed)
            try await harness.pass(.milliseconds(1))
            #expect(connection.isClosed)
        }
    }

    @Test func `whose event crosses the server's disconnect by dropping it`() async throws {
        try await ServerHarness.with(prepare: { _ = $0.of("/second") }) { harness in
            let events = Notes<String>()
            harness.io.onConnection { socket in socket.on("x") { events.add("x") } }
            let (connection, socket) = try await harness.client()
            try await connection.receive("0/second,")
            socket.disconnect()
            try await connection.receive(#"2["x"]"#, "30[]", "1")
            try await harness.settle()
            #expect(connection.sent.last == "1")
            #expect(!connection.isClosed)
            #expect(events.all.isEmpty)
            try await connection.receive("0", #"2["x"]"#)
            #expect(events.all == ["x"])
        }
    }

    @Test func `that joins more namespaces than it may with an error`() async throws {
        try await ServerHarness.with(
            { $0.namespacesPerConnection = 2 },
            prepare: { io in
                for name in ["/a", "/b", "/c"] { _ = io.of(name) }
            }
        ) { harness in
            let connection = harness.session()
            try await connection.receive("0/a,", "0/b,", "0/c,")
            #expect(connection.sent.last == #"4/c,{"message":"Too many namespaces"}"#)
            try await connection.receive("1/a,", "0/c,")
            #expect(connection.sent.last?.hasPrefix("0/c,") == true)
            #expect(!connection.isClosed)
        }
    }

    @Test func `of the old version without being asked, and takes its query for what it sends as auth`() async throws {
        try await ServerHarness.with { harness in
            let auths = Notes<JSON>()
            harness.io.of("/admin").onConnection { auths.add($0.handshake.auth) }
            let connection = harness.session(version: .v3)
            try await connection.receive("0/admin?token=x%20y")
            try await harness.settle()
            #expect(connection.sent == ["0", "0/admin"])
            #expect(auths.all == [["token": "x y"]])
            let sockets = try #require(connection.application as? SocketClient).sockets
            #expect(Set(sockets.map(\.id)) == [connection.id, "/admin#\(connection.id)"])
        }
    }

    @Test func `in MessagePack, if that was configured`() async throws {
        try await ServerHarness.with({ $0.parser = .messagePack }) { harness in
            harness.io.onConnection { socket in socket.on("sum") { (a: Int, b: Int) in a + b } }
            let connection = harness.session()
            // {"type":0,"nsp":"/"}
            try await connection.receive(
                binary: [0x82, 0xA4] + Array("type".utf8) + [0, 0xA3] + Array("nsp".utf8) + [0xA1, 0x2F])
            #expect(connection.sent.count == 1)
            // {"type":2,"data":["sum",1,2],"id":0,"nsp":"/"}
            var event: [UInt8] = [0x84, 0xA4] + Array("type".utf8) + [2, 0xA4] + Array("data".utf8)
            event +=
                [0x93, 0xA3] + Array("sum".utf8) + [1, 2, 0xA2] + Array("id".utf8) + [0, 0xA3] + Array("nsp".utf8)
            try await connection.receive(binary: event + [0xA1, 0x2F])
            // {"type":3,"data":[3],"id":0,"nsp":"/"}
            #expect(
                connection.sent.last == "<84a474797065 03 a464617461 9103 a2696400 a36e7370a12f>".filter { $0 != " " })
            try await connection.receive("2[]")
            #expect(connection.isClosed)
        }
    }
}
