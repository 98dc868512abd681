// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTestSupport
import HibikiWire
import NIOCore
import Testing

@Suite struct ServerSentEventParserTests {
    @Test(arguments: [
        ("data: a\n\n", ["message||a"]),
        ("data:a\n\n", ["message||a"]),
        ("data:  a\n\n", ["message|| a"]),
        ("data: a\ndata: b\n\n", ["message||a\nb"]),
        ("data: a\r\ndata: b\r\n\r\n", ["message||a\nb"]),
        ("data\n\n", ["message||"]),
        ("data\ndata\n\n", ["message||\n"]),
        ("data:\n\n\ndata\n\n", ["message||", "message||"]),
        ("event: e\ndata: a\n\ndata: b\n\n", ["e||a", "message||b"]),
        ("event: e\n\ndata: b\n\n", ["message||b"]),
        ("event: e\nevent:\ndata: b\n\n", ["message||b"]),
        ("id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n", ["message|1|a", "message|1|b", "message||c"]),
        ("id: 1\n\ndata: a\n\n", ["message|1|a"]),
        ("id: 1\nid: 2\u{0}\ndata: a\n\n", ["message|1|a"]),
        (": comment\ndata: a\n:\n: x\ndata: b\n\n", ["message||a\nb"]),
        ("Data: a\n data: b\ndata : c\nother: d\n\n", []),
        ("data: a: b\n\n", ["message||a: b"]),
        ("data: a", []), ("data: a\n", []), ("\n\n\n", []), ("", []),
        ("\u{FEFF}data: a\n\n", ["message||a"]),
        ("\u{FEFF}\u{FEFF}data: a\n\n", []),
        ("data: a\n\n\u{FEFF}data: b\n\n", ["message||a"]),
        (
            "data: a\r\rdata: b\r\n\r\ndata: c\n\r\ndata: d\r\n\n",
            ["message||a", "message||b", "message||c", "message||d"]
        ),
        ("data: \u{2028}\u{85}\n\n", ["message||\u{2028}\u{85}"]),
        ("event: \u{301}\ndata:\u{301}\n\n", ["\u{301}||\u{301}"]),
    ])
    func `a stream is read as the standard has it, wherever it is cut`(_ stream: String, _ expected: [String]) throws {
        let bytes = Array(stream.utf8)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                let pieces = [bytes[..<first], bytes[first..<second], bytes[second...]]
                #expect(try events(of: pieces) == expected, "cut at \(first) and \(second)")
            }
        }
        #expect(try events(of: bytes.indices.map { bytes[$0...$0] }) == expected, "byte by byte")
    }

    @Test(arguments: [
        ("retry: 5321\n\n", 5321), ("retry:0\n", 0), ("retry: 5s\n", nil), ("retry: -1\n", nil), ("retry: +1\n", nil),
        ("retry:\n", nil),
        ("retry\n", nil), ("retry: 99999999999999999999\n", nil), ("retry: 7\nretry: x\n", 7), ("retry: ١\n", nil),
        ("retry: 5", nil),
    ])
    func `the time to wait is given in digits`(_ stream: String, _ expected: Int?) throws {
        var parser = ServerSentEventParser()
        _ = try parser.parse(ByteBuffer(text: stream))
        #expect(parser.reconnectionTime == expected)
    }

    @Test func `an id counts from its blank line on`() throws {
        var parser = ServerSentEventParser(lastEventID: "0")
        #expect(try parser.parse(ByteBuffer(text: "data: a\n\n")).map(\.id) == ["0"])
        #expect(try parser.parse(ByteBuffer(text: "id: 1\ndata: lost in a cut\n")).isEmpty)
        #expect(parser.lastEventID == "0")
        _ = try parser.parse(ByteBuffer(text: "\n"))
        #expect(parser.lastEventID == "1")
    }

    @Test func `bytes that are not UTF-8 are repaired in names and kept in data`() throws {
        var parser = ServerSentEventParser()
        var stream = ByteBuffer(text: "event: ")
        stream.writeBytes([0xFF, 0x0A])
        stream.writeString("data: ")
        stream.writeBytes([0xFF, 0x0A, 0x0A])
        #expect(try parser.parse(stream) == [ServerSentEvent(event: "\u{FFFD}", data: ByteBuffer(bytes: [0xFF]))])
    }

    @Test(arguments: ["data: ", "data: a\n", ": ", "id: ", "x"])
    func `what grows without an end is refused at the limit`(_ piece: String) {
        var parser = ServerSentEventParser(limit: 1_000)
        let line = ByteBuffer(text: piece)
        let error = #expect(throws: ServerSentEventTooLarge.self) {
            for _ in 0..<2_000 { _ = try parser.parse(line) }
        }
        #expect(error == ServerSentEventTooLarge(limit: 1_000))
    }

    @Test func `an event of exactly the limit passes, and so do many after each other`() throws {
        var parser = ServerSentEventParser(limit: 100)
        let event = ByteBuffer(text: "data: " + String(repeating: "x", count: 94) + "\n\n")
        for _ in 0..<50 { #expect(try parser.parse(event).count == 1) }
        #expect(throws: ServerSentEventTooLarge.self) {
            try parser.parse(ByteBuffer(text: "data: " + String(repeating: "x", count: 95) + "\n\n"))
        }
    }

    @Test(arguments: UInt64(1)...4)
    func `what is written is read, whatever it says and however it is cut`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let alphabet: [String] = ["\r", "\n", "\r\n", ":", " ", "data: ", "é", "\u{FEFF}", "x", "\u{0}"]
        var stream = ByteBuffer()
        var expected: [String] = []
        for number in 0..<200 {
            let length = Int.random(in: 0...8, using: &generator)
            let data = (0..<length).map { _ in alphabet.randomElement(using: &generator) ?? "" }.joined()
            stream.writeServerSentEvent(id: "\(number)", event: "e", data: data)
            if Bool.random(using: &generator) { stream.writeServerSentComment(data) }
            expected.append("e|\(number)|" + withLineFeeds(data))
        }
        var pieces: [ArraySlice<UInt8>] = []
        var rest = Array(stream.readableBytesView)[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...40, using: &generator))
            pieces.append(piece)
            rest = rest.dropFirst(piece.count)
        }
        #expect(try events(of: pieces) == expected)
    }

    private func events(of pieces: [ArraySlice<UInt8>]) throws -> [String] {
        var parser = ServerSentEventParser()
        return try pieces.flatMap { try parser.parse(ByteBuffer(bytes: $0)) }.map {
            "\($0.event)|\($0.id)|\($0.data.text)"
        }
    }

    /// CRLF and CR become LF, as every reader of a stream sees them.
    private func withLineFeeds(_ text: String) -> String {
        var result: [UInt8] = []
        var isAfterCarriageReturn = false
        for byte in text.utf8 {
            if byte == 0x0D || (byte == 0x0A && !isAfterCarriageReturn) { result.append(0x0A) }
            if byte != 0x0D && byte != 0x0A { result.append(byte) }
            isAfterCarriageReturn = byte == 0x0D
        }
        return String(decoding: result, as: UTF8.self)
    }
}
