// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWebSocketCodec
import NIOCore
import Testing

@testable import HibikiTransports

@Suite(.timeLimit(.minutes(1))) struct `The front door` {
    private func responses(_ client: RawClient, _ count: Int) async throws -> [HTTPText] {
        let bytes = try await client.take { bytes in
            let text = String(buffer: bytes)
            let found = HTTPText.responses(in: text)
            let isWhole = found.allSatisfy {
                $0["Content-Length"].map { Int($0) } == Optional($0.body.utf8.count) || $0["Content-Length"] == nil
            }
            return found.count >= count && isWhole ? bytes.readableBytes : nil
        }
        return HTTPText.responses(in: String(buffer: bytes))
    }

    @Test func `keeps the order of pipelined requests, whoever answers them`() async throws {
        try await RealServer.with { server in
            let client = try await server.connect()
            let requests = (1...20).map { number in
                number.isMultiple(of: 3)
                    ? "GET /v1/events?topic=public/\(number) HTTP/1.1\r\nHost: a\r\n\r\n"
                    : "POST /\(number) HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n\(number + 10)"
            }
            try await client.send(requests.joined())
            let answers = try await self.responses(client, 20)
            for (index, answer) in answers.enumerated() {
                let number = index + 1
                let expected = number.isMultiple(of: 3) ? #"{"events":[],"# : "POST /\(number) \(number + 10)"
                #expect(answer.body.hasPrefix(expected))
            }
        }
    }

    @Test func `reads bodies in chunks and in pieces`() async throws {
        try await RealServer.with { server in
            let client = try await server.connect()
            let request =
                "PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;e\r\nde\r\n0\r\n\r\n"
            for byte in request.utf8 { try await client.send(ByteBuffer(bytes: [byte])) }
            #expect(try await self.responses(client, 1).first?.body == "PUT /x abcde")
        }
    }

    @Test func `answers 500 for a service that does not, and cuts one that stops half way`() async throws {
        try await RealServer.with { server in
            let client = try await server.connect()
            try await client.send("GET /silence HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try #require(try await self.responses(client, 1).first)
            #expect(answer.status == 500)
            #expect(answer.body.contains("internal_error"))
            try await client.send("GET /broken HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(String(buffer: try await client.rest()).hasSuffix("\r\n\r\nhalf"))
        }
    }

    @Test func `sends parts as chunks, or to the end of the connection for HTTP 1_0`() async throws {
        try await RealServer.with { server in
            let client = try await server.connect()
            try await client.send("GET /parts HTTP/1.1\r\nHost: a\r\n\r\n")
            let text = try await client.text(through: "0\r\n\r\n")
            #expect(HTTPText.responses(in: text).first?.unchunked == "one two")
            let old = try await server.connect()
            try await old.send("GET /parts HTTP/1.0\r\n\r\n")
            #expect(String(buffer: try await old.rest()).hasSuffix("\r\n\r\none two"))
        }
    }

    @Test func `tells one connection too many when to come back`() async throws {
        var configuration = TransportConfiguration()
        configuration.connectionsPerAddress = 2
        try await RealServer.with(configuration) { server in
            let kept = [try await server.connect(), try await server.connect()]
            try await until { server.door.connectionCount == 2 }
            let refused = String(buffer: try await server.connect().rest())
            let answer = try #require(HTTPText.responses(in: refused).first)
            #expect(answer.status == 503)
            #expect(answer["Retry-After"] == "5")
            #expect(answer.body.contains("overloaded"))
            #expect(answer.body.contains(#""retry":true"#))
            try await kept[0].close()
            try await until { server.door.connectionCount == 1 }
            let next = try await server.connect()
            try await next.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await self.responses(next, 1).first?.status == 200)
        }
    }

    @Test func `ends a connection that says nothing, or only half of a head or a body`() async throws {
        var configuration = TransportConfiguration()
        configuration.http.headTimeout = .milliseconds(700)
        try await RealServer.with(configuration) { server in
            let silent = try await server.connect()
            #expect(try await silent.rest().readableBytes == 0)
            for half in ["GET / HTTP/1.1\r\nHo", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf"] {
                let client = try await server.connect()
                try await client.send(half)
                let answer = try #require(HTTPText.responses(in: String(buffer: try await client.rest())).first)
                #expect(answer.status == 408)
                #expect(answer["Connection"] == "close")
            }
        }
    }

    @Test func `ends a connection that is idle between requests without a word`() async throws {
        var configuration = TransportConfiguration()
        configuration.http.idleTimeout = .milliseconds(100)
        try await RealServer.with(configuration) { server in
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            let answers = HTTPText.responses(in: String(buffer: try await client.rest()))
            #expect(answers.map(\.status) == [200])
        }
    }

    @Test func `forgets connections that go in the middle of a request`() async throws {
        try await RealServer.with { server in
            for _ in 0..<10 {
                let client = try await server.connect()
                try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf")
                try await client.close()
            }
            try await until { server.door.connectionCount == 0 }
        }
    }

    @Test func `echoes on every path when that is all it does`() async throws {
        try await RealServer.with(endpoints: .echo) { server in
            let socket = try await RealSocket(server)
            try await socket.send("hello")
            #expect(try await socket.event() == .text(ByteBuffer(string: "hello")))
        }
    }
}
