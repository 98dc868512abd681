// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTestSupport
import HibikiWebSocketCodec
import NIOCore
import Testing

private typealias Handshake = WebSocketHandshake

private func request(_ change: (inout WebSocketHandshake.Request) -> Void = { _ in }) -> WebSocketHandshake.Request {
    var request = WebSocketHandshake.Request(
        method: "GET", httpMinorVersion: 1, upgrade: ["websocket"], connection: ["Upgrade"],
        key: ["dGhlIHNhbXBsZSBub25jZQ=="], version: ["13"]
    )
    change(&request)
    return request
}

private func answer(
    _ configuration: WebSocketHandshake.Configuration = WebSocketHandshake.Configuration(),
    _ change: (inout WebSocketHandshake.Request) -> Void = { _ in }
) -> WebSocketHandshake.Answer {
    WebSocketHandshake.answer(request(change), configuration)
}

extension WebSocketHandshake.Answer {
    fileprivate var acceptance: WebSocketHandshake.Acceptance? {
        guard case .accept(let acceptance) = self else { return nil }
        return acceptance
    }

    fileprivate var refusal: WebSocketHandshake.Refusal? {
        guard case .refuse(let refusal) = self else { return nil }
        return refusal
    }
}

@Suite struct `A server's opening handshake` {
    @Test func `the request of RFC 6455 is accepted`() {
        #expect(
            answer().acceptance?.headers == [
                Handshake.HeaderField("Upgrade", "websocket"), Handshake.HeaderField("Connection", "Upgrade"),
                Handshake.HeaderField("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
            ]
        )
    }

    @Test(arguments: [["websocket"], ["WebSocket"], ["websocket, foo"], ["foo,\twebSocket "], ["foo", "websocket"]])
    func `Upgrade is a list in any case`(_ values: [String]) {
        #expect(answer { $0.upgrade = values }.acceptance != nil)
    }

    @Test(arguments: [["keep-alive, Upgrade"], ["UPGRADE"], ["keep-alive", "upgrade"], [" , Upgrade,"]])
    func `Connection is a list in any case`(_ values: [String]) {
        #expect(answer { $0.connection = values }.acceptance != nil)
    }

    @Test(arguments: [[], [""], ["h2c"], ["websockets"], ["web socket"], ["websocket/13"]] as [[String]])
    func `a request for something else is told to upgrade`(_ values: [String]) {
        let refusal = answer { $0.upgrade = values }.refusal
        #expect(refusal?.status == 426)
        #expect(refusal?.headers.contains(Handshake.HeaderField("Upgrade", "websocket")) == true)
    }

    @Test(arguments: [[], ["keep-alive"], ["upgraded"]] as [[String]])
    func `a Connection without Upgrade is refused`(_ values: [String]) {
        #expect(answer { $0.connection = values }.refusal?.status == 400)
    }

    @Test(arguments: [[], ["8"], ["7"], ["0"], ["14"], ["013"], ["13.0"], ["+13"], [""], ["thirteen"]] as [[String]])
    func `another version is refused with the one that is spoken`(_ values: [String]) {
        let refusal = answer { $0.version = values }.refusal
        #expect(refusal?.status == 426)
        #expect(refusal?.headers.contains(Handshake.HeaderField("Sec-WebSocket-Version", "13")) == true)
        #expect(refusal?.headers.contains(Handshake.HeaderField("Upgrade", "websocket")) == true)
    }

    @Test(arguments: [["13, 8"], ["13", "13"], ["8, 13"]]) func `a list of versions is refused`(_ values: [String]) {
        #expect(answer { $0.version = values }.refusal?.status == 400)
    }

    @Test(
        arguments: [
            [], [""], ["short"], ["dGhlIHNhbXBsZSBub25jZQ="], ["dGhlIHNhbXBsZSBub25jZQ"], ["dGhlIHNhbXBsZSBub25jZQQQ"],
            ["dGhlIHNhbXBsZSBub25j*Q=="], ["dGhlIHNhbXBsZSBub25jZ==="], ["dGhlIHNhbXBsZSBub25jZQ==dGhl"],
            ["dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ=="], ["dGhlIHNhbXBsZSBub25jé=="],
        ] as [[String]])
    func `a key that is not 16 bytes in base64 is refused`(_ values: [String]) {
        #expect(answer { $0.key = values }.refusal?.status == 400)
    }

    @Test func `white space around the key does not count`() {
        #expect(answer { $0.key = [" dGhlIHNhbXBsZSBub25jZQ==\t"] } == answer())
    }

    @Test(arguments: ["POST", "HEAD", "OPTIONS", "get", "CONNECT", ""])
    func `another method is refused with the one that is allowed`(_ method: String) {
        let refusal = answer { $0.method = method }.refusal
        #expect(refusal?.status == 405)
        #expect(refusal?.headers == [Handshake.HeaderField("Allow", "GET")])
    }

    @Test func `HTTP 1.0 is refused`() {
        #expect(answer { $0.httpMinorVersion = 0 }.refusal?.status == 400)
    }

    @Test func `a request that announces a body is refused`() {
        #expect(answer { $0.announcesBody = true }.refusal?.status == 400)
    }

    @Test func `the client's order decides among the subprotocols that the server speaks`() {
        let configuration = Handshake.Configuration(subprotocols: ["a", "b"])
        #expect(answer(configuration) { $0.protocols = ["c, b", "a"] }.acceptance?.subprotocol == "b")
        #expect(answer(configuration) { $0.protocols = ["A"] }.acceptance?.subprotocol == nil)
        #expect(answer(configuration) { $0.protocols = ["c"] }.acceptance?.subprotocol == nil)
        #expect(answer(configuration).acceptance?.subprotocol == nil)
        #expect(answer(configuration).acceptance != nil)
    }

