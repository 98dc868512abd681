// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTestSupport
import NIOCore
import Testing

@testable import HibikiTransports

@Suite struct `A request head` {
    private static func parse(
        _ text: String, bytes: Int = 16 << 10, fields: Int = 100
    ) throws(RequestRefusal) -> RequestHead? {
        var parser = RequestHeadParser(maximumBytes: bytes, maximumFields: fields)
        var input = ByteBuffer(string: text)
        return try parser.next(&input)
    }

    private static func status(_ text: String, bytes: Int = 16 << 10, fields: Int = 100) -> Int? {
        do throws(RequestRefusal) {
            _ = try Self.parse(text, bytes: bytes, fields: fields)
            return nil
        } catch {
            return error.status
        }
    }

    @Test func `is a request line and fields`() throws {
        let head = try #require(
            try Self.parse("GET /v1/events?topic=a HTTP/1.1\r\nHost: x:1\r\nA:b\r\na: \t c \t\r\n\r\n"))
        #expect(head.method == "GET")
        #expect(head.target == "/v1/events?topic=a")
        #expect(head.path == "/v1/events")
        #expect(head.query == "topic=a")
        #expect(head.minorVersion == 1)
        #expect(head.host == "x:1")
        #expect(head.values("a") == ["b", "c"])
        #expect(head.allFields.map(\.name) == ["Host", "A", "a"])
        #expect(head.has("host") && !head.has("b"))
    }

    @Test(arguments: [
        ("GET http://h.example:81/p?q HTTP/1.1", "/p?q", "h.example:81"), ("GET HTTP://h HTTP/1.1", "/", "h"),
        ("GET https://h?q HTTP/1.1", "/?q", "h"), ("OPTIONS * HTTP/1.1", "*", "x"),
    ])
    func `may name its authority in the request line`(_ line: String, _ target: String, _ host: String) throws {
        let head = try #require(try Self.parse(line + "\r\nHost: x\r\n\r\n"))
        #expect(head.target == target)
        #expect(head.host == host)
    }

    @Test func `names tokens of a list in any case`() throws {
        let head = try #require(
            try Self.parse("GET / HTTP/1.1\r\nConnection: keep-alive,\t Upgrade\r\nConnection: X\r\n\r\n"))
        for token in ["keep-alive", "upgrade", "x"] { #expect(head.list("connection", contains: token)) }
        #expect(!head.list("connection", contains: "up"))
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.0\r\n\r\n", "M-SEARCH / HTTP/1.1\r\n\r\n",
        "GET /ü".replacing("ü", with: "%C3%BC") + " HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nA:\r\n\r\n", "GET / HTTP/1.1\r\nA: ü\r\n\r\n", "\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\n!#$%&'*+-.^_`|~: a\r\n\r\n",
    ])
    func `is accepted`(_ text: String) throws {
        #expect(try Self.parse(text) != nil)
    }

    @Test(arguments: [
        // The request line.
        "GET /\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n", " GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1 \r\n\r\n",
        "GET\t/\tHTTP/1.1\r\n\r\n",
        "G@T / HTTP/1.1\r\n\r\n", "GET /a b HTTP/1.1\r\n\r\n", "GET /\u{0} HTTP/1.1\r\n\r\n", "GET /ü HTTP/1.1\r\n\r\n",
        "GET / http/1.1\r\n\r\n", "GET / HTTP/1,1\r\n\r\n", "GET / HTTP/11.1\r\n\r\n", "GET / HTTP/1.1x\r\n\r\n",
        "GET / FTPX/1.1\r\n\r\n",
        // The ends of lines.
        "GET / HTTP/1.1\n\n", "GET / HTTP/1.1\r\nA: b\n\r\n", "GET / HTTP/1.1\nA: b\r\n\r\n",
        "GET / HTTP/1.1\r\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\rc\r\n\r\n", "GET / HTTP/1.1\r\nA: b\r\n\n",
        // The fields.
        "GET / HTTP/1.1\r\nA : b\r\n\r\n", "GET / HTTP/1.1\r\n A: b\r\n\r\n", "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n",
        "GET / HTTP/1.1\r\n: b\r\n\r\n",
        "GET / HTTP/1.1\r\nnonsense\r\n\r\n", "GET / HTTP/1.1\r\nA\u{0}: b\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\u{0}\r\n\r\n",
        "GET / HTTP/1.1\r\nA: \u{7F}\r\n\r\n", "GET / HTTP/1.1\r\nÄ: b\r\n\r\n",
        "GET / HTTP/1.1\r\nTransfer-Encoding\u{B}: chunked\r\n\r\n",
    ])
    func `is refused where two readers could differ`(_ text: String) {
        #expect(Self.status(text) == 400)
    }

    @Test(arguments: ["HTTP/2.0", "HTTP/0.9", "HTTP/1.2", "HTTP/9.9"])
    func `of another version is refused`(_ version: String) {
        #expect(Self.status("GET / \(version)\r\n\r\n") == 505)
    }

    @Test func `has a bound in bytes, whole or not`() {
        let head = "GET / HTTP/1.1\r\nA: bcdefgh\r\n\r\n"
        #expect(Self.status(head, bytes: head.utf8.count) == nil)
        #expect(Self.status(head, bytes: head.utf8.count - 1) == 431)
        #expect(Self.status("GET /" + String(repeating: "a", count: 100), bytes: 100) == 431)
        #expect(Self.status("A" + String(repeating: "b", count: 98), bytes: 100) == nil)
    }

    @Test func `has a bound in fields`() {
        func head(_ count: Int) -> String {
            "GET / HTTP/1.1\r\n" + String(repeating: "A: b\r\n", count: count) + "\r\n"
        }
        #expect(Self.status(head(100)) == nil)
        #expect(Self.status(head(101)) == 431)
        #expect(Self.status(head(2_000)) == 431)
    }

    @Test func `does not change with the pieces in which a stream of requests comes`() throws {
        let stream =
            "\r\nGET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.0\r\n\r\n\r\n\r\nGET /3 HTTP/1.1\r\nA: b\r\nC:\r\n\r\n"
        let whole = try Self.heads([ByteBuffer(string: stream)])
        #expect(whole == ["GET /1 [Host=a]", "GET /2 []", "GET /3 [A=b,C=]"])
        let bytes = Array(stream.utf8)
        for cut in 1..<bytes.count {
            #expect(
                try Self.heads([ByteBuffer(bytes: bytes[..<cut]), ByteBuffer(bytes: bytes[cut...])]) == whole,
                "cut at \(cut)")
        }
        #expect(try Self.heads(bytes.map { ByteBuffer(bytes: [$0]) }) == whole)
    }

    private static func heads(_ pieces: [ByteBuffer]) throws -> [String] {
        var parser = RequestHeadParser(maximumBytes: 1_000, maximumFields: 10)
        var input = ByteBuffer()
        var heads: [String] = []
        for piece in pieces {
            input.writeImmutableBuffer(piece)
            while let head = try parser.next(&input) {
                heads.append(
                    "\(head.method) \(head.target) [\(head.allFields.map { "\($0.name)=\($0.value)" }.joined(separator: ","))]"
                )
            }
        }
        return heads
    }

    @Test func `never stops the process`() {
        var generator = SeededGenerator(seed: 11)
        let parts = [
            "GET ", "/", " HTTP/1.1", "\r\n", "\n", "\r", ":", " ", "Host", "A: b", "\u{0}", "\t", "http://", "?", "ü",
            "1.", "\r\n\r\n",
        ]
        for _ in 0..<20_000 {
            let count = Int.random(in: 1...20, using: &generator)
            let text = (0..<count).compactMap { _ in parts.randomElement(using: &generator) }.joined()
            _ = Self.status(text, bytes: 60, fields: 3)
        }
    }
}
