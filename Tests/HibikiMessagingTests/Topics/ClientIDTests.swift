// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTestSupport
import Testing

@testable import HibikiMessaging

@Suite struct `A client id` {
    @Test func `is 22 characters that are read back, and knows its event loop`() throws {
        var generator = SeededGenerator(seed: 4)
        for loop in [0, 1, 63, 255] {
            let id = ClientID(loop: loop, using: &generator)
            #expect(id.description.utf8.count == 22)
            #expect(ClientID(id.description) == id)
            #expect(ClientID(id.description)?.loop == loop)
        }
    }

    @Test(arguments: [
        "", "AAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAB", "AAAAAAAAAAA+AAAAAAAAAA",
        "AAAAAAAAAA\u{0}AAAAAAAAAAA",
        "ÄÄÄÄÄÄÄÄÄÄÄ",
    ])
    func `has no other text`(_ text: String) {
        #expect(ClientID(text) == nil)
    }

    @Test func `is never given twice`() {
        var generator = SystemRandomNumberGenerator()
        #expect(Set((0..<1_000).map { _ in ClientID(loop: 1, using: &generator) }).count == 1_000)
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ])
    func `is written in the base 64 of RFC 4648`(_ plain: String, _ encoded: String) {
        #expect(Base64URL.encode(Array(plain.utf8)) == encoded)
        #expect(Base64URL.decode(encoded.utf8) == Array(plain.utf8))
    }

    @Test func `uses the alphabet of URLs`() {
        #expect(Base64URL.encode([0xFB, 0xFF, 0xBF]) == "-_-_")
    }
}
