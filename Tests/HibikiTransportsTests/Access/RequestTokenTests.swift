// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Testing

@testable import HibikiTransports

@Suite struct `The token of a request` {
    private static func token(
        _ authorization: String..., query: String = "", cookies: [String] = [], cookie: String? = "session"
    ) -> RequestToken {
        RequestToken(authorization: authorization, query: query[...], cookies: cookies, cookie: cookie)
    }

    @Test func `stands in Authorization, in the query, or in the cookie that was named`() {
        #expect(Self.token() == .none)
        #expect(Self.token("Bearer a.b.c") == .one("a.b.c"))
        #expect(Self.token("bEaReR   a.b.c") == .one("a.b.c"))
        #expect(Self.token(query: "topic=x&access_token=a.b.c&wait=1") == .one("a.b.c"))
        #expect(Self.token(query: "access_token=a%2Eb.c") == .one("a.b.c"))
        #expect(Self.token(cookies: ["x=1; session=a.b.c", "y=2"]) == .one("a.b.c"))
        #expect(Self.token(cookies: ["session=a.b.c"], cookie: nil) == .none)
    }

    @Test func `of another scheme is somebody else's`() {
        #expect(Self.token("Basic YTpi") == .none)
        #expect(Self.token("Basic YTpi", "Bearer a.b.c") == .one("a.b.c"))
    }

    @Test func `may be empty or broken, but is a token then that nobody accepts`() {
        #expect(Self.token("Bearer ") == .one(""))
        #expect(Self.token("Bearer") == .one(""))
        #expect(Self.token(query: "access_token=") == .one(""))
        #expect(Self.token(query: "access_token=%zz") == .one(""))
    }

    @Test func `is one, or the request is ambiguous`() {
        #expect(Self.token("Bearer a", "Bearer a") == .several)
        #expect(Self.token("Bearer a", query: "access_token=a") == .several)
        #expect(Self.token(query: "access_token=a&access_token=b") == .several)
        #expect(Self.token(cookies: ["session=a; session=b"]) == .several)
        // What a page says counts, whatever cookies its browser adds.
        #expect(Self.token("Bearer a", cookies: ["session=b"]) == .one("a"))
    }

    @Test func `in a cookie counts only where the browser says whose page has sent it`() {
        let policy = OriginPolicy(allowed: ["https://app.example.com"])
        let host = "chat.example.com"
        #expect(policy.trustsCookies(origins: ["https://chat.example.com"], host: host, fetchSite: nil))
        #expect(policy.trustsCookies(origins: ["https://app.example.com"], host: host, fetchSite: "same-site"))
        #expect(policy.trustsCookies(origins: [], host: host, fetchSite: "same-origin"))
        #expect(!policy.trustsCookies(origins: [], host: host, fetchSite: nil))
        #expect(!policy.trustsCookies(origins: [], host: host, fetchSite: "cross-site"))
        #expect(!policy.trustsCookies(origins: ["https://evil.example"], host: host, fetchSite: "same-origin"))
        #expect(!OriginPolicy(allowed: ["*"]).trustsCookies(origins: ["https://a.b"], host: host, fetchSite: nil))
    }
}
