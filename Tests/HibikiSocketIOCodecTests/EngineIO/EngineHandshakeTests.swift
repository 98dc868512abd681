// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiTestSupport
import NIOCore
import Testing

@Suite struct EngineHandshakeTests {
    @Test func `a handshake has five keys in their order`() {
        let handshake = EngineHandshake(sid: "FzfZqVLdKtsUMu3DAAAA", upgrades: [.websocket])
        #expect(
            written(handshake) == #"0{"sid":"FzfZqVLdKtsUMu3DAAAA","upgrades":["websocket"],"#
                + #""pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#)
        #expect(handshake.packet.kind == .open)
    }

    @Test func `a handshake tells what was configured`() {
        let handshake = EngineHandshake(
            sid: "a", upgrades: [], pingInterval: .milliseconds(300), pingTimeout: .microseconds(200_999), maxPayload: 1
        )
        #expect(
            written(handshake)
                == #"0{"sid":"a","upgrades":[],"pingInterval":300,"pingTimeout":200,"maxPayload":1}"#)
        let both = EngineHandshake(sid: "a", upgrades: [.websocket, .webtransport])
        #expect(written(both).contains(#""upgrades":["websocket","webtransport"]"#))
    }

    private func written(_ handshake: EngineHandshake) -> String {
        var frame = ByteBuffer()
        handshake.write(into: &frame)
        return String(buffer: frame)
    }
}

@Suite struct EngineIDsTests {
    @Test func `an id is twenty characters of which the last four count`() {
        var ids = EngineIDs()
        var random = SeededGenerator(seed: 1)
        let made = (0..<70).map { _ in ids.next(using: &random) }
        #expect(made.allSatisfy { $0.utf8.count == 20 })
        #expect(made.prefix(3).map { $0.suffix(4) } == ["AAAA", "AAAB", "AAAC"])
        #expect(made[62].hasSuffix("AAA-"))
        #expect(made[63].hasSuffix("AAA_"))
        #expect(made[64].hasSuffix("AABA"))
        #expect(Set(made.map { $0.prefix(16) }).count == made.count)
    }

    @Test func `an id holds the bytes that the generator gave`() {
        var ids = EngineIDs()
        var zeros = Constant(word: 0)
        var ones = Constant(word: .max)
        var mixed = Constant(word: 0x0001_0203_0405_0607)
        #expect(ids.next(using: &zeros) == "AAAAAAAAAAAAAAAAAAAA")
        #expect(ids.next(using: &ones) == "________________AAAB")
        // 00 01 02, 03 04 05, 06 07 and the first of the next word, which is cut to its low half: 04, 05 06 07
        #expect(ids.next(using: &mixed) == "AAECAwQFBgcEBQYHAAAC")
    }

    @Test func `every character is one of sixty-four, and each is used`() {
        var ids = EngineIDs()
        var random = SeededGenerator(seed: 2)
        var seen: Set<UInt8> = []
        for _ in 0..<1_000 { seen.formUnion(ids.next(using: &random).utf8.prefix(16)) }
        #expect(seen == Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8))
    }

    @Test func `the counter starts again after twenty-four bits`() {
        var ids = EngineIDs(after: 0xFF_FFFF)
        var zeros = Constant(word: 0)
        #expect(ids.next(using: &zeros).hasSuffix("____"))
        #expect(ids.next(using: &zeros).hasSuffix("AAAA"))
    }
}

private struct Constant: RandomNumberGenerator {
    let word: UInt64
    mutating func next() -> UInt64 { self.word }
}
