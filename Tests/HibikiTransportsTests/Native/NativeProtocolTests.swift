// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWebSocketCodec
import NIOCore
import NIOEmbedded
import Testing

@testable import HibikiTransports

/// The table of Documentation/protocol.md, "WebSocket", row by row.
@Suite(.everyEncoding) struct `The native protocol` {
    @Test func `begins with a welcome`() throws {
        let server = try EmbeddedServer()
        let socket = try EmbeddedSocket(server)
        #expect(socket.clientID.utf8.count == 22)
        #expect(try EmbeddedSocket(server).clientID != socket.clientID)
    }

    @Test func `subscribe answers the newest position, then what came after since, then what happens`() throws {
        let server = try EmbeddedServer()
        try server.publish("1", "2", "3")
        let socket = try EmbeddedSocket(server)
        try socket.send(#"{"type":"subscribe","topic":"public/a","since":"00000007-1","id":1}"#)
        let texts = try socket.texts()
        #expect(texts.first == #"{"type":"reply","id":1,"topic":"public/a","position":"00000007-3"}"#)
        #expect(texts.dropFirst().map { $0.member("payload") } == ["2", "3"])
        #expect(
            texts.last?.stable()
                == #"{"type":"event","topic":"public/a","position":"00000007-3","event":"message","payload":3,"from":null,"timestamp":0}"#
        )
        try server.publish("4")
        #expect(try socket.payloads() == ["4"])
    }

    @Test func `subscribe without since begins with what happens next`() throws {
        let server = try EmbeddedServer()
        try server.publish("1")
        let socket = try EmbeddedSocket(server)
        #expect(try socket.ask(#"{"type":"subscribe","topic":"public/a","id":1}"#).count == 1)
        try server.publish("2")
        #expect(try socket.payloads() == ["2"])
    }

