// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiProtobuf
import HibikiTestSupport
import HibikiWire
import NIOCore
import SwiftProtobuf
import Testing

@Suite struct `Commands in Protocol Buffers` {
    static let frames: [(WebSocketFrame, ClientMessage)] = [
        (
            .with { ($0.type, $0.token, $0.number) = (.connect, "eyJ", 5) },
            ClientMessage(id: .number(5), command: .connect(token: "eyJ"))
        ),
        (
            .with { ($0.type, $0.topic, $0.since, $0.number) = (.subscribe, "public/news", "5d41c0a2-16", -1) },
            ClientMessage(id: .number(-1), command: .subscribe(topic: "public/news", since: "5d41c0a2-16"))
        ),
        (
            .with { ($0.type, $0.topic, $0.since) = (.subscribe, "a", "") },
            ClientMessage(command: .subscribe(topic: "a", since: ""))
        ),
        (
            .with { ($0.type, $0.topic) = (.unsubscribe, "響") },
            ClientMessage(command: .unsubscribe(topic: "響"))
        ),
        (
            .with {
                ($0.type, $0.topic, $0.event, $0.key) = (.publish, "a", "headline", "0b1e")
                $0.payload = .init(#" {"x" : [1]} "#.utf8)
            },
            ClientMessage(
                id: .string("0b1e"),
                command: .publish(topic: "a", event: "headline", payload: ByteBuffer(string: #"{"x" : [1]}"#)))
        ),
        (
            .with { ($0.type, $0.topic, $0.payload, $0.number) = (.publish, "a", .init("1".utf8), 0) },
            ClientMessage(
                id: .number(0), command: .publish(topic: "a", event: "message", payload: ByteBuffer(string: "1")))
        ),
        (
            .with { ($0.type, $0.payload, $0.number) = (.broadcast, .init("null".utf8), .max) },
            ClientMessage(id: .number(.max), command: .broadcast(payload: ByteBuffer(string: "null")))
        ),
        (
            .with { ($0.type, $0.targetID, $0.payload, $0.number) = (.direct, "Zx9", .init("\"é\"".utf8), .min) },
            ClientMessage(
                id: .number(.min), command: .direct(targetID: "Zx9", payload: ByteBuffer(string: "\"é\"")))
        ),
        (
            .with { ($0.type, $0.topic, $0.since, $0.limit) = (.history, "a", "earliest", 1_000) },
            ClientMessage(command: .history(topic: "a", since: "earliest", limit: 1_000))
        ),
        (
            .with { ($0.type, $0.topic) = (.presence, "a") }, ClientMessage(command: .presence(topic: "a"))
        ),
        (.with { $0.type = .ping }, ClientMessage(command: .ping)),
        (
            .with { ($0.type, $0.command, $0.payload) = (.chat, "rooms", .init("{}".utf8)) },
            ClientMessage(command: .feature(name: "chat", command: "rooms", payload: ByteBuffer(string: "{}")))
        ),
        (
            .with {
                ($0.event, $0.key) = ("message", "k")
                $0.chatMessage = .with { message in
                    (message.roomID, message.content, message.type, message.clientID) = ("a-b", "q\"\n響", .image, "c1")
                    (message.replyTo.id, message.threadID, message.id) = ("a-b-7", "a-b-3", "not mine to say")
                    message.mentions = ["bob", "@all"]
                    message.attachments = [
                        .with {
                            ($0.id, $0.name, $0.type, $0.size, $0.width) = ("f", "x.png", "image/png", 1 << 33, 0)
                        },
                        .with { ($0.id, $0.height) = ("g", -1) },
                    ]
                }
            },
            ClientMessage(
                id: .string("k"),
                command: .feature(
                    name: "chat", command: "send",
                    payload: ByteBuffer(
                        string: #"{"roomId":"a-b","content":"q\"\n響","type":"image","clientId":"c1","#
                            + #""replyTo":"a-b-7","threadId":"a-b-3","mentions":["bob","@all"],"attachments":["#
                            + #"{"id":"f","name":"x.png","type":"image/png","size":8589934592,"width":0},"#
                            + #"{"id":"g","name":"","type":"","size":0,"height":-1}]}"#)))
        ),
    ]

    static func bytes(_ frame: WebSocketFrame) throws -> ByteBuffer {
        // Not at index 0, as what comes from the network seldom is.
        ByteBuffer(text: "").appending(try frame.serializedBytes() as [UInt8])
    }

    @Test(arguments: Self.frames)
    func `are read as protoc's code has written them`(_ frame: WebSocketFrame, _ message: ClientMessage) throws {
        #expect(try ClientMessage(parsingProtobuf: Self.bytes(frame)) == message)
    }

    @Test(
        arguments: [
            // Nothing, and what is cut off in a tag, a length, a value
            ("", "type: missing at byte 0"), ("40", "expected more bytes at byte 1"),
            ("4086", "expected more bytes at byte 2"),
            ("1a", "expected more bytes at byte 1"), ("1a0261", "longer than the message at byte 2"),
            ("1affffffff0f61", "longer than the message at byte 6"),
            ("1affffffffffffffffff0161", "longer than the message at byte 11"),
            ("0d000000", "longer than the message at byte 1"),
            // Numbers that are too long
            ("40ffffffffffffffffff02", "a number of more than 64 bits at byte 10"),
            ("4080808080808080808080", "a number of more than 64 bits at byte 10"),
            // No field, and the wire types that are none
            ("0006", "expected a field at byte 0"), ("400643", "expected a field at byte 2"),
            ("1b1c", "expected a field at byte 0"), ("8080808010", "expected a field at byte 0"),
            ("46", "expected a field at byte 0"), ("47", "expected a field at byte 0"),
            // Known fields of another kind
            ("40061801", "field 3: expected bytes at byte 2"), ("420106", "field 8: expected an integer at byte 0"),
            ("45060000004006", "field 8: expected an integer at byte 0"),
            // What a command needs
            ("4002", "topic: missing at byte 2"), ("40021a00", "topic: missing at byte 4"),
            ("40021a01ff", "topic: not UTF-8 at byte 4"), ("40021a03eda080", "topic: not UTF-8 at byte 4"),
            ("40041a0161", "payload: missing at byte 5"), ("40042a0131", "topic: missing at byte 5"),
            ("40041a01612a027b7d0a0361ff61", "event: not UTF-8 at byte 11"),
            ("400b2a0131", "target_id: missing at byte 5"), ("4001", "token: missing at byte 2"),
            ("40051a01616000", "limit: expected 1 to 1000 at byte 7"),
            ("40051a016160e907", "limit: expected 1 to 1000 at byte 8"),
            ("400652004801", nil), ("400652 00", "key: expected a string of 1 to 128 bytes at byte 4"),
            ("4006 5201ff", "key: expected a string of 1 to 128 bytes at byte 4"),
            // Payloads that are no JSON
            ("400a2a017b", "payload: expected a member's name at byte 5"),
            ("400a2a02312c", "payload: expected the end of the text at byte 5"),
            ("400a2a0120", "payload: expected a value at byte 5"), ("400a2a0322ff22", "payload: not UTF-8 at byte 4"),
            // The message of a room
            ("12021001", "chat_message: field 2: expected bytes at byte 2"),
            ("12023004", "chat_message: a type that is not known at byte 2"),
            ("1202 2203", "longer than the message at byte 4"),
            ("1203 2201ff", "chat_message: field 4: expected UTF-8 at byte 2"),
        ] as [(String, String?)])
    func `are refused with the place of what is wrong`(_ hex: String, _ message: String?) throws {
        let frame = ByteBuffer(text: "").appending(Self.bytes(hex: hex))
        guard let message else {
            #expect(try ClientMessage(parsingProtobuf: frame).id == .number(1))
            return
        }
        #expect(throws: WireError(.invalidMessage, message)) { try ClientMessage(parsingProtobuf: frame) }
    }

    @Test(arguments: ["4008", "4014", "40ffffffff0f", "40e80748 01"])
    func `of a type that is not known are told so`(_ hex: String) throws {
        let error = #expect(throws: WireError.self) {
            try ClientMessage(parsingProtobuf: ByteBuffer(bytes: Self.bytes(hex: hex)))
        }
        #expect(error?.code == .unknownType)
    }

    @Test func `may carry fields that are not known, in any order, and twice, when the last one counts`() throws {
        // 99: a number, 100: bytes, 101 and 102: of fixed width
        let strangers = "98 06 05  a2 06 02 6161  a9 06 0000000000000000  b5 06 00000000"
        let hex = "1a0162 4801 520178 \(strangers) 4006 4002 1a0161 \(strangers) 480c"
        let message = try ClientMessage(parsingProtobuf: ByteBuffer(bytes: Self.bytes(hex: hex)))
        #expect(message == ClientMessage(id: .number(12), command: .subscribe(topic: "a", since: nil)))
    }

    @Test(arguments: ["4805 4002", "4002 4805", "4002 1801 4805", "4805 4002 1a 05 61", "520161 4802 4805 400b"])
    func `that are refused carry the id wherever it stands, as far as they could be read`(_ hex: String) throws {
        let error = #expect(throws: WireError.self) {
            try ClientMessage(parsingProtobuf: ByteBuffer(bytes: Self.bytes(hex: hex)))
        }
        #expect(error?.id == .number(5))
    }

    @Test func `nest payloads no deeper than an envelope of JSON could hold`() throws {
        func publish(_ depth: Int) throws -> ClientMessage {
            let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            return try ClientMessage(
                parsingProtobuf: Self.bytes(.with { ($0.type, $0.payload) = (.broadcast, .init(text.utf8)) }))
        }
        guard case .broadcast(let payload) = try publish(63).command else {
            Issue.record("not a broadcast")
            return
        }
        var json = ByteBuffer()
        json.writeBroadcast(payload: payload)
        #expect(try ClientMessage(parsing: json).command == .broadcast(payload: payload))
        #expect(throws: WireError.self) { try publish(64) }
    }

    @Test func `have payloads that share the memory of their frame`() throws {
        let frame = try Self.bytes(.with { ($0.type, $0.payload) = (.broadcast, .init(#" "shared" "#.utf8)) })
        guard case .broadcast(let payload) = try ClientMessage(parsingProtobuf: frame).command else {
            Issue.record("not a broadcast")
            return
        }
        let whole = frame.withUnsafeReadableBytes {
            Int(bitPattern: $0.baseAddress)..<Int(bitPattern: $0.baseAddress) + $0.count
        }
        #expect(payload.withUnsafeReadableBytes { whole.contains(Int(bitPattern: $0.baseAddress)) })
    }

    static func bytes(hex: String) -> [UInt8] {
        let digits = Array(hex.utf8.filter { $0 != UInt8(ascii: " ") })
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
        }
    }
}

extension ByteBuffer {
    fileprivate func appending(_ bytes: [UInt8]) -> ByteBuffer {
        var buffer = self
        buffer.writeBytes(bytes)
        return buffer
    }
}
