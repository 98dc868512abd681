// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import Testing

@testable import HibikiTransports

@Suite struct `What proxies say about a request` {
    private func head(_ fields: [String]) throws -> RequestHead {
        var parser = RequestHeadParser(maximumBytes: 16_384, maximumFields: 100)
        var bytes = ByteBuffer(string: "GET / HTTP/1.1\r\nHost: a\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n")
        return try #require(try parser.next(&bytes))
    }

    private func client(
        _ fields: String..., peer: String = "10.0.0.1", field: ProxyConfiguration.Field = .xForwardedFor
    ) throws -> String? {
        var proxies = ProxyConfiguration()
        proxies.trusted = [try AddressRange("10.0.0.0/8"), try AddressRange("2001:db8:1::/48")]
        proxies.field = field
        let client = proxies.client(of: try self.head(fields), from: try #require(NetworkAddress(peer)))
        return client.map { "\($0.address) \($0.scheme?.rawValue ?? "-")" }
    }

    @Test func `counts only if the connection is one of a trusted proxy`() throws {
        #expect(try self.client("X-Forwarded-For: 192.0.2.1", peer: "203.0.113.1") == nil)
        #expect(try self.client("X-Forwarded-For: 192.0.2.1") == "192.0.2.1 -")
        #expect(try self.client("X-Forwarded-For: 192.0.2.1", peer: "::ffff:10.0.0.1") == "192.0.2.1 -")
    }

    @Test func `is read from its end, past trusted proxies only`() throws {
        #expect(try self.client("X-Forwarded-For: 1.1.1.1, 192.0.2.1, 10.0.0.2") == "192.0.2.1 -")
        #expect(try self.client("X-Forwarded-For: 1.1.1.1", "X-Forwarded-For: 192.0.2.1,10.0.0.2") == "192.0.2.1 -")
        #expect(try self.client("X-Forwarded-For: 10.0.0.3, 10.0.0.2") == "10.0.0.3 -")
        #expect(try self.client("X-Forwarded-For: 2001:db8::7, [2001:db8:1::2]:443") == "2001:db8::7 -")
    }

    @Test func `ends at a hop that can not be read`() throws {
        #expect(try self.client("X-Forwarded-For: 192.0.2.1, unknown, 10.0.0.2") == "10.0.0.2 -")
        #expect(try self.client("X-Forwarded-For: 192.0.2.1, ") == "10.0.0.1 -")
        #expect(try self.client("X-Forwarded-For: [192.0.2.1") == "10.0.0.1 -")
        #expect(try self.client("X-Forwarded-For:") == "10.0.0.1 -")
        #expect(try self.client() == "10.0.0.1 -")
    }

    @Test(arguments: [
        ("192.0.2.1:4711", "192.0.2.1"), ("[2001:db8::1]", "2001:db8::1"), ("[2001:db8::1]:80", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
    ])
    func `may have a port`(_ text: String, _ address: String) throws {
        #expect(try self.client("X-Forwarded-For: \(text)") == "\(address) -")
    }

    @Test func `has the scheme that the nearest proxy has written`() throws {
        let address = "X-Forwarded-For: 192.0.2.1"
        #expect(try self.client(address, "X-Forwarded-Proto: https") == "192.0.2.1 https")
        #expect(try self.client(address, "X-Forwarded-Proto: https, HTTP") == "192.0.2.1 http")
        #expect(try self.client(address, "X-Forwarded-Proto: wss") == "192.0.2.1 https")
        #expect(try self.client(address, "X-Forwarded-Proto: gopher") == "192.0.2.1 -")
        #expect(try self.client(address, "Forwarded: for=1.1.1.1;proto=https") == "192.0.2.1 -")
    }

    @Test func `may stand in Forwarded instead`() throws {
        func client(_ values: String...) throws -> String? {
            try self.client(values.joined(separator: ", "), field: .forwarded)
        }
        #expect(try client("Forwarded: for=192.0.2.1;proto=https;by=10.0.0.1") == "192.0.2.1 https")
        #expect(try client("Forwarded: For=\"[2001:db8::1]:4711\"; Proto=http") == "2001:db8::1 http")
        #expect(try client("Forwarded: for=192.0.2.1;proto=https", "for=10.0.0.2;proto=http") == "192.0.2.1 https")
        #expect(try client("Forwarded: for=1.1.1.1, for=192.0.2.1, for=\"_a,b;c\"") == "10.0.0.1 -")
        #expect(try client("Forwarded: for=unknown") == "10.0.0.1 -")
        #expect(try client("X-Forwarded-For: 1.1.1.1") == "10.0.0.1 -")
    }

    @Test(arguments: ["for=\"", "for=\"a\\\"", "\"\"\"", ",,,;;;", "for=\"10.0.0.9", "=;=", "for"])
    func `can be read where a client has broken what stands before it`(_ begin: String) throws {
        #expect(try self.client("Forwarded: \(begin), for=192.0.2.1", field: .forwarded) == "192.0.2.1 -")
    }
}
