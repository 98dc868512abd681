// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWebSocketCodec
import HibikiWire
import NIOCore
import NIOEmbedded
import Testing

@testable import HibikiTransports

@Suite struct `Errors of the native protocol` {
    @Test(
        arguments: [
            ("", "invalid_message", nil), ("nonsense", "invalid_message", nil), ("[]", "invalid_message", nil),
            ("{}", "invalid_message", nil),
            (#"{"type":"fly","id":1}"#, "unknown_type", "1"), (#"{"type":5,"id":"a"}"#, "invalid_message", "a"),
            (#"{"type":"subscribe","id":2}"#, "invalid_message", "2"),
            (#"{"type":"subscribe","topic":"","id":3}"#, "invalid_topic", "3"),
            (#"{"type":"subscribe","topic":"$SYS","id":3}"#, "invalid_topic", "3"),
            (#"{"type":"presence","topic":"a\u0000","id":3}"#, "invalid_topic", "3"),
            (#"{"type":"subscribe","topic":"private","id":4}"#, "permission_denied", "4"),
            (#"{"type":"publish","topic":"private","payload":1,"id":5}"#, "permission_denied", "5"),
            (#"{"type":"history","topic":"private","id":6}"#, "permission_denied", "6"),
            (#"{"type":"presence","topic":"private","id":7}"#, "permission_denied", "7"),
            (#"{"type":"publish","topic":"public/a","id":8}"#, "invalid_message", "8"),
            (#"{"type":"direct","payload":1,"id":9}"#, "invalid_message", "9"),
            (#"{"type":"history","topic":"public/a","limit":0,"id":10}"#, "invalid_message", "10"),
            (#"{"type":"history","topic":"public/a","limit":1e300,"id":11}"#, "invalid_message", "11"),
            (#"{"type":"ping","id":1.5}"#, "invalid_message", nil),
            (#"{"type":"ping","id":1e300}"#, "invalid_message", nil),
        ] as [(String, String, String?)])
    func `carry a code and the id of the request, and the connection stays`(
        _ message: String, _ code: String, _ id: String?
    ) throws {
        let socket = try EmbeddedSocket(try EmbeddedServer())
        let answers = try socket.ask(message)
        #expect(answers.count == 1)
        let answer = try #require(answers.first)
        #expect(answer.hasPrefix(#"{"type":"error""#))
        #expect(answer.member("code") == code)
        #expect(answer.member("id") == id)
        #expect(answer.member("retry") == "false")
        #expect(answer.member("message")?.isEmpty == false)
        #expect(try socket.ask(#"{"type":"ping","id":99}"#) == [#"{"type":"reply","id":99}"#])
    }

    @Test(.everyEncoding) func `deny everything to anonymous clients in production`() throws {
        let socket = try EmbeddedSocket(try EmbeddedServer(permissions: .production))
        for message in [
            #"{"type":"subscribe","topic":"public/a","id":1}"#,
            #"{"type":"publish","topic":"public/a","payload":1,"id":1}"#,
            #"{"type":"broadcast","payload":1,"id":1}"#, #"{"type":"direct","targetId":"x","payload":1,"id":1}"#,
            #"{"type":"history","topic":"public/a","id":1}"#, #"{"type":"presence","topic":"public/a","id":1}"#,
        ] {
            #expect(try socket.ask(message).map { $0.member("code") } == ["permission_denied"])
        }
        #expect(try socket.ask(#"{"type":"ping","id":1}"#) == [#"{"type":"reply","id":1}"#])
    }

    @Test(.everyEncoding) func `end a connection's topics at the limit, and make room when one is left`() throws {
        var configuration = TransportConfiguration()
        configuration.events.topics = 3
        let socket = try EmbeddedSocket(try EmbeddedServer(configuration))
        for number in 1...3 { try socket.send(#"{"type":"subscribe","topic":"public/\#(number)"}"#) }
        let one = #"{"type":"subscribe","topic":"public/4","id":1}"#
        #expect(try socket.ask(one).map { $0.member("code") } == ["limit_exceeded"])
        #expect(
            try socket.ask(#"{"type":"subscribe","topic":"public/3","id":1}"#).map { $0.member("type") } == ["reply"])
        try socket.send(#"{"type":"unsubscribe","topic":"public/1"}"#)
        #expect(try socket.ask(one).map { $0.member("type") } == ["reply"])
    }

    @Test(.everyEncoding) func `say that the log is full, and that coming back makes sense`() throws {
        var retention = LogRetention()
        retention.topics = 1
        let socket = try EmbeddedSocket(try EmbeddedServer(retention: retention))
        try socket.send(#"{"type":"publish","topic":"public/1","payload":1}"#)
        let answer = try #require(try socket.ask(#"{"type":"publish","topic":"public/2","payload":1,"id":"k"}"#).first)
        #expect(answer.member("code") == "overloaded")
        #expect(answer.member("id") == "k")
        #expect(answer.member("retry") == "true")
    }

    private func close(_ socket: EmbeddedSocket) throws -> UInt16? {
        for case .close(let frame) in try socket.events() { return frame.code?.rawValue }
        return nil
    }

    @Test func `close the connection for binary frames with 1003`() throws {
        let socket = try EmbeddedSocket(try EmbeddedServer())
        try socket.send(.binary, ByteBuffer(string: "{}"))
        #expect(try self.close(socket) == 1003)
    }

    @Test func `close the connection for text frames with 1003 where Protocol Buffers are spoken`() throws {
        try NativeEncoding.$ofTests.withValue(.protobuf) {
            let socket = try EmbeddedSocket(try EmbeddedServer())
            try socket.send(.text, ByteBuffer(string: #"{"type":"ping"}"#))
            #expect(try self.close(socket) == 1003)
        }
    }

    @Test(
        .everyEncoding,
        arguments: [
            ([0x81, 0x01, 0x61], 1002), ([0xC1, 0x80, 0, 0, 0, 0], 1002), ([0x83, 0x80, 0, 0, 0, 0], 1002),
            ([0x81, 0x81, 0, 0, 0, 0, 0xFF], 1007),
            ([0x81, 0xFF, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0], 1009),
            ([0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 1009),
        ] as [([UInt8], UInt16)])
    func `close the connection for a broken frame with the code of RFC 6455`(_ frame: [UInt8], _ code: UInt16) throws {
        let server = try EmbeddedServer()
        let (socket, other) = (try EmbeddedSocket(server), try EmbeddedSocket(server))
        try socket.peer.send(ByteBuffer(bytes: frame))
        #expect(try self.close(socket) == code)
        #expect(try other.ask(#"{"type":"ping","id":1}"#).count == 1)
    }

    @Test(.everyEncoding) func `echo a close frame and forget the client`() throws {
        let server = try EmbeddedServer()
        let socket = try EmbeddedSocket(server)
        try socket.send(#"{"type":"subscribe","topic":"public/a"}"#)
        var payload = ByteBuffer()
        payload.writeInteger(UInt16(1000))
        try socket.send(.close, payload)
        #expect(try self.close(socket) == 1000)
        #expect(server.hub.topicsWithMembers == 0)
        #expect(server.loop.members.clientCount == 0)
    }
}
