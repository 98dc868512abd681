// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import Testing

@Suite struct ServerSentEventWriterTests {
    @Test func `an event has its id, its name and its data`() {
        let text = ByteBuffer.written {
            $0.writeServerSentEvent(id: "5d41c0a2-17", event: "headline", data: ByteBuffer(text: #"{"text":"hello"}"#))
        }
        #expect(text == "id: 5d41c0a2-17\nevent: headline\ndata: {\"text\":\"hello\"}\n\n")
    }

    @Test func `what is not given is not written`() {
        #expect(ByteBuffer.written { $0.writeServerSentEvent(data: "x") } == "data: x\n\n")
    }

    @Test(arguments: [
        ("", [""]), ("a", ["a"]), ("a\nb", ["a", "b"]), ("a\rb", ["a", "b"]), ("a\r\nb", ["a", "b"]),
        ("a\n\rb", ["a", "", "b"]),
        ("a\r\r\nb", ["a", "", "b"]), ("\n", ["", ""]), ("a\r\n", ["a", ""]), ("\r", ["", ""]),
        ("a\u{2028}b\u{85}c", ["a\u{2028}b\u{85}c"]),
    ])
    func `data is split at every line end of the standard and at no other`(_ data: String, _ lines: [String]) {
        let expected = lines.map { "data: \($0)\n" }.joined() + "\n"
        #expect(ByteBuffer.written { $0.writeServerSentEvent(data: data) } == expected)
        #expect(ByteBuffer.written { $0.writeServerSentEvent(data: ByteBuffer(text: data)) } == expected)
    }

    @Test(arguments: ["\n", "\r", "\r\n", "\n\n", "\r\r"])
    func `no id, name, comment or data can begin a field of its own`(_ lineEnd: String) throws {
        let hostile = "a\(lineEnd)data: forged\(lineEnd)\(lineEnd)id: forged"
        var stream = ByteBuffer()
        stream.writeServerSentComment(hostile)
        stream.writeServerSentEvent(id: hostile, event: hostile, data: hostile)
        var parser = ServerSentEventParser()
        let events = try parser.parse(stream)
        let flat = "adata: forgedid: forged"
        #expect(events.map(\.event) == [flat])
        #expect(events.map(\.id) == [flat])
        #expect(events.first?.data.text.hasPrefix("a\n") == true)
    }

    @Test func `an id keeps its meaning when a NUL is in it`() throws {
        #expect(ByteBuffer.written { $0.writeServerSentEvent(id: "a\u{0}b", data: "") } == "id: ab\ndata: \n\n")
    }

    @Test func `comments and retry`() {
        #expect(ByteBuffer.written { $0.writeServerSentComment() } == ":\n\n")
        #expect(ByteBuffer.written { $0.writeServerSentComment("awake") } == ": awake\n\n")
        #expect(ByteBuffer.written { $0.writeServerSentRetry(milliseconds: 5321) } == "retry: 5321\n\n")
        #expect(ByteBuffer.written { $0.writeServerSentRetry(milliseconds: -1) } == "retry: 0\n\n")
    }
}
