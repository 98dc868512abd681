// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Testing

@testable import HibikiUploads

@Suite struct `A signed link` {
    private static let key = LinkKey([UInt8](repeating: 7, count: 32))
    private static let now = Timestamp(milliseconds: 1_000_000)

    private static func parts(_ link: SignedLink, _ key: LinkKey = key) -> [String] {
        link.query(key).split(separator: "&").map {
            String($0.split(separator: "=", omittingEmptySubsequences: false)[1])
        }
    }

    private static func read(
        _ path: String, _ expires: String, _ principal: String, _ signature: String, at time: Timestamp = now
    ) -> SignedLink? {
        SignedLink(path: path, expires: expires, principal: principal, signature: signature, key: self.key, at: time)
    }

    @Test func `is good for its path, its principal and its time, and for nothing else`() {
        let parts = Self.parts(SignedLink(path: "/a", expiry: 1_001, principal: "ann"))
        #expect(Self.read("/a", "1001", "ann", parts[2])?.principal == "ann")
        #expect(Self.read("/b", "1001", "ann", parts[2]) == nil)
        #expect(Self.read("/a", "1002", "ann", parts[2]) == nil)
        #expect(Self.read("/a", "+1001", "ann", parts[2]) == nil)
        #expect(Self.read("/a", "1001", "bob", parts[2]) == nil)
        #expect(Self.read("/a", "1001", "", parts[2]) == nil)
        #expect(Self.read("/a", "1001", "ann", parts[2] + "A") == nil)
        #expect(Self.read("/a", "1001", "ann", "") == nil)
        #expect(Self.read("/a", "1001", "ann", parts[2], at: Timestamp(milliseconds: 1_001_000)) == nil)
        #expect(Self.read("/a", "1001", "ann", parts[2], at: Timestamp(milliseconds: 1_000_999)) != nil)
    }

    @Test func `of another key is none`() {
        let other = LinkKey([UInt8](repeating: 8, count: 32))
        let parts = Self.parts(SignedLink(path: "/a", expiry: 1_001, principal: "ann"), other)
        #expect(Self.read("/a", "1001", "ann", parts[2]) == nil)
    }

    @Test func `does not read the end of one part as the beginning of the next`() {
        let parts = Self.parts(SignedLink(path: "/a", expiry: 1_001, principal: "x\n1 y"))
        #expect(Self.read("/a\n1001\n5 x", "1001", "y", parts[2]) == nil)
        #expect(parts[1] == "x%0A1%20y")
    }
}
