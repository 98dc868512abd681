// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIO
import HibikiTransports
import Testing

@testable import HibikiServer

/// A server with one key for each scope, and one for a few topics.
struct KeyedServer {
    let server: RunningServer
    let secrets: [String: String]

    static func with(_ body: (KeyedServer) async throws -> Void) async throws {
        var secrets: [String: String] = [:]
        var keys: [APIKey] = []
        for (name, scopes, patterns) in [
            ("publish", "publish", []), ("read", "read", []), ("manage", "manage", []), ("metrics", "metrics", []),
            ("orders", "publish,read,manage", ["orders/**"]),
        ] {
            let made = try APIKey.make(name: name, scopes: scopes, patterns: patterns)
            secrets[name] = made.secret
            keys.append(made.key)
        }
        let configuration = ServerConfiguration.test {
            $0.authenticator = NameAuthenticator()
            $0.keys.listed = keys
        }
        try await RunningServer.with(configuration, socketIO: SocketIOServer()) { server in
            try await body(KeyedServer(server: server, secrets: secrets))
        }
    }

    func request(
        _ method: String, _ target: String, _ key: String? = nil, body: String? = nil, _ fields: String...
    ) async throws -> HTTPAnswer {
        let shown = key.map { "Authorization: Bearer \(self.secrets[$0] ?? $0)" }
        return try await self.server.request(method, target, fields + [shown].compactMap { $0 }, body: body)
    }
}

