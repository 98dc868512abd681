// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import Testing

@Suite struct `A topic` {
    @Test(arguments: [
        "a", "public/news", "ニュース", "with space", "a$", "../..", "a,b=c", String(repeating: "x", count: 255),
    ])
    func `has a name of 1 to 255 bytes`(_ name: String) throws {
        #expect(try Topic(name).name == name)
    }

    @Test(arguments: [
        "", "$", "$SYS/uptime", "a\u{0}", "\n", "a\rb", "a\tb", "\u{1F}", "a\u{7F}", String(repeating: "x", count: 256),
        String(repeating: "é", count: 128), String(repeating: "x", count: 1 << 20),
    ])
    func `refuses a name that breaks a rule`(_ name: String) {
        #expect(refusal { () throws(WireError) in _ = try Topic(name) } == .invalidTopic)
    }

    @Test func `counts bytes, not characters`() throws {
        #expect(try Topic(String(repeating: "é", count: 127) + "x").name.utf8.count == 255)
        #expect(refusal { () throws(WireError) in _ = try Topic(String(repeating: "👩‍👩‍👧", count: 15)) } == .invalidTopic)
    }

    @Test func `is another topic if its bytes are others, even where the text looks the same`() throws {
        let composed = try Topic("caf\u{E9}")
        let decomposed = try Topic("cafe\u{301}")
        #expect(composed.name == decomposed.name)
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
    }

    @Test func `has a fingerprint that is the same in every process`() throws {
        // FNV-1a with 64 bits, from the tables of its authors.
        #expect(try Topic("a").fingerprint == 0xAF63_DC4C_8601_EC8C)
        #expect(try Topic("foobar").fingerprint == 0x8594_4171_F739_67E8)
    }
}
