// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTestSupport
import NIOCore
import Testing

@testable import HibikiTransports

@Suite struct `A request body` {
    private static func framing(
        _ fields: String, version: String = "1.1", limit: Int = 1_000
    ) throws(RequestRefusal) -> BodyFraming? {
        var parser = RequestHeadParser(maximumBytes: 16 << 10, maximumFields: 100)
        var input = ByteBuffer(string: "POST / HTTP/\(version)\r\n\(fields)\r\n")
        guard let head = try parser.next(&input) else { return nil }
        return try BodyFraming(head, limit: limit)
    }

    private static func status(_ body: () throws(RequestRefusal) -> Void) -> Int? {
        do throws(RequestRefusal) {
            try body()
            return nil
        } catch {
            return error.status
        }
    }

    @Test(
        arguments: [
            ("", .none), ("Content-Length: 0\r\n", .none), ("Content-Length: 5\r\n", .length(5)),
            ("Content-Length: 0005\r\n", .length(5)),
            ("Content-Length: 1000\r\n", .length(1_000)), ("Transfer-Encoding: chunked\r\n", .chunked),
            ("transfer-encoding: Chunked\r\n", .chunked),
        ] as [(String, BodyFraming)])
    func `is as long as its head says`(_ fields: String, _ framing: BodyFraming) throws {
        #expect(try Self.framing(fields) == framing)
    }

    @Test(arguments: [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 5\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 5\r\n",
        "Content-Length: +5\r\n", "Content-Length: -5\r\n", "Content-Length: 0x5\r\n", "Content-Length: 5 5\r\n",
        "Content-Length:\r\n",
        "Content-Length: 5_0\r\n", "Content-Length: ５\r\n", "Transfer-Encoding: chunked, x\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: x, chunked\r\n", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked, chunked\r\n", "Transfer-Encoding: identity\r\n", "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding:\r\n",
        "Transfer-Encoding: \"chunked\"\r\n", "Transfer-Encoding: chunked;q=1\r\n",
    ])
    func `is refused where its length could be read in two ways`(_ fields: String) {
        #expect(Self.status { () throws(RequestRefusal) in _ = try Self.framing(fields) } == 400)
    }

    @Test func `is not chunked in HTTP 1_0`() {
        #expect(
            Self.status { () throws(RequestRefusal) in
                _ = try Self.framing("Transfer-Encoding: chunked\r\n", version: "1.0")
            } == 400)
    }

    @Test(arguments: ["1001", "9223372036854775808", "18446744073709551616", "99999999999999999999999999"])
    func `is refused by its length before a byte of it is read`(_ length: String) {
        #expect(
            Self.status { () throws(RequestRefusal) in _ = try Self.framing("Content-Length: \(length)\r\n") } == 413)
    }

    private static func read(
        _ framing: BodyFraming, _ pieces: [ByteBuffer], limit: Int = 1_000
    ) throws(RequestRefusal) -> (body: String, rest: String)? {
        var reader = BodyReader(framing, limit: limit)
        var input = ByteBuffer()
        var isComplete = false
        for piece in pieces {
            input.writeImmutableBuffer(piece)
            if !isComplete { isComplete = try reader.read(&input) }
        }
        return isComplete ? (String(buffer: reader.body), String(buffer: input)) : nil
    }

    private static func read(
        chunked text: String, limit: Int = 1_000
    ) throws(RequestRefusal) -> (body: String, rest: String)? {
        try Self.read(.chunked, [ByteBuffer(string: text)], limit: limit)
    }

    @Test(arguments: [
        ("0\r\n\r\n", ""), ("5\r\nhello\r\n0\r\n\r\n", "hello"), ("1\r\na\r\n2\r\nbc\r\n000\r\n\r\n", "abc"),
        ("A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
        ("a\r\n0123456789\r\n0\r\n\r\n", "0123456789"), ("3;a=b;c=\"d\"\r\nabc\r\n0;x\r\n\r\n", "abc"),
        ("1\r\na\r\n0\r\nX: y\r\nZ: w\r\n\r\n", "a"),
        ("00000001\r\na\r\n0\r\n\r\n", "a"), ("2\r\n\r\n\r\n0\r\n\r\n", "\r\n"),
    ])
    func `may come in chunks`(_ text: String, _ body: String) throws {
        let read = try #require(try Self.read(chunked: text + "GET"))
        #expect(read.body == body)
        #expect(read.rest == "GET")
    }

    @Test(arguments: [
        "\r\n", "x\r\n", "-1\r\n", "+1\r\n", "0x1\r\n", " 1\r\na\r\n", "1 \r\na\r\n", "1\na\r\n", "1\r\nab\r\n",
        "1\r\na\n0\r\n\r\n", "1\r\na0\r\n\r\n",
        "000000001\r\na\r\n", "ffffffffffffffff\r\n", ";a\r\n", "1;" + String(repeating: "x", count: 400) + "\r\n",
        "0\r\nA: b\n\r\n",
        "1;a\rb\r\na\r\n0\r\n\r\n", "1;\u{0}\r\na\r\n0\r\n\r\n", "0\r\nA: b\rGET / HTTP/1.1\r\n\r\n",
        "0\r\n" + String(repeating: "A: b\r\n", count: 2_000) + "\r\n", "1\r\na\r\n\r\n",
    ])
    func `is refused if its chunks are not whole`(_ text: String) {
        #expect(Self.status { () throws(RequestRefusal) in _ = try Self.read(chunked: text) } == 400)
    }

    @Test func `has a bound, whatever its chunks are`() throws {
        #expect(try Self.read(chunked: "5\r\nhello\r\n0\r\n\r\n", limit: 5)?.body == "hello")
        for text in ["6\r\n", "3\r\nabc\r\n3\r\n", "ffffffff\r\n", "7fffffff\r\n"] {
            #expect(Self.status { () throws(RequestRefusal) in _ = try Self.read(chunked: text, limit: 5) } == 413)
        }
    }

    @Test func `does not change with the pieces in which it comes`() throws {
        for (framing, text) in [
            (BodyFraming.chunked, "3;e\r\nabc\r\n2\r\n\r\n\r\n0\r\nT: v\r\n\r\nNEXT"), (.length(5), "abcdeNEXT"),
        ] {
            let bytes = Array(text.utf8)
            let whole = try #require(try Self.read(framing, [ByteBuffer(bytes: bytes)]))
            #expect(whole.rest == "NEXT")
            for cut in 0...bytes.count {
                let halves = [ByteBuffer(bytes: bytes[..<cut]), ByteBuffer(bytes: bytes[cut...])]
                #expect(try #require(try Self.read(framing, halves)) == whole, "cut at \(cut)")
            }
            #expect(try #require(try Self.read(framing, bytes.map { ByteBuffer(bytes: [$0]) })) == whole)
        }
    }

    @Test func `never stops the process`() {
        var generator = SeededGenerator(seed: 12)
        let parts = [
            "1", "f", "0", "\r\n", "\n", ";", "a", "ffffffff", "\r", "\u{0}", "0\r\n\r\n", "3\r\nabc\r\n", "-",
        ]
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 1...12, using: &generator)).compactMap { _ in
                parts.randomElement(using: &generator)
            }.joined()
            _ = Self.status { () throws(RequestRefusal) in _ = try Self.read(chunked: text, limit: 100) }
        }
    }
}
