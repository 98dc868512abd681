// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOHPACK
import Testing

@testable import HibikiTransports

@Suite struct `The head of a request over HTTP/2` {
    private static let usual = [":method": "GET", ":path": "/a?b=c", ":scheme": "https", ":authority": "example.com"]

    private func head(_ changes: [String: String?] = [:], _ fields: [(String, String)] = []) throws -> RequestHead {
        let pseudo = Self.usual.merging(changes.compactMapValues { $0 }) { $1 }.filter { changes[$0.key] != .some(nil) }
        return try RequestHead(HPACKHeaders(pseudo.map { ($0.key, $0.value) } + fields), maximumFields: 10)
    }

    private func status(_ changes: [String: String?], _ fields: [(String, String)] = []) throws -> Int? {
        do {
            _ = try self.head(changes, fields)
            return nil
        } catch let refusal as RequestRefusal {
            return refusal.status
        }
    }

    @Test func `is one like any other`() throws {
        let head = try self.head([:], [("accept", "text/event-stream"), ("x-a", "1"), ("x-a", "2")])
        #expect(head.method == "GET")
        #expect(head.path == "/a")
        #expect(head.query == "b=c")
        #expect(head.host == "example.com")
        #expect(head.list("accept", contains: "text/event-stream"))
        #expect(head.values("x-a") == ["1", "2"])
        #expect(!head.has(":path"))
    }

    @Test func `has its cookies in one field`() throws {
        #expect(try self.head([:], [("cookie", "a=1"), ("cookie", "b=2")]).values("cookie") == ["a=1; b=2"])
    }

    @Test func `names one host`() throws {
        #expect(try self.head([":authority": nil], [("host", "a")]).host == "a")
        #expect(try self.head([:], [("host", "example.com")]).host == "example.com")
        #expect(try self.status([:], [("host", "evil")]) == 400)
        #expect(try self.status([":authority": nil]) == 400)
        #expect(try self.status([":authority": "a b"]) == 400)
        #expect(try self.status([":authority": ""]) == 400)
    }

    @Test(arguments: [
        "", "a", "http://a/", "/ HTTP/1.1\r\nX: y", "/\r", "/\n", "/\0", "/\u{7F}", "/é", "/a b", "*a",
    ])
    func `has a path that could stand in a line`(_ path: String) throws {
        #expect(try self.status([":path": path]) == 400)
    }

    @Test(arguments: ["", "G T", "GET\r\n", "é"]) func `has a method that could stand in a line`(
        _ method: String
    ) throws {
        #expect(try self.status([":method": method]) == 400)
    }

    @Test(arguments: [
        ("x", "a\r\nb: c"), ("x", "a\nb"), ("x", "\0"), ("x y", "a"), ("x:", "a"), ("", "a"), ("x\r\ny", "a"),
    ])
    func `has fields that could stand in lines`(_ name: String, _ value: String) throws {
        #expect(try self.status([:], [(name, value)]) == 400)
    }

    @Test func `has a bound`() throws {
        func fields(_ count: Int) -> [(String, String)] { (0..<count).map { ("x-\($0)", "") } }
        #expect(try self.head([:], fields(10)).allFields.count == 10)
        #expect(try self.status([:], fields(12)) == 431)
    }

    @Test func `opens a WebSocket, and no other tunnel`() throws {
        let connect: [String: String?] = [":method": "CONNECT", ":protocol": "websocket"]
        let head = try self.head(connect, [("sec-websocket-version", "13"), ("sec-websocket-key", "mine")])
        #expect(head.method == "GET")
        #expect(head.list("upgrade", contains: "websocket"))
        #expect(head.list("connection", contains: "upgrade"))
        #expect(head.values("sec-websocket-key").count == 1)
        #expect(head.first("sec-websocket-key") != "mine")
        #expect(try self.status([":method": "CONNECT"]) == 501)
        #expect(try self.status([":method": "CONNECT", ":protocol": "connect-udp"]) == 501)
    }
}
