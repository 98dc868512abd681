// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiProtobuf
import HibikiWire
import NIOCore
import SwiftProtobuf
import Testing

@Suite struct `What a server says in Protocol Buffers` {
    typealias Case = (write: @Sendable (inout ByteBuffer) -> Void, frame: WebSocketFrame)

    private static let pb = NativeEncoding.protobuf

    static let messages: [Case] = [
        (
            { pb.writeWelcome(clientID: "Yk3", timestamp: 5, principal: nil, to: &$0) },
            .with { ($0.type, $0.clientID, $0.timestamp) = (.welcome, "Yk3", 5) }
        ),
        (
            { pb.writeWelcome(clientID: "Yk3", timestamp: 5, principal: "alice", to: &$0) },
            .with { ($0.type, $0.clientID, $0.timestamp, $0.principal) = (.welcome, "Yk3", 5, "alice") }
        ),
        (
            { pb.writeEvent(ServerMessageTests.event, to: &$0) },
            .with {
                ($0.topic, $0.position, $0.event) = ("public/news", "5d41c0a2-17", "headline")
                ($0.payload, $0.from, $0.timestamp) = (Data(#"{"any" : "JSON"}"#.utf8), "Yk3", 1_763_700_000_000)
            }
        ),
        (
            {
                let event = EventFields(
                    topic: "a", position: nil, event: "typing", payload: ByteBuffer(string: "{}"), from: nil,
                    timestamp: 0)
                pb.writeEvent(event, to: &$0)
            },
            .with { ($0.topic, $0.event, $0.payload) = ("a", "typing", Data("{}".utf8)) }
        ),
        (
            { pb.writeReply(id: .number(5), .done, to: &$0) }, .with { ($0.type, $0.number) = (.reply, 5) }
        ),
        (
            { pb.writeReply(id: .number(0), .connected(principal: "alice", expiresAt: 0), to: &$0) },
            .with { ($0.type, $0.number, $0.principal, $0.expiresAt) = (.reply, 0, "alice", 0) }
        ),
        (
            { pb.writeReply(id: .number(-1), .subscribed(topic: "a", position: "e-17", gap: true), to: &$0) },
            .with { ($0.type, $0.number, $0.topic, $0.position, $0.gap) = (.reply, -1, "a", "e-17", true) }
        ),
        (
            { pb.writeReply(id: .string("0b1e"), .published(position: "e-18", duplicate: true), to: &$0) },
            .with { ($0.type, $0.key, $0.position, $0.duplicate) = (.reply, "0b1e", "e-18", true) }
        ),
        (
            { pb.writeReply(id: .number(2), .delivered(false), to: &$0) },
            .with { ($0.type, $0.number, $0.delivered) = (.reply, 2, false) }
        ),
        (
            { pb.writeReply(id: .number(2), .result(ByteBuffer(string: "[]")), to: &$0) },
            .with { ($0.type, $0.number, $0.result) = (.reply, 2, Data("[]".utf8)) }
        ),
        (
            { pb.writePresence(id: .number(4), topic: "a", count: 300, clients: ["Yk3", "Zx9"], to: &$0) },
            .with { ($0.type, $0.number, $0.topic, $0.count, $0.clients) = (.presence, 4, "a", 300, ["Yk3", "Zx9"]) }
        ),
        (
            { pb.writeError(WireError(.rateLimited, "slow down", id: .string("k"), retryAfter: 0), to: &$0) },
            .with {
                ($0.type, $0.key, $0.code, $0.message) = (.error, "k", "rate_limited", "slow down")
                ($0.retry, $0.retryAfter) = (true, 0)
            }
        ),
        (
            { pb.writeGap(topic: "a", position: "e-17", to: &$0) },
            .with { ($0.type, $0.topic, $0.position) = (.gap, "a", "e-17") }
        ),
        (
            { pb.writePong(timestamp: 7, to: &$0) }, .with { ($0.type, $0.timestamp) = (.pong, 7) }
        ),
        (
            { pb.writeBroadcast(from: "Yk3", payload: ByteBuffer(string: "1"), timestamp: 7, to: &$0) },
            .with { ($0.type, $0.from, $0.payload, $0.timestamp) = (.broadcast, "Yk3", Data("1".utf8), 7) }
        ),
        (
            { pb.writeDirect(from: "", payload: ByteBuffer(string: "1"), timestamp: 7, to: &$0) },
            .with { ($0.type, $0.from, $0.payload, $0.timestamp) = (.direct, "", Data("1".utf8), 7) }
        ),
        (
            { pb.writeUnsubscribed(topic: "a", to: &$0) }, .with { ($0.type, $0.topic) = (.unsubscribed, "a") }
        ),
        (
            { pb.writeTokenExpiring(timeLeft: 25_000, to: &$0) },
            .with { ($0.type, $0.timeLeft) = (.tokenExpiring, 25_000) }
        ),
        (
            { pb.writeShutdown(message: "bye", reconnectDelay: 5_000, to: &$0) },
            .with { ($0.type, $0.message, $0.reconnectDelay) = (.shutdown, "bye", 5_000) }
        ),
        (
            {
                pb.writeHistoryReplyBegin(id: .number(3), to: &$0)
                pb.writeListedEvent(ServerMessageTests.event, isFirst: true, to: &$0)
                pb.writeListedEvent(ServerMessageTests.event, isFirst: false, to: &$0)
                pb.writeHistoryReplyEnd(position: "e-2", gap: true, to: &$0)
            },
            .with {
                let event = Event.with {
                    ($0.topic, $0.position, $0.event) = ("public/news", "5d41c0a2-17", "headline")
                    ($0.payload, $0.from, $0.timestamp) = (Data(#"{"any" : "JSON"}"#.utf8), "Yk3", 1_763_700_000_000)
                }
                ($0.type, $0.number, $0.events, $0.position, $0.gap) = (.reply, 3, [event, event], "e-2", true)
            }
        ),
    ]

    @Test(arguments: Self.messages.indices)
    func `is read by protoc's code, which would write as many bytes`(_ index: Int) throws {
        let (write, expected) = Self.messages[index]
        var buffer = ByteBuffer(text: "")
        write(&buffer)
        #expect(try WebSocketFrame(serializedBytes: Array(buffer: buffer)) == expected)
        #expect(buffer.readableBytes == (try expected.serializedBytes() as [UInt8]).count)
    }

    // MARK: Messages of rooms

    static let full =
        #"{"id":"a-12","sequence":12,"revision":40,"roomId":"a","userId":"alice","userName":"Alice \"A\"","content":"響\n","#
        + #""timestamp":1763700000000,"status":"sent","type":"file","clientId":"c","threadId":"a-3","replies":2,"editedAt":7,"#
        + #""edits":1,"replyTo":{"id":"a-11","userId":"bob","content":"","deleted":true},"mentions":["bob","@all"],"#
        + #""reactions":[{"emoji":"👍","count":21,"users":["bob","eve"]},{"emoji":"x","count":0,"users":[]}],"pinned":true,"#
        + #""pinnedBy":"eve","attachments":[{"id":"f","name":"x.png","type":"image/png","size":0,"width":0}],"#
        + #""mood":{"a": [1]},"new\n":null}"#

    private func event(_ payload: String, topic: String = "rooms/a", name: String = "message") throws -> WebSocketFrame
    {
        var buffer = ByteBuffer()
        let event = EventFields(
            topic: topic, position: "e-1", event: name, payload: ByteBuffer(string: payload), from: nil, timestamp: 1)
        NativeEncoding.protobuf.writeEvent(event, to: &buffer)
        return try WebSocketFrame(serializedBytes: Array(buffer: buffer))
    }

    @Test(arguments: ["message", "messageEdited"])
    func `has a message of a room in fields, and keeps what has none`(_ name: String) throws {
        let frame = try self.event(Self.full, name: name)
        #expect(frame.payload.isEmpty)
        let expected = ChatMessage.with { message in
            (message.id, message.sequence, message.revision, message.roomID) = ("a-12", 12, 40, "a")
            (message.userID, message.userName, message.content) = ("alice", "Alice \"A\"", "響\n")
            (message.timestamp, message.status, message.type) = (1_763_700_000_000, "sent", .file)
            (message.clientID, message.threadID, message.replies) = ("c", "a-3", 2)
            (message.editedAt, message.edits, message.mentions) = (7, 1, ["bob", "@all"])
            message.replyTo = .with { ($0.id, $0.userID, $0.deleted) = ("a-11", "bob", true) }
            message.reactions = [
                .with { ($0.emoji, $0.count, $0.users) = ("👍", 21, ["bob", "eve"]) }, .with { $0.emoji = "x" },
            ]
            (message.pinned, message.pinnedBy) = (true, "eve")
            message.attachments = [
                .with { ($0.id, $0.name, $0.type, $0.width) = ("f", "x.png", "image/png", 0) }
            ]
            message.more = Data(#"{"mood":{"a": [1]},"new\n":null}"#.utf8)
        }
        #expect(frame.chatMessage == expected)
    }

    @Test(arguments: [
        "1", "{}", #"{"id":"a-1","roomId":"a","userId":"u","content":"","timestamp":1}"#,
        #"{"id":1,"roomId":"a","userId":"u","content":"","timestamp":1,"type":"text"}"#,
        #"{"id":"a-1","roomId":"a","userId":"u","content":"","timestamp":1.5,"type":"text"}"#,
        #"{"id":"a-1","roomId":"a","userId":"u","content":"","timestamp":1,"type":"video"}"#,
        #"{"id":"a-1","id":"a-1","roomId":"a","userId":"u","content":"","timestamp":1,"type":"text"}"#,
        #"{"id":"a-1","roomId":"a","userId":"u","content":"","timestamp":1,"type":"text","userName":null}"#,
        #"{"id":"a-1","roomId":"a","userId":"u","content":"","timestamp":1,"type":"text","replyTo":{"x":1}}"#,
        #"{"id":"a-1","roomId":"a","userId":"u","content":"","timestamp":1,"type":"text","mentions":[1]}"#,
    ])
    func `has as it is what only looks like a message of a room`(_ payload: String) throws {
        let frame = try self.event(payload)
        #expect(!frame.hasChatMessage)
        #expect(frame.payload == Data(payload.utf8))
    }

    @Test func `has messages of rooms in fields only where they are events of rooms`() throws {
        #expect(!(try self.event(Self.full, topic: "public/a").hasChatMessage))
        #expect(!(try self.event(Self.full, name: "messageDeleted").hasChatMessage))
        var buffer = ByteBuffer()
        let event = EventFields(
            topic: "rooms/a", position: "e-1", event: "message", payload: ByteBuffer(string: Self.full), from: nil,
            timestamp: 1)
        NativeEncoding.protobuf.writeHistoryReplyBegin(id: .number(1), to: &buffer)
        NativeEncoding.protobuf.writeListedEvent(event, isFirst: true, to: &buffer)
        NativeEncoding.protobuf.writeHistoryReplyEnd(position: "e-1", gap: false, to: &buffer)
        let reply = try WebSocketFrame(serializedBytes: Array(buffer: buffer))
        #expect(reply.events.map(\.chatMessage.id) == ["a-12"])
    }
}
