// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import Testing

@Suite struct ClientMessageTests {
    static let messages: [(String, ClientMessage)] = [
        (
            #"{"type":"subscribe","topic":"public/news","since":"5d41c0a2-16","id":1}"#,
            ClientMessage(id: .number(1), command: .subscribe(topic: "public/news", since: "5d41c0a2-16"))
        ),
        (#"{"type":"subscribe","topic":"a"}"#, ClientMessage(command: .subscribe(topic: "a", since: nil))),
        (
            #"{"type":"unsubscribe","topic":"a","id":2}"#,
            ClientMessage(id: .number(2), command: .unsubscribe(topic: "a"))
        ),
        (
            #"{"type":"publish","topic":"a","event":"headline","payload":{},"id":"0b1e"}"#,
            ClientMessage(
                id: .string("0b1e"), command: .publish(topic: "a", event: "headline", payload: ByteBuffer(string: "{}"))
            )
        ),
        (
            #"{"type":"broadcast","payload":[1]}"#,
            ClientMessage(command: .broadcast(payload: ByteBuffer(string: "[1]")))
        ),
        (
            #"{"type":"direct","targetId":"Zx9","payload":null,"id":-7}"#,
            ClientMessage(id: .number(-7), command: .direct(targetID: "Zx9", payload: ByteBuffer(string: "null")))
        ),
        (
            #"{"type":"history","topic":"a","since":"earliest","limit":100,"id":3}"#,
            ClientMessage(id: .number(3), command: .history(topic: "a", since: "earliest", limit: 100))
        ),
        (#"{"type":"presence","topic":"a","id":4}"#, ClientMessage(id: .number(4), command: .presence(topic: "a"))),
        (#"{"type":"ping"}"#, ClientMessage(command: .ping)),
    ]

    @Test(arguments: Self.messages)
    func `a command is read, and written back byte for byte`(_ text: String, _ message: ClientMessage) throws {
        #expect(try ClientMessage(parsing: ByteBuffer(text: text)) == message)
        #expect(ByteBuffer.written { $0.writeClientMessage(message) } == text)
    }

    @Test func `members may come in any order, with whitespace, escapes and strangers among them`() throws {
        let text =
            #" { "x":[{"type":"no"}], "payload" : {"type":"no" , "id":9} , "#
            + #""\u0074opic":"\u0061","id":1,"type":"publ\u0069sh"} "#
        let payload = ByteBuffer(string: #"{"type":"no" , "id":9}"#)
        let expected = ClientMessage(id: .number(1), command: .publish(topic: "a", event: "message", payload: payload))
        #expect(try ClientMessage(parsing: ByteBuffer(text: text)) == expected)
    }

    @Test(arguments: ["1", #""x""#, "-1.50e+3", "true", "null", "[ 1 ,2]", #"{"a" : "\ud83d"}"#, #""響""#])
    func `a payload is handed on byte for byte`(_ payload: String) throws {
        let message = try ClientMessage(parsing: ByteBuffer(text: #"{"type":"broadcast","payload": \#(payload)\#t}"#))
        #expect(message.command == .broadcast(payload: ByteBuffer(string: payload)))
    }

    @Test func `a payload shares the memory of its frame`() throws {
        let frame = ByteBuffer(text: #"{"type":"broadcast","payload":"shared"}"#)
        guard case .broadcast(let payload) = try ClientMessage(parsing: frame).command else {
            Issue.record("not a broadcast")
            return
        }
        let whole = frame.withUnsafeReadableBytes {
            Int(bitPattern: $0.baseAddress)..<Int(bitPattern: $0.baseAddress) + $0.count
        }
        #expect(payload.withUnsafeReadableBytes { whole.contains(Int(bitPattern: $0.baseAddress)) })
    }

    @Test(arguments: [
        (#"{}"#, "type: missing at byte 1"),
        (#"{"type":1}"#, "type: expected a string at byte 8"),
        (#"{"type":"subscribe"}"#, "topic: missing at byte 19"),
        (#"{"type":"subscribe","topic":null}"#, "topic: expected a string at byte 28"),
        (#"{"type":"subscribe","topic":"a","since":5}"#, "since: expected a string at byte 40"),
        (#"{"type":"publish","topic":"a"}"#, "payload: missing at byte 29"),
        (#"{"type":"publish","topic":"a","payload":}"#, "payload: expected a value at byte 40"),
        (#"{"type":"publish","topic":"a","payload":[1,]}"#, "payload: expected a value at byte 43"),
        (#"{"type":"publish","topic":"a","event":"","payload":1}"#, "event: expected 1 to 255 bytes at byte 38"),
        (#"{"type":"direct","payload":1}"#, "targetId: missing at byte 28"),
        (#"{"type":"history","topic":"a","limit":"9"}"#, "limit: expected an integer at byte 38"),
        (#"{"type":"history","topic":"a","limit":0}"#, "limit: expected 1 to 1000 at byte 38"),
        (#"{"type":"history","topic":"a","limit":1001}"#, "limit: expected 1 to 1000 at byte 38"),
        (#"{"type":"history","topic":"a","limit":9223372036854775807}"#, "limit: expected 1 to 1000 at byte 38"),
        (#"{"type":"ping","id":null}"#, "id: expected an integer or a string of 1 to 128 bytes at byte 20"),
        (#"{"type":"ping","id":1.5}"#, "id: expected an integer or a string of 1 to 128 bytes at byte 20"),
        (
            #"{"type":"ping","id":9223372036854775808}"#,
            "id: expected an integer or a string of 1 to 128 bytes at byte 20"
        ),
        (#"{"type":"ping","id":""}"#, "id: expected an integer or a string of 1 to 128 bytes at byte 20"),
        (#"{"type":"ping","type":"ping"}"#, "type: duplicate member at byte 22"),
        (#"{"type":"ping","\u0074ype":"ping"}"#, "type: duplicate member at byte 27"),
        ("", "expected an object at byte 0"),
        ("[]", "expected an object at byte 0"),
        (#"{"type":"ping"} x"#, "expected the end of the text at byte 16"),
        (#"{"type":"ping",}"#, "expected a member's name at byte 15"),
    ])
    func `an error names the member and the byte`(_ text: String, _ message: String) {
        #expect(throws: WireError(.invalidMessage, message)) { try ClientMessage(parsing: ByteBuffer(text: text)) }
    }

    @Test(arguments: [
        (#"{"id":7,"type":"subscribe"}"#, "topic: missing at byte 26"),
        (#"{"type":"subscribe","topic":1,"id":7}"#, "topic: expected a string at byte 28"),
        (#"{"type":"ping","type":"ping","id":7}"#, "type: duplicate member at byte 22"),
        (#"{"id":7,"type":"publish","topic":"a","payload":x}"#, "payload: expected a value at byte 47"),
        (#"{"id":7,"type":"ping""#, "expected a comma or the end of the object at byte 21"),
        (#"{"id":7}]"#, "expected the end of the text at byte 8"),
    ])
    func `an id that could be read stands in the error, before or after what is wrong`(
        _ text: String, _ message: String
    ) {
        #expect(throws: WireError(.invalidMessage, message, id: .number(7))) {
            try ClientMessage(parsing: ByteBuffer(text: text))
        }
    }

    @Test(arguments: [
        #"{"type":"ping","id":1,"id":2}"#, #"{"id":1,"id":2,"id":3,"type":"ping"}"#,
        #"{"type":"ping","id":1,"\u0069d":2}"#,
    ])
    func `an id given twice is no id`(_ text: String) {
        let error = #expect(throws: WireError.self) { try ClientMessage(parsing: ByteBuffer(text: text)) }
        #expect(error?.id == nil)
        #expect(error?.message.hasPrefix("id: duplicate member") == true)
    }

    @Test func `a type that is not known is told apart from a message that is wrong`() {
        let error = #expect(throws: WireError.self) {
            try ClientMessage(parsing: ByteBuffer(text: #"{"type":"Ping","id":"x"}"#))
        }
        #expect(error == WireError(.unknownType, "type: not known at byte 8", id: .string("x")))
    }

    @Test(arguments: [(1, true), (128, true), (129, false)])
    func `an id is a string of up to 128 bytes`(_ length: Int, _ isAccepted: Bool) throws {
        let id = String(repeating: "x", count: length)
        let message = try? ClientMessage(parsing: ByteBuffer(text: #"{"type":"ping","id":"\#(id)"}"#))
        #expect(message?.id == (isAccepted ? .string(id) : nil))
    }

    @Test func `the length of a string counts in bytes after unescaping`() throws {
        func event(_ text: String) throws -> ClientMessage {
            try ClientMessage(
                parsing: ByteBuffer(text: #"{"type":"publish","topic":"a","payload":1,"event":"\#(text)"}"#))
        }
        #expect(throws: Never.self) { try event(String(repeating: #"\u0061"#, count: 255)) }
        #expect(throws: Never.self) { try event(String(repeating: "あ", count: 85)) }
        #expect(throws: WireError.self) { try event(String(repeating: "あ", count: 86)) }
    }

    @Test func `a long name from the network is not repeated in the error`() {
        let name = String(repeating: "n", count: 33)
        #expect(throws: WireError(.invalidMessage, "expected a value at byte 37")) {
            try ClientMessage(parsing: ByteBuffer(text: #"{"\#(name)":?}"#))
        }
    }

    @Test func `a payload may nest sixty-three levels below its message`() throws {
        func message(_ depth: Int) -> ByteBuffer {
            let payload = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            return ByteBuffer(text: #"{"type":"broadcast","payload":\#(payload)}"#)
        }
        #expect(throws: Never.self) { try ClientMessage(parsing: message(63)) }
        #expect(throws: WireError.self) { try ClientMessage(parsing: message(64)) }
    }
}
