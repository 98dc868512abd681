// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Testing

@testable import HibikiTransports

@Suite struct `A range of addresses` {
    private func contains(_ range: String, _ address: String) throws -> Bool {
        try AddressRange(range).contains(try #require(NetworkAddress(address)))
    }

    @Test func `has the addresses that begin like it, and no others`() throws {
        #expect(try self.contains("10.0.0.0/8", "10.255.255.255"))
        #expect(try !self.contains("10.0.0.0/8", "11.0.0.0"))
        #expect(try self.contains("192.0.2.128/25", "192.0.2.255"))
        #expect(try !self.contains("192.0.2.128/25", "192.0.2.127"))
        #expect(try self.contains("2001:db8::/32", "2001:db8:ffff::1"))
        #expect(try !self.contains("2001:db8::/32", "2001:db9::"))
        #expect(try self.contains("2001:db8::/65", "2001:db8::7fff:ffff:ffff:ffff"))
        #expect(try !self.contains("2001:db8::/65", "2001:db8::8000:0:0:0"))
    }

    @Test func `is one address without a length, and all of them with length 0`() throws {
        #expect(try self.contains("192.0.2.1", "192.0.2.1"))
        #expect(try !self.contains("192.0.2.1", "192.0.2.2"))
        #expect(try self.contains("::/0", "192.0.2.1"))
        #expect(try self.contains("0.0.0.0/0", "255.255.255.255"))
        #expect(try !self.contains("0.0.0.0/0", "2001:db8::1"))
    }

    @Test func `knows an IPv4 address in the clothes of IPv6`() throws {
        #expect(try self.contains("127.0.0.0/8", "::ffff:127.0.0.1"))
        #expect(try #require(NetworkAddress("::ffff:192.0.2.1")).description == "192.0.2.1")
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "host",
    ])
    func `is not made of anything else`(_ text: String) {
        #expect(throws: AddressRange.Problem.unreadable) { try AddressRange(text) }
    }

    @Test func `has no bits beyond its length`() {
        #expect(throws: AddressRange.Problem.bitsBeyondLength(range: "10.0.0.0/8")) { try AddressRange("10.0.0.1/8") }
        #expect(throws: AddressRange.Problem.bitsBeyondLength(range: "2001:db8::/32")) {
            try AddressRange("2001:db8::1/32")
        }
    }

    @Test(arguments: ["10.0.0.0/8", "192.0.2.1/32", "2001:db8::/32", "::/0", "0.0.0.0/0"])
    func `is written as it is read`(_ text: String) throws {
        #expect(try AddressRange(text).description == text)
    }
}