@Suite(.timeLimit(.minutes(1))) struct `The API for back ends` {
    private static let managed = [
        ("GET", "/v1/connections"), ("GET", "/v1/connections/0.1"), ("DELETE", "/v1/connections/0.99"),
        ("POST", "/v1/users/ann/disconnect"), ("DELETE", "/v1/topics/a/subscribers/ann"),
    ]

    @Test func `wants a key: none is 401, one that is not known too, and one without the scope 403`() async throws {
        try await KeyedServer.with { keyed in
            for (method, target) in Self.managed + [("GET", "/v1/topics"), ("GET", "/v1/topics/a")] {
                let nobody = try await keyed.request(method, target)
                #expect(nobody.status == 401 && nobody.code == "authentication_required", "\(method) \(target)")
                #expect(nobody["WWW-Authenticate"] == "Bearer")
                let unknown = try await keyed.request(method, target, "hk_unknown")
                #expect(unknown.status == 401 && unknown.code == "invalid_token", "\(method) \(target)")
                for key in ["publish", "metrics", "ann"] {
                    let refused = try await keyed.request(method, target, key)
                    #expect(refused.status == 403 && refused.code == "permission_denied", "\(method) \(target)")
                }
            }
            for (method, target) in Self.managed {
                #expect(try await keyed.request(method, target, "read").status == 403, "\(method) \(target)")
                #expect(try await keyed.request(method, target, "manage").status != 403, "\(method) \(target)")
            }
        }
    }

    @Test func `takes no key from an address`() async throws {
        try await KeyedServer.with { keyed in
            let secret = try #require(keyed.secrets["manage"])
            let answer = try await keyed.request("GET", "/v1/connections?access_token=\(secret)")
            #expect(answer.status == 401 && answer.code == "invalid_token")
        }
    }

    @Test func `lists topics of the key, page by page`() async throws {
        try await KeyedServer.with { keyed in
            for topic in ["orders/1", "orders/2", "orders/3", "public/a"] {
                let body = #"{"topic":"\#(topic)","payload":1}"#
                #expect(try await keyed.request("POST", "/v1/events", "publish", body: body).status == 200)
            }
            let all = try await keyed.request("GET", "/v1/topics", "read").text
            #expect(all.contains(#"{"topic":"public/a","subscribers":0,"events":1,"bytes":"#))
            let first = try await keyed.request("GET", "/v1/topics?limit=2&prefix=orders/", "orders").text
            #expect(first.contains("orders/1") && first.contains("orders/2") && !first.contains("orders/3"))
            let cursor = try #require(first.split(separator: #""cursor":""#).last?.prefix { $0 != "\"" })
            let rest = try await keyed.request("GET", "/v1/topics?limit=2&cursor=\(cursor)", "orders").text
            #expect(rest.contains("orders/3") && !rest.contains("cursor") && !rest.contains("public/a"))
            for query in ["limit=0", "limit=1001", "limit=x", "limit=1&limit=1", "cursor=!", "cursor=JA", "prefix=%"] {
                let refused = try await keyed.request("GET", "/v1/topics?\(query)", "read")
                #expect(refused.status == 400 && refused.code == "invalid_message", "\(query)")
            }
        }
    }

    @Test func `knows a topic by its encoded name, and says where there is none`() async throws {
        try await KeyedServer.with { keyed in
            let body = #"{"topic":"orders/7 + é?","payload":1}"#
            #expect(try await keyed.request("POST", "/v1/events", "orders", body: body).status == 200)
            let name = "orders%2F7%20%2B%20%C3%A9%3F"
            let answer = try await keyed.request("GET", "/v1/topics/\(name)", "orders")
            #expect(answer.text.withoutEpochs.contains(#"{"topic":"orders/7 + é?","subscribers":0,"events":1,"#))
            #expect(answer.text.withoutEpochs.hasSuffix(#""first":"E-1","last":"E-1"}"#))
            #expect(try await keyed.request("GET", "/v1/topics/nowhere", "read").code == "not_found")
            #expect(try await keyed.request("GET", "/v1/topics/nowhere", "orders").code == "permission_denied")
            #expect(try await keyed.request("GET", "/v1/topics/%24SYS", "read").code == "invalid_topic")
            for bad in ["%", "%zz", "%FF"] {
                #expect(try await keyed.request("GET", "/v1/topics/\(bad)", "read").code == "invalid_message")
            }
        }
    }

    @Test func `history and presence are for clients too, by the permissions of the wire`() async throws {
        try await KeyedServer.with { keyed in
            for payload in 1...3 {
                _ = try await keyed.server.publish(#"{"topic":"public/a","payload":\#(payload)}"#)
            }
            let history = try await keyed.request("GET", "/v1/topics/public%2Fa/history?limit=2")
            #expect(history.status == 200)
            #expect(history.text.withoutEpochs.hasSuffix(#""position":"E-2","more":true}"#))
            let position = try #require(history.text.split(separator: #""position":""#).last?.prefix { $0 != "\"" })
            let rest = try await keyed.request("GET", "/v1/topics/public%2Fa/history?since=\(position)").text
            #expect(rest.contains(#""payload":3,"#) && !rest.contains(#""payload":2,"#) && !rest.contains("more"))
            #expect(
                try await keyed.request("GET", "/v1/topics/public%2Fa/history?since=gone").text.contains(#""gap":true"#)
            )
            let presence = try await keyed.request("GET", "/v1/topics/public%2Fa/presence")
            #expect(presence.text == #"{"topic":"public/a","count":0,"clients":[]}"#)
            for kind in ["history", "presence"] {
                #expect(try await keyed.request("GET", "/v1/topics/orders%2F1/\(kind)").code == "permission_denied")
                #expect(try await keyed.request("GET", "/v1/topics/orders%2F1/\(kind)", "orders").status == 200)
                #expect(try await keyed.request("GET", "/v1/topics/public%2Fa/\(kind)", "orders").status == 403)
            }
        }
    }

    @Test func `finds, describes and ends connections`() async throws {
        try await KeyedServer.with { keyed in
            let client = try await NativeTalker(keyed.server, as: "ann")
            try await client.follow("public/a")
            let list = try await keyed.request("GET", "/v1/connections?principal=ann", "manage")
            let id = try #require(list.text.split(separator: #"{"id":""#).last?.prefix { $0 != "\"" })
            #expect(list.text.contains(#""transport":"websocket","route":"/ws","address":"127.0.0.1","clientId":""#))
            #expect(list.text.contains(#""principal":"ann","topics":["public/a"],"sockets":[],"age":"#))
            #expect(
                try await keyed.request("GET", "/v1/connections/\(id)", "manage").text.contains(#""principal":"ann""#))
            #expect(
                try await keyed.request("GET", "/v1/connections?topic=public/b", "manage").text.contains(
                    #""connections":[]"#))
            for query in ["transport=x", "client=x", "topic=$x", "cursor=x", "limit=-1"] {
                #expect(try await keyed.request("GET", "/v1/connections?\(query)", "manage").status == 400, "\(query)")
            }
            let code = try await keyed.request("DELETE", "/v1/connections/\(id)?code=3000", "manage")
            #expect(code.status == 400)
            let ended = try await keyed.request("DELETE", "/v1/connections/\(id)?code=4200&reason=a%20word", "manage")
            #expect(ended.status == 204)
            let closure = try await client.closure()
            #expect(closure.code == 4200 && closure.reason == "a word")
            try await until { try await keyed.request("GET", "/v1/connections/\(id)", "manage").status == 404 }
            #expect(try await keyed.request("DELETE", "/v1/connections/\(id)", "manage").code == "not_found")
        }
    }

    @Test func `disconnects users, and takes them out of topics`() async throws {
        try await KeyedServer.with { keyed in
            let client = try await NativeTalker(keyed.server, as: "ann%2F%C3%A9")
            try await client.follow("public/a")
            let target = "/v1/topics/public%2Fa/subscribers/ann%2F%C3%A9"
            #expect(try await keyed.request("DELETE", target, "orders").code == "permission_denied")
            let taken = try await keyed.request("DELETE", target, "manage")
            #expect(taken.text == #"{"connections":1,"sockets":0}"#)
            #expect(try await client.next() == #"{"type":"unsubscribed","topic":"public/a"}"#)
            try await client.follow("public/a")
            let one = try await keyed.request(
                "DELETE", "/v1/topics/public%2Fa/clients/\(client.clientID)", "manage")
            #expect(one.text == #"{"connections":1,"sockets":0}"#)
            #expect(try await keyed.request("DELETE", "/v1/topics/public%2Fa/clients/x", "manage").status == 400)
            let user = "/v1/users/ann%2F%C3%A9/disconnect"
            for body in [
                "{", "[]", #"{"code":"4000"}"#, #"{"code":1000}"#, #"{"code":1e99}"#, #"{"reason":5}"#, "\"\"",
            ] {
                #expect(
                    try await keyed.request("POST", user, "manage", body: body).code == "invalid_message", "\(body)")
            }
            let gone = try await keyed.request("POST", user, "manage", body: #"{"code":4100,"reason":"bye","x":1}"#)
            #expect(gone.text == #"{"connections":1,"sockets":0}"#)
            let closure = try await client.closure()
            #expect(closure.code == 4100 && closure.reason == "bye")
            #expect(try await keyed.request("POST", user, "manage").text == #"{"connections":0,"sockets":0}"#)
        }
    }

    @Test func `is a client on every transport too, with what the key allows`() async throws {
        try await KeyedServer.with { keyed in
            let client = try await NativeTalker(keyed.server)
            let secret = try #require(keyed.secrets["orders"])
            try await client.send(#"{"type":"connect","token":"\#(secret)","id":1}"#)
            #expect(try await client.next() == #"{"type":"reply","id":1,"principal":"key:orders"}"#)
            try await client.send(#"{"type":"subscribe","topic":"orders/1","id":2}"#)
            #expect(try await client.next()?.contains(#""id":2,"topic":"orders/1""#) == true)
            try await client.send(#"{"type":"subscribe","topic":"public/a","id":3}"#)
            #expect(try await client.next()?.contains(#""code":"permission_denied""#) == true)
        }
    }

    @Test func `opens the metrics to a key from anywhere, and to no other`() async throws {
        try await KeyedServer.with { keyed in
            let forwarded = "X-Forwarded-For: 192.0.2.1"
            let expected: [(String?, Int)] = [(nil, 403), ("metrics", 200), ("read", 403), ("hk_unknown", 401)]
            for (key, status) in expected {
                let answer = try await keyed.request("GET", "/metrics", key, body: nil, forwarded)
                #expect(answer.status == status)
            }
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct `A key that is taken away` {
    @Test func `counts no longer, and whoever came with it goes`() async throws {
        let made = try APIKey.make(name: "k", scopes: "read", patterns: [])
        let other = try APIKey.make(name: "other", scopes: "read", patterns: [])
        let configuration = ServerConfiguration.test { $0.keys.listed = [made.key, other.key] }
        var running: HibikiServer?
        try await RunningServer.with(configuration, prepare: { running = $0 }) { server in
            let client = try await NativeTalker(server)
            try await client.send(#"{"type":"connect","token":"\#(made.secret)","id":1}"#)
            _ = try await client.next()
            var new = configuration
            new.keys.listed = [other.key]
            await running?.reload(new)
            #expect(try await client.closure().code == 4502)
            let fields = ["Authorization: Bearer \(made.secret)"]
            #expect(try await server.request("GET", "/v1/topics", fields).status == 401)
            let kept = ["Authorization: Bearer \(other.secret)"]
            #expect(try await server.request("GET", "/v1/topics", kept).status == 200)
        }
    }
}
