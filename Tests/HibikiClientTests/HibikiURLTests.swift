// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Testing

@testable import HibikiClient

struct HibikiURLTests {
    @Test func `http and ws mean the same server`() throws {
        #expect(try HibikiURL("http://127.0.0.1:8080") == HibikiURL("ws://127.0.0.1:8080/"))
    }

    @Test func `a port that is not named is 80, and then Host does not name it either`() throws {
        let url = try HibikiURL("http://example.org/behind/")
        #expect(url.port == 80)
        #expect(url.authority == "example.org")
        #expect(url.target("/ws") == "/behind/ws")
    }

    @Test func `an IPv6 address keeps its brackets in Host only`() throws {
        let url = try HibikiURL("ws://[::1]:9000/chat")
        #expect(url.host == "::1")
        #expect(url.authority == "[::1]:9000")
        #expect(url.ownTarget == "/chat")
    }

    @Test(arguments: ["https://example.org", "wss://example.org", "HTTPS://example.org:443/"])
    func `what is to be spoken to over TLS has another port by default`(_ text: String) throws {
        let url = try HibikiURL(text)
        #expect(url.isSecure)
        #expect(url.port == 443)
        #expect(url.authority == "example.org")
        #expect("\(url)" == "https://example.org")
        #expect(url.trust == .system)
    }

    @Test func `the port of the other scheme stands in Host`() throws {
        #expect(try HibikiURL("https://example.org:80").authority == "example.org:80")
        #expect(try HibikiURL("http://example.org:443").authority == "example.org:443")
        #expect(try !HibikiURL("http://example.org:443").isSecure)
    }

    @Test(arguments: [
        "", "example.org", "127.0.0.1:8080", "ftp://example.org", "http://", "http://:80", "http://a:0",
        "http://a:65536",
        "http://a:-1", "http://user@a", "http://a?x", "http://a#x", "http://a b", "http://[::1", "http://[::1]x",
        "http://a/\r\nX: y",
        "http://a:99999999999999999999",
    ])
    func `what is no address is refused`(_ text: String) {
        #expect(throws: HibikiClientError.self) { try HibikiURL(text) }
    }

    @Test func `a query encodes all that is not unreserved`() {
        var query = Query()
        query.add("topic", "public/a&b=ü\r\n")
        query.add("since", "5d41c0a2-1")
        #expect(query.text == "?topic=public%2Fa%26b%3D%C3%BC%0D%0A&since=5d41c0a2-1")
    }
}
