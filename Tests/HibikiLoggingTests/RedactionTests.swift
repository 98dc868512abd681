// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTestSupport
import Testing

@testable import HibikiLogging

@Suite struct `Redacting` {
    private static let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLXZhbHVl"

    @Test(arguments: [
        ("/ws?access_token=s3cret", "/ws?access_token=[redacted]"),
        ("/ws?token=s3cret&topic=a", "/ws?token=[redacted]&topic=a"),
        ("/ws?topic=a&TOKEN=s3cret#x", "/ws?topic=a&TOKEN=[redacted]#x"),
        ("/a?next=%2Fws%3Ftoken%3Ds3cret", "/a?next=%2Fws%3Ftoken%3D[redacted]"),
        ("token: s3cret, topic: a", "token: [redacted], topic: a"),
        (#"{"token":"s3 cret","topic":"a"}"#, #"{"token":"[redacted]","topic":"a"}"#),
        (#"{\"token\": \"s3cret\"}"#, #"{\"token\": \"[redacted]\"}"#),
        ("['refresh_token' = 's3cret']", "['refresh_token' = '[redacted]']"),
        ("Authorization: Bearer s3cret", "Authorization: [redacted]"),
        ("authorization: s3cret", "authorization: [redacted]"),
        ("it said bearer s3cret, and went", "it said bearer [redacted], and went"),
        ("Basic czM6Y3JldA==", "Basic [redacted]"),
        ("Set-Cookie: session=s3cret; Path=/", "Set-Cookie: [redacted]; Path=/"),
        ("token-value=s3cret", "token-value=[redacted]"),
        (#""token-value": "s3cret""#, #""token-value": "[redacted]""#),
        ("token2: s3cret", "token2: [redacted]"),
        ("password=s3cret api_key=s3cret", "password=[redacted] api_key=[redacted]"),
    ]) func `takes a credential and leaves the rest`(_ text: String, _ redacted: String) {
        #expect(Redaction.redact(text) == redacted)
    }

    @Test(arguments: ["", "before ", "/socket.io/?x=", "\"", "é", "hk_"])
    func `takes an API key wherever it stands`(_ before: String) {
        let key = "hk_jC0vX-s2_1aQw9Zr5t6y7u8i9o0pAsDfGhJkLzXcVbN"
        #expect(Redaction.redact(before + key + " after") == (before == "hk_" ? "" : before) + "[redacted] after")
        #expect(Redaction.redact("hk_short") == "hk_short")
    }

    @Test(arguments: ["", "before ", "/socket.io/?x=", "\"", "é"])
    func `takes a JSON Web Token wherever it stands`(_ before: String) {
        #expect(Redaction.redact(before + Self.jwt + " after") == before + "[redacted] after")
        #expect(Redaction.redact(before + Self.jwt.prefix(30)) == before + "[redacted]")
    }

    @Test(arguments: [
        "token-leeway: expected seconds", "connection closed", "a topic named tokens", "the token has expired", "basic",
        "bearer", "eyJ", "token=", "",
        "passwords are not stored here", "/v1/events?topic=public/a&since=earliest", "日本語 token の話",
    ]) func `leaves what is no credential`(_ text: String) {
        #expect(Redaction.redact(text) == text)
    }

    @Test(arguments: ["token", "Access-Token", "AUTHORIZATION", "Cookie", "db_password", "clientSecret", "x-api-key"])
    func `knows the names of secrets`(_ name: String) {
        #expect(Redaction.isSecret(name: name))
    }

    @Test(arguments: ["topic", "connection", "error", "to", "", "key"])
    func `knows other names too`(_ name: String) {
        #expect(!Redaction.isSecret(name: name))
    }

    @Test func `never lets a secret through and never fails, whatever surrounds it`() {
        var generator = SeededGenerator(seed: 4)
        let pieces = [
            "token", "=", ":", "\"", "'", "\\", " ", "%3D", "%", "&", "bearer", "eyJ", "é", "\u{0}", "a.b", "{", "}",
        ]
        for _ in 0..<5_000 {
            let noise = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                pieces.randomElement(using: &generator) ?? ""
            }.joined()
            let text = noise + " &access_token=s3cret&x=1"
            #expect(!Redaction.redact(text).contains("s3cret"), "\(text)")
        }
    }
}