    @Test func `subscribe without id answers nothing, and tells a gap by a message`() throws {
        let server = try EmbeddedServer()
        try server.publish("1")
        let socket = try EmbeddedSocket(server)
        #expect(try socket.ask(#"{"type":"subscribe","topic":"public/a"}"#).isEmpty)
        let answer = try socket.ask(#"{"type":"subscribe","topic":"public/a","since":"00000008-1"}"#)
        #expect(answer == [#"{"type":"gap","topic":"public/a","position":"00000007-1"}"#])
        try server.publish("2")
        #expect(try socket.payloads() == ["2"])
    }

    @Test(arguments: ["00000007-9", "-1", "9e99", "9223372036854775808", "", "v1.A"])
    func `subscribe with a position that is gone says gap beside it`(_ since: String) throws {
        let server = try EmbeddedServer()
        try server.publish("1")
        let socket = try EmbeddedSocket(server)
        let answer = try socket.ask(#"{"type":"subscribe","topic":"public/a","since":"\#(since)","id":1}"#)
        #expect(answer == [#"{"type":"reply","id":1,"topic":"public/a","position":"00000007-1","gap":true}"#])
    }

    @Test func `subscribe to the same topic again begins anew and delivers once`() throws {
        let server = try EmbeddedServer()
        try server.publish("1", "2")
        let socket = try EmbeddedSocket(server)
        for _ in 0..<2 {
            try socket.send(#"{"type":"subscribe","topic":"public/a","since":"earliest","id":1}"#)
            #expect(try socket.payloads() == ["1", "2"])
        }
        try server.publish("3")
        #expect(try socket.payloads() == ["3"])
    }

    @Test func `unsubscribe ends the deliveries`() throws {
        let server = try EmbeddedServer()
        let socket = try EmbeddedSocket(server)
        try socket.send(#"{"type":"subscribe","topic":"public/a"}"#)
        #expect(try socket.ask(#"{"type":"unsubscribe","topic":"public/a","id":2}"#) == [#"{"type":"reply","id":2}"#])
        #expect(
            try socket.ask(#"{"type":"unsubscribe","topic":"public/never","id":"x"}"#) == [
                #"{"type":"reply","id":"x"}"#
            ])
        try server.publish("1")
        #expect(try socket.texts().isEmpty)
        #expect(server.hub.topicsWithMembers == 0)
    }

    @Test func `publish answers the position, and a publisher that is subscribed gets its own event`() throws {
        let server = try EmbeddedServer()
        let socket = try EmbeddedSocket(server)
        try socket.send(#"{"type":"subscribe","topic":"public/a"}"#)
        let texts = try socket.ask(
            #"{"type":"publish","topic":"public/a","event":"headline","payload":{"x": [1, 2]},"id":"k"}"#)
        #expect(
            texts.map { $0.stable([socket.clientID: "ME"]) } == [
                #"{"type":"reply","id":"k","position":"00000007-1"}"#,
                #"{"type":"event","topic":"public/a","position":"00000007-1","event":"headline","payload":{"x": [1, 2]},"from":"ME","timestamp":0}"#,
            ])
    }

    @Test func `publish takes an id that is a string for the idempotency key, and a number for none`() throws {
        let server = try EmbeddedServer()
        let socket = try EmbeddedSocket(server)
        let publish = #"{"type":"publish","topic":"public/a","payload":1,"id":"k"}"#
        #expect(try socket.ask(publish) == [#"{"type":"reply","id":"k","position":"00000007-1"}"#])
        #expect(try socket.ask(publish) == [#"{"type":"reply","id":"k","position":"00000007-1","duplicate":true}"#])
        let number = #"{"type":"publish","topic":"public/a","payload":1,"id":5}"#
        #expect(try socket.ask(number) == [#"{"type":"reply","id":5,"position":"00000007-2"}"#])
        #expect(try socket.ask(number) == [#"{"type":"reply","id":5,"position":"00000007-3"}"#])
        #expect(try socket.ask(#"{"type":"publish","topic":"public/a","payload":1}"#).isEmpty)
    }

    @Test func `a payload stays as it was when the receive buffer is used again`() throws {
        let server = try EmbeddedServer()
        let (publisher, reader) = (try EmbeddedSocket(server), try EmbeddedSocket(server))
        for number in 0..<5 {
            try publisher.send(#"{"type":"publish","topic":"public/a","payload":"\#(number)aaaa"}"#)
            try publisher.send(#"{"type":"ping","id":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}"#)
        }
        try reader.send(#"{"type":"subscribe","topic":"public/a","since":"earliest"}"#)
        #expect(try reader.payloads() == (0..<5).map { "\($0)aaaa" })
    }

    @Test func `broadcast reaches all other connections and is not stored`() throws {
        let server = try EmbeddedServer()
        let (sender, one, other) = (try EmbeddedSocket(server), try EmbeddedSocket(server), try EmbeddedSocket(server))
        #expect(try sender.ask(#"{"type":"broadcast","payload":{"a":1},"id":1}"#) == [#"{"type":"reply","id":1}"#])
        for socket in [one, other] {
            let texts = try socket.texts().map { $0.stable([sender.clientID: "SENDER"]) }
            #expect(texts == [#"{"type":"broadcast","from":"SENDER","payload":{"a":1},"timestamp":0}"#])
        }
        #expect(server.log.size.publications == 0)
    }

    @Test func `direct reaches one connection and says whether it did`() throws {
        let server = try EmbeddedServer()
        let (sender, target, other) = (
            try EmbeddedSocket(server), try EmbeddedSocket(server), try EmbeddedSocket(server)
        )
        let direct = #"{"type":"direct","targetId":"\#(target.clientID)","payload":[],"id":7}"#
        #expect(try sender.ask(direct) == [#"{"type":"reply","id":7,"delivered":true}"#])
        #expect(
            try target.texts().map { $0.stable([sender.clientID: "SENDER"]) } == [
                #"{"type":"direct","from":"SENDER","payload":[],"timestamp":0}"#
            ])
        #expect(try other.texts().isEmpty)
        target.peer.hangUp()
        #expect(try sender.ask(direct) == [#"{"type":"reply","id":7,"delivered":false}"#])
        #expect(
            try sender.ask(#"{"type":"direct","targetId":"nobody","payload":1,"id":8}"#) == [
                #"{"type":"reply","id":8,"delivered":false}"#
            ])
    }

    @Test func `history pages through a topic`() throws {
        let server = try EmbeddedServer()
        try server.publish("1", "2", "3")
        let socket = try EmbeddedSocket(server)
        let first = try socket.ask(#"{"type":"history","topic":"public/a","since":"earliest","limit":2,"id":3}"#)
        #expect(first.count == 1)
        #expect(
            first[0].hasPrefix(
                #"{"type":"reply","id":3,"events":[{"topic":"public/a","position":"00000007-1","event":"message","payload":1,"from":null,"#
            ))
        #expect(first[0].hasSuffix(#"}],"position":"00000007-2"}"#))
        let rest = try socket.ask(#"{"type":"history","topic":"public/a","since":"00000007-2","id":4}"#)
        #expect(rest[0].hasSuffix(#"}],"position":"00000007-3"}"#))
        let end = try socket.ask(#"{"type":"history","topic":"public/a","since":"00000007-3","id":5}"#)
        #expect(end == [#"{"type":"reply","id":5,"events":[],"position":"00000007-3"}"#])
        let gone = try socket.ask(#"{"type":"history","topic":"public/a","since":"x","id":6}"#)
        #expect(gone == [#"{"type":"reply","id":6,"events":[],"position":"00000007-3","gap":true}"#])
    }

    @Test func `history of large events comes in several answers that join`() throws {
        let server = try EmbeddedServer()
        let large = "\"" + String(repeating: "x", count: 60_000) + "\""
        for _ in 0..<12 { try server.publish(large) }
        let socket = try EmbeddedSocket(server)
        var since = "earliest"
        var count = 0
        var answers = 0
        while count < 12 {
            let answer = try #require(
                try socket.ask(#"{"type":"history","topic":"public/a","since":"\#(since)","id":1}"#).first)
            #expect(answer.utf8.count < 400_000)
            count += answer.ranges(of: "\"payload\":").count
            let position = try #require(answer.lastRange(of: "\"position\":\""))
            since = String(answer[position.upperBound...].prefix { $0 != "\"" })
            answers += 1
            try #require(answers <= 12)
        }
        #expect(count == 12)
        #expect(since == "00000007-12")
    }

    @Test func `presence names who is subscribed`() throws {
        let server = try EmbeddedServer()
        let (one, other) = (try EmbeddedSocket(server), try EmbeddedSocket(server))
        try one.send(#"{"type":"subscribe","topic":"public/a"}"#)
        try other.send(#"{"type":"subscribe","topic":"public/a"}"#)
        let answer = try one.ask(#"{"type":"presence","topic":"public/a","id":4}"#)
        #expect(
            answer == [
                #"{"type":"presence","id":4,"topic":"public/a","count":2,"clients":["\#(one.clientID)","\#(other.clientID)"]}"#
            ])
        other.peer.hangUp()
        #expect(try one.ask(#"{"type":"presence","topic":"public/a","id":5}"#).first?.member("count") == "1")
        #expect(
            try one.ask(#"{"type":"presence","topic":"public/empty"}"#) == [
                #"{"type":"presence","topic":"public/empty","count":0,"clients":[]}"#
            ])
    }

    @Test func `ping is answered with its id or with a pong`() throws {
        let socket = try EmbeddedSocket(try EmbeddedServer())
        #expect(try socket.ask(#"{"type":"ping","id":5}"#) == [#"{"type":"reply","id":5}"#])
        #expect(try socket.ask(#"{"type":"ping"}"#).map { $0.stable() } == [#"{"type":"pong","timestamp":0}"#])
    }

    @Test func `answers in the order of the requests, and in one write`() throws {
        let socket = try EmbeddedSocket(try EmbeddedServer())
        var frames = ByteBuffer()
        for number in 1...50 { frames.writeImmutableBuffer(EmbeddedSocket.frame(#"{"type":"ping","id":\#(number)}"#)) }
        try socket.peer.channel.writeInbound(frames)
        socket.peer.channel.embeddedEventLoop.run()
        let first = try #require(try socket.peer.channel.readOutbound(as: ByteBuffer.self))
        #expect(try socket.peer.channel.readOutbound(as: ByteBuffer.self) == nil)
        var reader = WebSocketReader(role: .client)
        var input = first
        var ids: [String?] = []
        let translator = NativeTranslator()
        while let event = try reader.next(&input), case .text(let text) = try translator.received(event) {
            ids.append(String(buffer: text).member("id"))
        }
        #expect(ids == (1...50).map { "\($0)" })
    }

    @Test func `does not change with the pieces in which it comes`() throws {
        let server = try EmbeddedServer()
        let socket = try EmbeddedSocket(server)
        for byte in EmbeddedSocket.frame(#"{"type":"publish","topic":"public/a","payload":{"é":"ニ"},"id":1}"#)
            .readableBytesView
        {
            try socket.peer.send(ByteBuffer(bytes: [byte]))
        }
        #expect(try socket.texts() == [#"{"type":"reply","id":1,"position":"00000007-1"}"#])
    }

    @Test func `takes frames that were glued to the request`() throws {
        let server = try EmbeddedServer()
        let peer = try server.connect()
        var bytes = ByteBuffer(string: EmbeddedSocket.upgrade + "\r\n")
        bytes.writeImmutableBuffer(EmbeddedSocket.frame(#"{"type":"publish","topic":"public/a","payload":1}"#))
        try peer.send(bytes)
        #expect(server.log.size.publications == 1)
    }

    @Test(arguments: ["permessage-deflate", "permessage-deflate; server_max_window_bits=10"])
    func `compresses what is large for those who asked`(_ offer: String) throws {
        let server = try EmbeddedServer()
        let socket = try EmbeddedSocket(server, compression: offer)
        try socket.send(#"{"type":"subscribe","topic":"public/a"}"#)
        let large = "\"" + String(repeating: "abc", count: 10_000) + "\""
        try server.publish("1", large, "2")
        let bytes = try socket.peer.received()
        #expect(bytes.readableBytes < 2_000)
    }
}

extension String {
    fileprivate func lastRange(of text: String) -> Range<String.Index>? {
        self.ranges(of: text).last
    }
}