    @Test(arguments: ["a b", "a;b", "\"a\"", "a\u{301}", "a\r\nb", "a/b"])
    func `a subprotocol that is no token is refused`(_ value: String) {
        #expect(answer { $0.protocols = [value] }.refusal?.status == 400)
    }

    @Test func `50,000 spaces in the subprotocols take linear time`() {
        let value = "a" + String(repeating: " ", count: 50_000) + "b"
        let elapsed = ContinuousClock().measure {
            #expect(answer { $0.protocols = [value] }.refusal?.status == 400)
            #expect(answer { $0.protocols = [String(repeating: "a, ", count: 20_000)] }.acceptance != nil)
        }
        #expect(elapsed < .seconds(2))
    }

    @Test(arguments: [
        "constructor", "permessage-deflate; __proto__=1", "hasOwnProperty", ";;;",
        "permessage-deflate; client_max_window_bits=7",
    ])
    func `an extension that cannot be kept is passed over`(_ value: String) {
        let configuration = Handshake.Configuration(compression: PermessageDeflate.Configuration())
        let acceptance = answer(configuration) { $0.extensions = [value] }.acceptance
        #expect(acceptance?.acceptKey == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(acceptance?.extensionResponse == nil)
        #expect(acceptance?.agreement == nil)
    }

    @Test func `compression is agreed on only where it is configured`() {
        let on = Handshake.Configuration(compression: PermessageDeflate.Configuration())
        let acceptance = answer(on) { $0.extensions = ["permessage-deflate"] }.acceptance
        let response = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
        #expect(acceptance?.headers.last == Handshake.HeaderField("Sec-WebSocket-Extensions", response))
        #expect(acceptance?.agreement != nil)
        #expect(answer { $0.extensions = ["permessage-deflate"] }.acceptance?.agreement == nil)
    }
}

@Suite struct `A client's opening handshake` {
    private static let key = "dGhlIHNhbXBsZSBub25jZQ=="
    private static let configuration = Handshake.Configuration(
        subprotocols: ["b", "a"], compression: PermessageDeflate.Configuration()
    )

    private static func response(_ change: (inout Handshake.Response) -> Void = { _ in }) -> Handshake.Response {
        var response = Handshake.Response(
            status: 101, upgrade: ["WebSocket"], connection: ["upgrade"], accept: ["s3pPLMBiTxaQ9kYGzzhZRbK+xOo="]
        )
        change(&response)
        return response
    }

    @Test func `a key is 16 random bytes in base64`() {
        var random = SeededGenerator(seed: 1)
        let keys = (0..<100).map { _ in WebSocketHandshake.makeKey(using: &random) }
        #expect(Set(keys).count == 100)
        #expect(keys.allSatisfy { key in answer { $0.key = [key] }.acceptance != nil })
        #expect(WebSocketHandshake.makeKey() != WebSocketHandshake.makeKey())
    }

    @Test func `what a client asks a server grants`() throws {
        let headers = WebSocketHandshake.requestHeaders(key: Self.key, Self.configuration)
        func values(_ name: String) -> [String] {
            headers.filter { $0.name == name }.map(\.value)
        }
        let request = WebSocketHandshake.Request(
            method: "GET", httpMinorVersion: 1, upgrade: values("Upgrade"), connection: values("Connection"),
            key: values("Sec-WebSocket-Key"), version: values("Sec-WebSocket-Version"),
            protocols: values("Sec-WebSocket-Protocol"), extensions: values("Sec-WebSocket-Extensions")
        )
        let server = Handshake.Configuration(subprotocols: ["a", "b"], compression: PermessageDeflate.Configuration())
        let acceptance = try #require(WebSocketHandshake.answer(request, server).acceptance)
        #expect(acceptance.subprotocol == "b")
        let response = Self.response {
            $0.accept = [acceptance.acceptKey]
            $0.protocols = [acceptance.subprotocol].compactMap(\.self)
            $0.extensions = [acceptance.extensionResponse].compactMap(\.self)
        }
        let outcome = try WebSocketHandshake.check(response, key: Self.key, Self.configuration)
        #expect(outcome.subprotocol == "b")
        #expect(outcome.agreement == acceptance.agreement)
        #expect(outcome.agreement != nil)
    }

    @Test(arguments: [
        ("status", response { $0.status = 200 }), ("no Upgrade", response { $0.upgrade = [] }),
        ("no Connection", response { $0.connection = ["close"] }), ("no accept", response { $0.accept = [] }),
        ("another accept", response { $0.accept = ["s3pPLMBiTxaQ9kYGzzhZRbK+xOp="] }),
        ("accept twice", response { $0.accept += $0.accept }),
        ("a subprotocol not asked for", response { $0.protocols = ["c"] }),
        ("two subprotocols", response { $0.protocols = ["a, b"] }),
        ("an extension not asked for", response { $0.extensions = ["foo"] }),
    ])
    func `a response that does not belong to the request is refused`(
        _ name: String, _ response: WebSocketHandshake.Response
    ) {
        #expect(throws: WebSocketHandshake.Failure.self, "\(name)") {
            try WebSocketHandshake.check(response, key: Self.key, Self.configuration)
        }
    }

    @Test func `an extension is refused where none was offered`() {
        let response = Self.response { $0.extensions = ["permessage-deflate"] }
        #expect(throws: WebSocketHandshake.Failure.self) {
            try WebSocketHandshake.check(response, key: Self.key, WebSocketHandshake.Configuration())
        }
    }
}
