// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTestSupport
import HibikiWebSocketCodec
import NIOCore
import Testing

private typealias Agreement = PermessageDeflate.Agreement

@Suite struct `Negotiating permessage-deflate` {
    private static let takeover = PermessageDeflate.Configuration(allowsContextTakeover: true)

    @Test(arguments: [
        ("permessage-deflate", "permessage-deflate"),
        ("permessage-deflate; client_max_window_bits", "permessage-deflate"),
        ("permessage-deflate; client_max_window_bits=10", "permessage-deflate; client_max_window_bits=10"),
        ("permessage-deflate; client_max_window_bits=15", "permessage-deflate; client_max_window_bits=15"),
        ("permessage-deflate; server_max_window_bits=9", "permessage-deflate; server_max_window_bits=9"),
        ("permessage-deflate; server_max_window_bits=\"12\"", "permessage-deflate; server_max_window_bits=12"),
        ("permessage-deflate;server_no_context_takeover", "permessage-deflate; server_no_context_takeover"),
        ("permessage-deflate ; client_no_context_takeover", "permessage-deflate; client_no_context_takeover"),
        ("foo, permessage-deflate; bar, permessage-deflate", "permessage-deflate"),
        (",, x-webkit-deflate-frame ,\tpermessage-deflate\t,", "permessage-deflate"),
        (
            "permessage-deflate; client_max_window_bits; server_no_context_takeover, permessage-deflate",
            "permessage-deflate; server_no_context_takeover"
        ),
        ("foo; a=\"x, permessage-deflate; y\", permessage-deflate", "permessage-deflate"),
    ])
    func `an offer is answered`(_ offer: String, _ answer: String) {
        #expect(PermessageDeflate.negotiate([offer], Self.takeover)?.header == answer)
    }

    @Test(arguments: [
        "", ",", ";", "=", "constructor", "permessage-deflate; __proto__=1", "hasOwnProperty", "permessage-deflatex",
        "permessage-deflate;", "permessage-deflate; ;", "permessage-deflate; =", "permessage-deflate foo",
        "permessage-deflate; unknown", "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover=\"\"",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
        "permessage-deflate; server_max_window_bits=10; server_max_window_bits=10",
        "permessage-deflate; client_max_window_bits; client_max_window_bits=10",
        "permessage-deflate; server_max_window_bits", "permessage-deflate; server_max_window_bits=",
        "permessage-deflate; server_max_window_bits=7", "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=010", "permessage-deflate; server_max_window_bits=+9",
        "permessage-deflate; server_max_window_bits=\"9",
        "permessage-deflate; server_max_window_bits=99999999999999999999",
        "permessage-deflate; client_max_window_bits=7", "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; client_max_window_bits=1e1", "permessage-deflate; client_max_window_bits=\"1\\",
    ])
    func `an offer that is malformed or unknown is declined and the next one taken`(_ offer: String) {
        #expect(PermessageDeflate.negotiate([offer], Self.takeover) == nil)
        #expect(
            PermessageDeflate.negotiate([offer, "permessage-deflate"], Self.takeover)?.header == "permessage-deflate")
    }

    @Test func `without context takeover both ends are told to forget`() {
        let answer = PermessageDeflate.negotiate(
            ["permessage-deflate; client_max_window_bits"], PermessageDeflate.Configuration()
        )
        #expect(answer?.header == "permessage-deflate; server_no_context_takeover; client_no_context_takeover")
        #expect(answer?.agreement == Agreement(serverNoContextTakeover: true, clientNoContextTakeover: true))
        #expect(answer?.agreement.keepsContext(of: .client) == false)
        #expect(answer?.agreement.keepsContext(of: .server) == false)
    }

    @Test func `windows are the smaller of what both ends want`() {
        let small = PermessageDeflate.Configuration(
            allowsContextTakeover: true, serverMaxWindowBits: 11, clientMaxWindowBits: 12
        )
        let offers = [
            ("permessage-deflate", 11, 15, "permessage-deflate; server_max_window_bits=11"),
            (
                "permessage-deflate; client_max_window_bits", 11, 12,
                "permessage-deflate; server_max_window_bits=11; client_max_window_bits=12"
            ),
            (
                "permessage-deflate; server_max_window_bits=9; client_max_window_bits=8", 9, 8,
                "permessage-deflate; server_max_window_bits=9; client_max_window_bits=8"
            ),
        ]
        for (offer, server, client, header) in offers {
            let answer = PermessageDeflate.negotiate([offer], small)
            #expect(answer?.agreement.windowBits(of: .server) == server)
            #expect(answer?.agreement.windowBits(of: .client) == client)
            #expect(answer?.header == header)
        }
    }

    @Test func `an offer below the smallest window that the server makes is declined`() {
        let configuration = PermessageDeflate.Configuration(minimumWindowBits: 10)
        #expect(PermessageDeflate.negotiate(["permessage-deflate; server_max_window_bits=9"], configuration) == nil)
        #expect(PermessageDeflate.negotiate(["permessage-deflate; server_max_window_bits=10"], configuration) != nil)
    }

    @Test func `only so many offers are looked at`() {
        let bad = Array(repeating: "permessage-deflate; server_max_window_bits=7", count: 15)
        #expect(PermessageDeflate.negotiate(bad + ["permessage-deflate"], Self.takeover) != nil)
        #expect(PermessageDeflate.negotiate(bad + ["foo", "permessage-deflate"], Self.takeover) == nil)
    }

    @Test func `a long header takes linear time`() {
        let spaces = String(repeating: " ", count: 200_000)
        let values = [
            "permessage-deflate\(spaces); unknown\(spaces)=\(spaces)1", String(repeating: ",", count: 200_000),
            "a=\"\(spaces)",
        ]
        let elapsed = ContinuousClock().measure {
            #expect(PermessageDeflate.negotiate(values, Self.takeover) == nil)
        }
        #expect(elapsed < .seconds(2))
    }

    @Test func `random headers never trap`() {
        var random = SeededGenerator(seed: 42)
        let parts = [
            "permessage-deflate", ";", ",", "=", "\"", "\\", " ", "server_max_window_bits", "client_max_window_bits",
            "8",
            "15", "client_no_context_takeover", "é", "\u{301}", "\r\n", "\0",
        ]
        for _ in 0..<5_000 {
            let value = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                parts[Int.random(in: 0..<parts.count, using: &random)]
            }.joined()
            if let answer = PermessageDeflate.negotiate([value], Self.takeover) {
                #expect((8...15).contains(answer.agreement.clientMaxWindowBits))
                #expect((8...15).contains(answer.agreement.serverMaxWindowBits))
            }
        }
    }
}

