// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import Testing

@testable import HibikiServer

@Suite struct `Where traces go` {
    @Test(arguments: [
        ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
        ("https://a.example/", "https://a.example/v1/traces"),
        ("https://a.example/otlp/x", "https://a.example/otlp/x"),
    ]) func `without a path it is the usual one`(_ endpoint: String, _ url: String) {
        var configuration = TracingConfiguration()
        configuration.endpoint = endpoint
        #expect(configuration.url == url)
    }

    @Test(arguments: [
        ("{}", 0), ("", 0), (#"{"partialSuccess":{}}"#, 0), (#"{"partialSuccess":{"rejectedSpans":"3"}}"#, 3),
        (#"{"x":[1],"partialSuccess":{"errorMessage":"no","rejectedSpans":4}}"#, 4), (#"{"partialSuccess":null}"#, 0),
        (#"{"partialSuccess":{"rejectedSpans":"many"}}"#, 0), (#"[]"#, 0),
        (#"{"partialSuccess":{"rejectedSpans":"99999999999999999999"}}"#, 0),
    ]) func `an answer may reject some spans`(_ text: String, _ count: Int) {
        #expect(SpanUpload.rejected(ByteBuffer(string: text)) == count)
    }
}

@Suite struct `What a span says about an address` {
    @Test(arguments: [
        ("http://a.example/may?key=1", "a.example", nil, "http://a.example/may"),
        ("https://user:pw@a.example:8443/x#y", "a.example", 8443, "https://a.example:8443/x"),
        ("http://[::1]:80", "[::1]", 80, "http://[::1]:80"), ("http://[::1]/a", "[::1]", nil, "http://[::1]/a"),
        ("http://a.example/@b:c", "a.example", nil, "http://a.example/@b:c"),
        ("http://a.example?x=http://b", "a.example", nil, "http://a.example"),
        ("", "", nil, ""),
    ]) func `has neither user nor query`(_ text: String, _ host: String, _ port: Int?, _ url: String) {
        let address = OutgoingAddress(text)
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.url == url)
    }
}
