// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiClient
import HibikiServer
import HibikiSocketIOCodec
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Chatting over HTTP` {
    @Test func `begins with a room, and goes on with messages`() async throws {
        try await ChatServer.with { chat in
            let made = try await chat.ask(
                "POST", "/v1/rooms", as: "alice",
                #"{"roomId":"attic","kind":"group","name":"The attic","members":["bob"]}"#)
            #expect(made.status == 201, "\(made.text)")
            #expect(made.json["name"].string == "The attic")
            for number in 1...3 {
                #expect(try await chat.say("m\(number)", in: "attic", as: "bob") == Int64(number))
            }
            let page = try await chat.ask("GET", "/v1/rooms/attic/messages?anchor=2&before=1&after=0", as: "alice").json
            #expect(page["messages"].array?.map { $0["content"].string } == ["m1", "m2"])
            #expect(page["foundOldest"].bool == true)
            #expect(page["foundNewest"].bool == false)
            #expect(page["foundAnchor"].bool == true)
            let edited = try await chat.ask(
                "PATCH", "/v1/rooms/attic/messages/1", as: "bob", #"{"content":"better"}"#)
            #expect(edited.status == 200, "\(edited.text)")
            #expect(
                try await chat.ask("GET", "/v1/rooms/attic/messages/1", as: "alice").json["content"].string == "better")
            #expect(try await chat.ask("DELETE", "/v1/rooms/attic/messages/2", as: "bob").status == 200)
            #expect(
                try await chat.ask("PUT", "/v1/rooms/attic/messages/3/reactions/%F0%9F%91%8D", as: "alice").status
                    == 200)
            #expect(try await chat.ask("PUT", "/v1/rooms/attic/messages/3/pin", as: "alice").status == 200)
            #expect(
                try await chat.ask("PUT", "/v1/rooms/attic/read", as: "alice", #"{"messageId":"attic-2"}"#).status
                    == 200)
            let rooms = try await chat.ask("GET", "/v1/rooms", as: "alice").json["rooms"]
            #expect(rooms[0]["unread"].integer == 1, "\(rooms)")
            let events = try await chat.ask("GET", "/v1/rooms/attic/events?since=0", as: "alice").json
            let revisions = events["events"].array?.compactMap { $0["revision"].integer } ?? []
            #expect(revisions == Array(1...Int64(revisions.count)))
            #expect(events["events"].array?.contains { $0["event"].string == "reaction" } == true)
            let found = try await chat.ask("GET", "/v1/search?q=better", as: "alice").json
            #expect(found["messages"][0]["id"].string == "attic-1", "\(found)")
        }
    }

    @Test func `stores a message once that is sent again with its key`() async throws {
        try await ChatServer.with { chat in
            try await chat.join("attic", "alice")
            let path = "/v1/rooms/attic/messages"
            let first = try await chat.ask("POST", path, as: "alice", #"{"content":"x"}"#, "Idempotency-Key: k1")
            #expect(first.status == 201)
            #expect(first.json["clientId"].string == "k1")
            for body in [
                #"{"content":"x"}"#, #"{"content":"x","clientId":"k1"}"#, #"{"content":"x","clientId":null}"#,
            ] {
                let again = try await chat.ask("POST", path, as: "alice", body, "Idempotency-Key: \"k1\"")
                #expect(again.json["id"].string == "attic-1", "\(again.text)")
                #expect(again.json["duplicate"].bool == true)
            }
            let long = "Idempotency-Key: " + String(repeating: "k", count: 129)
            let refused = try await chat.ask("POST", path, as: "alice", #"{"content":"x","clientId":"k1"}"#, long)
            #expect(refused.code == "invalid_message")
            #expect(try await chat.say("y", in: "attic", as: "alice") == 2)
        }
    }

    @Test func `is for those who are somebody, and for keys that may manage`() async throws {
        let (publisher, one) = try APIKey.make(name: "publisher", scopes: "publish", patterns: [])
        let (manager, two) = try APIKey.make(name: "manager", scopes: "manage", patterns: [])
        try await ChatServer.with {
            $0.keys.listed = [one, two]
        } _: { chat in
            try await chat.join("attic", "alice", "bob")
            try await chat.say("one", in: "attic", as: "bob")
            #expect(try await chat.ask("GET", "/v1/rooms", as: nil).code == "authentication_required")
            #expect(try await chat.ask("GET", "/v1/rooms/attic", as: publisher).code == "permission_denied")
            #expect(try await chat.ask("GET", "/v1/rooms/attic", as: manager).status == 200)
            #expect(try await chat.ask("DELETE", "/v1/users/bob/chat", as: "alice").code == "permission_denied")
            let erased = try await chat.ask("DELETE", "/v1/users/bob/chat", as: manager)
            #expect(erased.status == 200, "\(erased.text)")
            let page = try await chat.ask("GET", "/v1/rooms/attic/messages", as: "alice")
            #expect(!page.text.contains("\"bob\""), "\(page.text)")
        }
    }

    @Test func `gives a whole room as JSON lines`() async throws {
        try await ChatServer.with {
            $0.chat.limits.history = 10
        } _: { chat in
            try await chat.ask("POST", "/v1/rooms", as: "alice", #"{"roomId":"attic","kind":"public"}"#)
            for number in 1...35 { try await chat.say("m\(number)", in: "attic", as: "alice") }
            let export = try await chat.ask("GET", "/v1/rooms/attic/export", as: "alice")
            #expect(export.status == 200)
            #expect(export["content-type"] == "application/x-ndjson")
            let lines = export.lines
            #expect(lines.count == 36)
            #expect(lines.dropFirst().enumerated().allSatisfy { $1.contains(#""sequence":\#($0 + 1),"#) })
            try await chat.join("attic", "bob")
            #expect(try await chat.ask("GET", "/v1/rooms/attic/export", as: "bob").code == "permission_denied")
            #expect(try await chat.ask("GET", "/v1/rooms/none/export", as: "alice").status == 404)
        }
    }

    @Test func `settles a report over HTTP, and tells the moderators`() async throws {
        try await ChatServer.with { chat in
            try await chat.join("attic", "alice", "bob")
            try await chat.say("hello", in: "attic", as: "alice")
            let path = "/v1/rooms/attic/reports"
            try await chat.ask("POST", "/v1/rooms/attic/messages/1/report", as: "bob", #"{"reason":"rude"}"#)
            let refused = try await chat.ask("PATCH", "\(path)/1", as: "bob", #"{"outcome":"acted"}"#)
            #expect(refused.code == "permission_denied")
            let native = try await NativeTalker(chat.server, as: "alice")
            try await native.send(#"{"type":"subscribe","topic":"users/alice","since":"earliest","id":1}"#)
            var told = try #require(try await native.next())
            while !told.contains(#""event":"reported""#) { told = try #require(try await native.next()) }
            let settled = try await chat.ask("PATCH", "\(path)/1", as: "alice", #"{"outcome":"acted","note":"spoke"}"#)
            #expect(settled.json["settledBy"].string == "alice", "\(settled.text)")
            while !told.contains(#""event":"reportSettled""#) { told = try #require(try await native.next()) }
            #expect(told.contains(#""outcome":"acted","note":"spoke","settledBy":"alice""#), "\(told)")
            for (state, count) in [("open", 0), ("settled", 1)] {
                let listed = try await chat.ask("GET", "\(path)?state=\(state)", as: "alice")
                #expect(listed.json["reports"].array?.count == count, "\(listed.text)")
            }
            #expect(try await chat.ask("GET", "\(path)?state=x", as: "alice").code == "invalid_message")
            #expect(try await chat.ask("PATCH", "\(path)/0", as: "alice", #"{"outcome":"acted"}"#).status == 400)
            #expect(try await chat.ask("PATCH", "\(path)/2", as: "alice", #"{"outcome":"acted"}"#).status == 404)
            try await native.socket.close()
        }
    }

    @Test func `shows who of a room is there`() async throws {
        try await ChatServer.with { chat in
            try await chat.join("attic", "alice", "bob")
            let native = try await NativeTalker(chat.server, as: "bob")
            let members = try await chat.ask("GET", "/v1/rooms/attic/members", as: "alice").json["members"]
            #expect(members.array?.map { $0["status"].string } == ["online", "online"], "\(members)")
            try await native.socket.close()
            let away = try await chat.ask("POST", "/v1/presence", as: "alice", #"{"status":"away"}"#)
            #expect(away.text == #"{"userId":"alice","status":"away"}"#)
            let bad = try await chat.ask("POST", "/v1/presence", as: "alice", #"{"status":"offline"}"#)
            #expect(bad.code == "invalid_message")
        }
    }

    @Test(arguments: [
        ("POST", "/v1/rooms/attic/messages", "[]", 400), ("POST", "/v1/rooms/attic/messages", "{\"content\":1}", 400),
        ("POST", "/v1/rooms/attic/messages", "{\"content\":\"a\",\"content\":\"b\"}", 400),
        ("GET", "/v1/rooms/attic/messages?before=-1", "", 400), ("GET", "/v1/rooms/attic/messages/x", "", 400),
        ("GET", "/v1/rooms/no%20room", "", 400), ("GET", "/v1/rooms/none", "", 404),
        ("GET", "/v1/rooms/attic/messages/99", "", 404), ("PATCH", "/v1/rooms", "{}", 405),
        ("GET", "/v1/rooms?kind=secret", "", 400), ("PUT", "/v1/rooms/attic/messages/1/reactions/%07", "", 400),
    ]) func `refuses what makes no sense`(_ method: String, _ path: String, _ body: String, _ status: Int) async throws
    {
        try await ChatServer.with { chat in
            try await chat.join("attic", "alice")
            try await chat.say("one", in: "attic", as: "alice")
            let answer = try await chat.ask(method, path, as: "alice", body.isEmpty ? nil : body)
            #expect(answer.status == status, "\(answer.text)")
            #expect(answer.code != nil, "\(answer.text)")
        }
    }
}

extension HTTPAnswer {
    /// The lines of a body that may be chunked.
    fileprivate var lines: [Substring] {
        self.text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("{") }
    }
}
