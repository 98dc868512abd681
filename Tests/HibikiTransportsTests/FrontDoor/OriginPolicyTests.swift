// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTransports
import Testing

@Suite struct `The check of origins` {
    @Test(arguments: [
        ("http://example.com", "example.com"), ("https://example.com", "example.com"),
        ("http://example.com:8080", "example.com:8080"),
        ("http://EXAMPLE.com", "example.COM"), ("http://example.com", "example.com:80"),
        ("https://example.com:443", "example.com"),
        ("https://example.com", "example.com:443"), ("http://[::1]:8080", "[::1]:8080"), ("http://[::1]", "[::1]:80"),
    ])
    func `takes a page of the same host for our own`(_ origin: String, _ host: String) {
        #expect(OriginPolicy().verdict(origins: [origin], host: host) == .sameOrigin)
    }

    @Test func `compares the scheme where it is known`() {
        func verdict(_ origin: String, _ scheme: RequestScheme?) -> OriginPolicy.Verdict {
            OriginPolicy().verdict(origins: [origin], host: "example.com", scheme: scheme)
        }
        #expect(verdict("https://example.com", .https) == .sameOrigin)
        #expect(verdict("https://example.com:443", .https) == .sameOrigin)
        #expect(verdict("http://example.com", .https) == .refused)
        #expect(verdict("https://example.com", .http) == .refused)
        #expect(verdict("http://example.com", .http) == .sameOrigin)
        #expect(verdict("http://example.com", nil) == .sameOrigin)
    }

    @Test func `needs no origin`() {
        #expect(OriginPolicy().verdict(origins: [], host: "example.com") == .sameOrigin)
    }

    @Test(arguments: [
        ("https://evil", "example.com"), ("null", "example.com"), ("", "example.com"),
        ("https://example.com.evil", "example.com"),
        ("https://example.com:444", "example.com"), ("http://example.com:443", "example.com"),
        ("https://example.com:80", "example.com"),
        ("http://example.com:8080", "example.com"), ("http://example.com", "example.com:8080"),
        ("https://evilexample.com", "example.com"),
        ("ftp://example.com", "example.com"), ("example.com", "example.com"), ("http://example.com/", "example.com"),
        ("http://user@example.com", "example.com"), ("null", "null"), ("http://example.com", ""),
    ])
    func `refuses any other page`(_ origin: String, _ host: String) {
        #expect(OriginPolicy(allowed: ["https://app.example.com"]).verdict(origins: [origin], host: host) == .refused)
    }

    @Test func `lets the pages in that are on the list, byte for byte`() {
        let policy = OriginPolicy(allowed: ["https://app.example.com"])
        #expect(
            policy.verdict(origins: ["https://app.example.com"], host: "x")
                == .allowed(origin: "https://app.example.com", withCredentials: true))
        for other in [
            "https://app.example.com:443", "http://app.example.com", "https://APP.example.com",
            "https://app.example.com ",
        ] {
            #expect(policy.verdict(origins: [other], host: "x") == .refused)
        }
    }

    @Test func `lets every page in with a star, but no page without a name`() {
        let policy = OriginPolicy(allowed: ["*"])
        #expect(
            policy.verdict(origins: ["https://any.example"], host: "x")
                == .allowed(origin: "https://any.example", withCredentials: false))
        #expect(policy.verdict(origins: ["null"], host: "x") == .refused)
        #expect(
            OriginPolicy(allowed: ["null"]).verdict(origins: ["null"], host: "x")
                == .allowed(origin: "null", withCredentials: true))
    }

    @Test func `refuses a request that names two`() {
        let policy = OriginPolicy(allowed: ["*"])
        #expect(policy.verdict(origins: ["http://x", "http://x"], host: "x") == .refused)
    }
}
