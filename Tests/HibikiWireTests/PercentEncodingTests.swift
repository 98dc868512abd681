// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import Testing

@Suite struct `Percent-encoding` {
    @Test(arguments: [
        ("", ""), ("abc", "abc"), ("a%20b", "a b"), ("%2f%2F", "//"), ("%E3%83%8B", "ニ"), ("a+b", "a+b"), ("%25", "%"),
        ("ニ", "ニ"),
        ("%00", "\u{0}"),
    ])
    func `is decoded`(_ encoded: String, _ decoded: String) {
        #expect(PercentEncoding.decode(encoded.utf8) == decoded)
    }

    @Test(arguments: ["%", "%2", "a%", "%G0", "%0G", "%%20", "%FF", "%C3", "%ED%A0%80", "%C0%80"])
    func `is refused where it is cut off or not UTF-8`(_ encoded: String) {
        #expect(PercentEncoding.decode(encoded.utf8) == nil)
    }

    @Test(arguments: [
        ("", ""), ("aZ09-._~", "aZ09-._~"), ("a b", "a%20b"), ("a+b/c%", "a%2Bb%2Fc%25"), ("ニ", "%E3%83%8B"),
        ("\u{0}\u{1F}", "%00%1F"),
    ])
    func `is written with capital digits for all but the unreserved characters`(_ text: String, _ encoded: String) {
        #expect(PercentEncoding.encode(text) == encoded)
        #expect(PercentEncoding.decode(encoded.utf8) == text)
    }

    @Test func `leaves what it is told to keep`() {
        #expect(PercentEncoding.encode("a b/ニ") { $0 != UInt8(ascii: "/") } == "a b%2Fニ")
    }

    @Test func `takes a plus for a space in the query of a form only`() {
        #expect(PercentEncoding.decode("a+b%2B".utf8, plusIsSpace: true) == "a b+")
    }
}
