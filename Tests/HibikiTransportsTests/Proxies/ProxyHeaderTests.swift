// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTestSupport
import NIOCore
import Testing

@testable import HibikiTransports

@Suite struct `The header of the PROXY protocol` {
    private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10] + Array("QUIT\n".utf8)

    /// A header of version 2.
    private func binary(_ command: UInt8, _ family: UInt8, _ body: [UInt8], length: Int? = nil) -> [UInt8] {
        let length = length ?? body.count
        return Self.signature + [command, family, UInt8(length >> 8), UInt8(length & 0xFF)] + body
    }

    private static let v4: [UInt8] = [192, 0, 2, 1, 10, 0, 0, 1, 0xDC, 0x04, 0x01, 0xBB]
    private static let v6: [UInt8] = [0x20, 0x01, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [7]
    private static let ends: [UInt8] = Array(repeating: 0, count: 20)

    private func read(_ bytes: [UInt8]) throws -> (ProxyHeader?, rest: Int) {
        var input = ByteBuffer(bytes: bytes)
        let header = try ProxyHeaderParser.next(&input)
        return (header, input.readableBytes)
    }

    private func client(_ text: String) throws -> ProxyHeader {
        .client(try #require(NetworkAddress(text)))
    }

    /// Every way in which the header may come in two pieces, with what follows it.
    private func reads(_ bytes: [UInt8], _ expected: ProxyHeader) throws {
        for count in 0..<bytes.count {
            let (header, rest) = try self.read(Array(bytes[..<count]))
            #expect(header == nil && rest == count)
        }
        let (header, rest) = try self.read(bytes + Array("GET /".utf8))
        #expect(header == expected)
        #expect(rest == 5)
    }

    @Test func `has the client's address as a line`() throws {
        try self.reads(Array("PROXY TCP4 192.0.2.1 10.0.0.1 56324 443\r\n".utf8), try self.client("192.0.2.1"))
        try self.reads(Array("PROXY TCP6 2001:db8::7 ::1 0 65535\r\n".utf8), try self.client("2001:db8::7"))
    }

    @Test func `may not know the client`() throws {
        try self.reads(Array("PROXY UNKNOWN\r\n".utf8), .unknown)
        try self.reads(Array("PROXY UNKNOWN ffff::1 what ever 1 2 3\r\n".utf8), .unknown)
    }

    @Test func `has the client's address in bytes`() throws {
        try self.reads(self.binary(0x21, 0x11, Self.v4), try self.client("192.0.2.1"))
        try self.reads(self.binary(0x21, 0x21, Self.v6 + Self.ends), try self.client("2001:db8::7"))
    }

    @Test func `may say more than addresses`() throws {
        let more: [UInt8] = [0x01, 0, 2, 0x68, 0x32, 0xEA, 0xFF, 0xFF]
        try self.reads(self.binary(0x21, 0x11, Self.v4 + more), try self.client("192.0.2.1"))
    }

    @Test func `may be for the proxy itself, or for a client that has no address`() throws {
        try self.reads(self.binary(0x20, 0x00, []), .unknown)
        try self.reads(self.binary(0x20, 0x11, Self.v4), .unknown)
        try self.reads(self.binary(0x21, 0x00, [1, 2, 3]), .unknown)
        try self.reads(self.binary(0x21, 0x31, Array(repeating: 0, count: 216)), .unknown)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n", "PROXY\r\n", "PROXY \r\n", "PROXY TCP5 192.0.2.1 10.0.0.1 1 2\r\n",
        "PROXY TCP4 192.0.2.1 10.0.0.1 1\r\n", "PROXY TCP4 192.0.2.1 10.0.0.1 1 2 3\r\n",
        "PROXY TCP4  192.0.2.1 10.0.0.1 1 2\r\n", "PROXY TCP4 192.0.2.256 10.0.0.1 1 2\r\n",
        "PROXY TCP4 2001:db8::1 10.0.0.1 1 2\r\n", "PROXY TCP6 192.0.2.1 10.0.0.1 1 2\r\n",
        "PROXY TCP4 192.0.2.1 10.0.0.1 01 2\r\n", "PROXY TCP4 192.0.2.1 10.0.0.1 1 65536\r\n",
        "PROXY TCP4 192.0.2.1 10.0.0.1 +1 2\r\n", "PROXY TCP4 192.0.2.1 10.0.0.1 1 2\n",
        "PROXY TCP4 192.0.2.1 10.0.0.1 1 2\t\r\n", "PROXY UNKNOWN \u{7F}\r\n", "proxy TCP4 192.0.2.1 10.0.0.1 1 2\r\n",
        "PROXY UNKNOWN " + String(repeating: "a", count: 93),
    ])
    func `is refused as a line where it is not exactly that`(_ line: String) {
        #expect(throws: ProxyHeaderViolation.self) { try self.read(Array(line.utf8)) }
    }

    @Test func `is refused in bytes where it is not exactly that`() {
        for (command, family) in [(0x11, 0x11), (0x22, 0x11), (0x31, 0x11), (0x21, 0x12), (0x21, 0x22), (0x21, 0x41)] {
            #expect(throws: ProxyHeaderViolation.self, "\(command) \(family)") {
                try self.read(self.binary(UInt8(command), UInt8(family), Self.v6 + Self.ends))
            }
        }
        for (family, count) in [(0x11, 11), (0x21, 35), (0x31, 215)] {
            #expect(throws: ProxyHeaderViolation.self) {
                try self.read(self.binary(0x21, UInt8(family), Array(repeating: 0, count: count)))
            }
        }
        let limit = ProxyHeaderParser.longestBinary
        #expect(throws: ProxyHeaderViolation.self) { try self.read(self.binary(0x21, 0x11, [], length: limit + 1)) }
        #expect(throws: Never.self) { try self.read(self.binary(0x21, 0x11, [], length: limit)) }
    }

    @Test(arguments: 1...8) func `is never read beyond its end, whatever the bytes are`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let samples = [
            Array("PROXY TCP4 192.0.2.1 10.0.0.1 56324 443\r\n".utf8), self.binary(0x21, 0x11, Self.v4),
            self.binary(0x21, 0x21, Self.v6 + Self.ends), generator.bytes(64),
        ]
        for _ in 0..<2_000 {
            var bytes = samples[Int.random(in: 0..<samples.count, using: &generator)]
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(
                    in: .min ... .max, using: &generator)
            }
            bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)))
            guard let (header, rest) = try? self.read(bytes) else { continue }
            #expect(header != nil || rest == bytes.count)
            #expect(rest <= bytes.count)
        }
    }
}