@Suite struct `A client's permessage-deflate` {
    private static let plain = PermessageDeflate.Configuration(allowsContextTakeover: true)
    private static let strict = PermessageDeflate.Configuration(serverMaxWindowBits: 10)

    @Test func `an offer says what the client wants`() {
        #expect(PermessageDeflate.offer(Self.plain) == "permessage-deflate; client_max_window_bits")
        #expect(
            PermessageDeflate.offer(Self.strict) == "permessage-deflate; client_max_window_bits; "
                + "server_max_window_bits=10; server_no_context_takeover; client_no_context_takeover"
        )
    }

    @Test func `a response that keeps to the offer is taken`() throws {
        #expect(try PermessageDeflate.accept([], Self.plain) == nil)
        #expect(try PermessageDeflate.accept(["permessage-deflate"], Self.plain) == Agreement())
        let response =
            "permessage-deflate; client_max_window_bits=9; server_max_window_bits=10; client_no_context_takeover"
        #expect(
            try PermessageDeflate.accept([response], Self.plain)
                == Agreement(clientNoContextTakeover: true, serverMaxWindowBits: 10, clientMaxWindowBits: 9)
        )
    }

    @Test(arguments: [
        "foo", "permessage-deflate, permessage-deflate", "permessage-deflate, foo", "permessage-deflate; unknown",
        "permessage-deflate; client_max_window_bits", "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_no_context_takeover=1",
    ])
    func `a response that does not is refused`(_ response: String) {
        #expect(throws: PermessageDeflate.InvalidResponse.self) { try PermessageDeflate.accept([response], Self.plain) }
    }

    @Test(arguments: [
        "permessage-deflate; server_no_context_takeover", "permessage-deflate; server_max_window_bits=10",
        "permessage-deflate; server_max_window_bits=11; server_no_context_takeover",
    ])
    func `a response that leaves out what was asked is refused`(_ response: String) {
        #expect(throws: PermessageDeflate.InvalidResponse.self) {
            try PermessageDeflate.accept([response], Self.strict)
        }
    }

    @Test func `both ends agree whatever the two configurations`() throws {
        for takeover in [(false, false), (false, true), (true, false), (true, true)] {
            for bits in [8, 9, 12, 15] {
                let client = PermessageDeflate.Configuration(
                    allowsContextTakeover: takeover.0, serverMaxWindowBits: bits, clientMaxWindowBits: bits
                )
                let server = PermessageDeflate.Configuration(
                    allowsContextTakeover: takeover.1, serverMaxWindowBits: 12, clientMaxWindowBits: 13
                )
                let answer = try #require(PermessageDeflate.negotiate([PermessageDeflate.offer(client)], server))
                #expect(try PermessageDeflate.accept([answer.header], client) == answer.agreement)
            }
        }
    }
}
