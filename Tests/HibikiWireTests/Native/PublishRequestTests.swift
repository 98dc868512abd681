// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import Testing

@Suite struct PublishRequestTests {
    @Test func `a body holds one publication`() throws {
        let body = ByteBuffer(
            text: #" {"topic": "public/news", "event": "headline", "payload": {"text": "hello"}, "id": "0b1e"} "#)
        let payload = ByteBuffer(string: #"{"text": "hello"}"#)
        let request = PublishRequest(topic: "public/news", event: "headline", payload: payload, id: "0b1e")
        #expect(try PublishRequest.parse(body) == .single(request))
    }

    @Test func `event and id may be left out`() throws {
        let batch = try PublishRequest.parse(ByteBuffer(text: #"{"topic":"a","payload":0}"#))
        #expect(batch == .single(PublishRequest(topic: "a", event: "message", payload: ByteBuffer(string: "0"))))
    }

    @Test func `an array keeps its order`() throws {
        let requests = (0..<3).map {
            PublishRequest(topic: "t\($0)", payload: ByteBuffer(string: "\($0)"), id: "k\($0)")
        }
        let bodies = requests.map { request in ByteBuffer.written { $0.writePublishRequest(request) } }
        #expect(
            try PublishRequest.parse(ByteBuffer(text: " [ \(bodies.joined(separator: " , ")) ] ")) == .array(requests))
        #expect(try PublishRequest.parse(ByteBuffer(text: "[]")) == .array([]))
    }

    @Test func `one publication above the limit refuses all`() throws {
        func body(_ count: Int) -> ByteBuffer {
            ByteBuffer(
                text: "[" + Array(repeating: #"{"topic":"a","payload":1}"#, count: count).joined(separator: ",") + "]")
        }
        guard case .array(let requests) = try PublishRequest.parse(body(100)) else {
            Issue.record("not an array")
            return
        }
        #expect(requests.count == 100)
        #expect(throws: WireError(.tooLarge, "more than 100 elements")) { try PublishRequest.parse(body(101)) }
        #expect(throws: WireError(.tooLarge, "more than 2 elements")) {
            try PublishRequest.parse(body(3), limit: 2)
        }
    }

    @Test(arguments: [
        ("", "expected an object at byte 0"),
        ("7", "expected an object at byte 0"),
        (#"{"payload":1}"#, "topic: missing at byte 12"),
        (#"{"topic":"a"}"#, "payload: missing at byte 12"),
        (#"{"topic":"a","payload":1}{}"#, "expected the end of the text at byte 25"),
        (#"{"topic":"a","payload":1,"event":5}"#, "event: expected a string at byte 33"),
        (#"{"topic":"a","payload":1,"topic":"b"}"#, "topic: duplicate member at byte 33"),
        (#"[{"topic":"a","payload":1},]"#, "expected an object at byte 27"),
        (#"[{"topic":"a","payload":1}"#, "expected a comma or the end of the array at byte 26"),
        (#"[{"topic":"a","payload":1},{"topic":"b"}]"#, "payload: missing at byte 39"),
        (#"[[{"topic":"a","payload":1}]]"#, "expected an object at byte 1"),
    ])
    func `a body that is wrong is refused whole`(_ body: String, _ message: String) {
        let error = #expect(throws: WireError.self) { try PublishRequest.parse(ByteBuffer(text: body)) }
        #expect(error == WireError(.invalidMessage, message))
    }

    @Test(arguments: ["7", "null", #""""#, #""\#(String(repeating: "k", count: 129))""#])
    func `an idempotency key is a string of 1 to 128 bytes`(_ id: String) {
        let error = #expect(throws: WireError.self) {
            try PublishRequest.parse(ByteBuffer(text: #"{"topic":"a","payload":1,"id":\#(id)}"#))
        }
        #expect(error?.code == .invalidMessage)
        #expect(error?.message.hasPrefix("id: expected") == true)
    }

    @Test func `a body that is not UTF-8 is refused`() {
        var body = ByteBuffer(text: #"{"topic":"a","payload":""#)
        body.writeBytes([0xC0, 0x80])
        body.writeString("\"}")
        #expect(throws: WireError(.invalidMessage, "the body is not UTF-8")) { try PublishRequest.parse(body) }
    }

    @Test func `one for several topics keeps their order`() throws {
        let body = ByteBuffer(text: #"{"payload":[1],"topics":["b","a\u002fc"],"id":"k"}"#)
        let request = PublishRequest(topic: "b", payload: ByteBuffer(text: "[1]"), id: "k")
        #expect(try PublishRequest.parse(body) == .broadcast(request, topics: ["b", "a/c"]))
    }

    @Test(arguments: [
        #"{"topics":[],"payload":1}"#, #"{"topics":{},"payload":1}"#, #"{"topics":["a",1],"payload":1}"#,
        #"{"topics":["a"],"topic":"a","payload":1}"#, #"{"topics":["a","\u0061"],"payload":1}"#, #"{"topics":["a"]}"#,
        #"[{"topics":["a"],"payload":1}]"#, #"{"topics":["a"],"topics":["b"],"payload":1}"#,
    ])
    func `one for several topics has at least one, each once, and stands alone`(_ body: String) {
        let error = #expect(throws: WireError.self) { try PublishRequest.parse(ByteBuffer(text: body)) }
        #expect(error?.code == .invalidMessage)
    }

    @Test func `one for several topics has at most a thousand`() throws {
        func body(_ count: Int) -> ByteBuffer {
            ByteBuffer(text: #"{"payload":1,"topics":[\#((0..<count).map { "\"\($0)\"" }.joined(separator: ","))]}"#)
        }
        guard case .broadcast(_, let topics) = try PublishRequest.parse(body(1_000)) else {
            Issue.record("not for several topics")
            return
        }
        #expect(topics.count == 1_000)
        #expect(throws: WireError(.tooLarge, "more than 1000 topics")) { try PublishRequest.parse(body(1_001)) }
    }
}
