// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import Testing

@Suite struct ServerMessageTests {
    static let event = EventFields(
        topic: "public/news", position: "5d41c0a2-17", event: "headline",
        payload: ByteBuffer(string: #"{"any" : "JSON"}"#),
        from: "Yk3", timestamp: 1_763_700_000_000
    )

    static let bareEvent =
        #"{"topic":"public/news","position":"5d41c0a2-17","event":"headline","payload":{"any" : "JSON"},"#
        + #""from":"Yk3","timestamp":1763700000000}"#

    typealias Case = (write: @Sendable (inout ByteBuffer) -> Void, text: String, message: ServerMessage)

    static let messages: [Case] = [
        (
            { $0.writeWelcome(clientID: "Yk3", timestamp: 5) }, #"{"type":"welcome","clientId":"Yk3","timestamp":5}"#,
            .welcome(clientID: "Yk3", timestamp: 5)
        ),
        (
            { $0.writeEventMessage(Self.event, type: true) }, #"{"type":"event","# + Self.bareEvent.dropFirst(),
            .event(Self.event)
        ),
        ({ $0.writeReply(id: .number(5), .done) }, #"{"type":"reply","id":5}"#, .reply(ServerReply(id: .number(5)))),
        (
            { $0.writeReply(id: .number(1), .subscribed(topic: "a", position: "e-17", gap: false)) },
            #"{"type":"reply","id":1,"topic":"a","position":"e-17"}"#,
            .reply(ServerReply(id: .number(1), topic: "a", position: "e-17"))
        ),
        (
            { $0.writeReply(id: .string("q\"\n"), .subscribed(topic: "a", position: "e-17", gap: true)) },
            #"{"type":"reply","id":"q\"\n","topic":"a","position":"e-17","gap":true}"#,
            .reply(ServerReply(id: .string("q\"\n"), topic: "a", position: "e-17", gap: true))
        ),
        (
            { $0.writeReply(id: .string("0b1e"), .published(position: "e-18", duplicate: false)) },
            #"{"type":"reply","id":"0b1e","position":"e-18"}"#,
            .reply(ServerReply(id: .string("0b1e"), position: "e-18"))
        ),
        (
            { $0.writeReply(id: .string("0b1e"), .published(position: "e-18", duplicate: true)) },
            #"{"type":"reply","id":"0b1e","position":"e-18","duplicate":true}"#,
            .reply(ServerReply(id: .string("0b1e"), position: "e-18", duplicate: true))
        ),
        (
            { $0.writeReply(id: .number(-2), .delivered(false)) }, #"{"type":"reply","id":-2,"delivered":false}"#,
            .reply(ServerReply(id: .number(-2), delivered: false))
        ),
        (
            { $0.writePresence(id: .number(4), topic: "a", count: 2, clients: ["Yk3", "Zx9"]) },
            #"{"type":"presence","id":4,"topic":"a","count":2,"clients":["Yk3","Zx9"]}"#,
            .presence(id: .number(4), topic: "a", count: 2, clients: ["Yk3", "Zx9"])
        ),
        (
            { $0.writePresence(id: nil, topic: "a", count: 0, clients: []) },
            #"{"type":"presence","topic":"a","count":0,"clients":[]}"#,
            .presence(id: nil, topic: "a", count: 0, clients: [])
        ),
        (
            { $0.writeError(WireError(.invalidMessage, "payload: missing at byte 41", id: .number(1))) },
            #"{"type":"error","id":1,"code":"invalid_message","message":"payload: missing at byte 41","retry":false}"#,
            .error(WireError(.invalidMessage, "payload: missing at byte 41", id: .number(1)), retry: false)
        ),
        (
            { $0.writeError(WireError(.overloaded, "later")) },
            #"{"type":"error","code":"overloaded","message":"later","retry":true}"#,
            .error(WireError(.overloaded, "later"), retry: true)
        ),
        (
            { $0.writeGap(topic: "a", position: "e-1") }, #"{"type":"gap","topic":"a","position":"e-1"}"#,
            .gap(topic: "a", position: "e-1")
        ),
        ({ $0.writePong(timestamp: 9) }, #"{"type":"pong","timestamp":9}"#, .pong(timestamp: 9)),
        (
            { $0.writeBroadcast(from: "Yk3", payload: ByteBuffer(string: "[]"), timestamp: 9) },
            #"{"type":"broadcast","from":"Yk3","payload":[],"timestamp":9}"#,
            .broadcast(from: "Yk3", payload: ByteBuffer(string: "[]"), timestamp: 9)
        ),
        (
            { $0.writeDirect(from: "Yk3", payload: ByteBuffer(string: "0"), timestamp: 9) },
            #"{"type":"direct","from":"Yk3","payload":0,"timestamp":9}"#,
            .direct(from: "Yk3", payload: ByteBuffer(string: "0"), timestamp: 9)
        ),
        (
            { $0.writeShutdown(message: "bye", reconnectDelay: 5000) },
            #"{"type":"server:shutdown","message":"bye","reconnectDelay":5000}"#,
            .shutdown(message: "bye", reconnectDelay: 5000)
        ),
    ]

    @Test(arguments: Self.messages.indices)
    func `a message is written as the protocol has it, and read back`(_ index: Int) throws {
        let (write, text, message) = Self.messages[index]
        #expect(ByteBuffer.written(write) == text)
        #expect(try ServerMessage(parsing: ByteBuffer(text: text)) == message)
    }

    @Test func `a history is a reply with its events`() throws {
        let text = ByteBuffer.written {
            $0.writeHistoryReplyBegin(id: .number(3))
            $0.writeListedEvent(Self.event, isFirst: true)
            $0.writeListedEvent(Self.event, isFirst: false)
            $0.writeHistoryReplyEnd(position: "e-18", gap: true)
        }
        let events = "[\(Self.bareEvent),\(Self.bareEvent)]"
        #expect(text == #"{"type":"reply","id":3,"events":\#(events),"position":"e-18","gap":true}"#)
        let reply = ServerReply(id: .number(3), position: "e-18", gap: true, events: ByteBuffer(string: events))
        #expect(try ServerMessage(parsing: ByteBuffer(text: text)) == .reply(reply))
        #expect(try EventFields.list(parsing: ByteBuffer(text: events)) == [Self.event, Self.event])
    }

    @Test func `an empty history is an empty array`() throws {
        let text = ByteBuffer.written {
            $0.writeHistoryReplyBegin(id: .number(3))
            $0.writeHistoryReplyEnd(position: "e-0")
        }
        #expect(text == #"{"type":"reply","id":3,"events":[],"position":"e-0"}"#)
        #expect(try EventFields.list(parsing: ByteBuffer(text: "[]")).isEmpty)
    }

    @Test func `an event that came over HTTP is from nobody`() throws {
        var event = Self.event
        event.from = nil
        let text = ByteBuffer.written { $0.writeEventMessage(event, type: true) }
        #expect(text.contains(#","from":null,"timestamp""#))
        #expect(try ServerMessage(parsing: ByteBuffer(text: text)) == .event(event))
    }

    @Test func `names from the network cannot break out of their strings`() throws {
        let hostile = "\",\"x\":1}\u{0}\r\n\\\u{301}\u{2028}"
        var event = Self.event
        (event.topic, event.event, event.from) = (hostile, hostile, hostile)
        let text = ByteBuffer.written { $0.writeEventMessage(event, type: true) }
        #expect(try ServerMessage(parsing: ByteBuffer(text: text)) == .event(event))
    }

    @Test func `a type from the future is passed on by name`() throws {
        #expect(
            try ServerMessage(parsing: ByteBuffer(text: #"{"type":"tomorrow","id":[]}"#)) == .unknown(type: "tomorrow"))
    }

    @Test(arguments: [
        (#"{"type":"welcome","timestamp":5}"#, "clientId: missing at byte 31"),
        (#"{"type":"reply"}"#, "id: missing at byte 15"),
        (#"{"type":"reply","id":1,"gap":1}"#, "gap: expected true or false at byte 29"),
        (#"{"type":"presence","topic":"a","count":1.5,"clients":[]}"#, "count: expected an integer at byte 39"),
        (#"{"type":"presence","topic":"a","count":1,"clients":[1]}"#, "expected a string at byte 52"),
        (#"{"type":"pong","timestamp":99999999999999999999}"#, "timestamp: expected an integer at byte 27"),
    ])
    func `a server that errs is not believed`(_ text: String, _ message: String) {
        let error = #expect(throws: WireError.self) { try ServerMessage(parsing: ByteBuffer(text: text)) }
        #expect(error?.message == message)
    }
}
