// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiServer
import HibikiSocketIOCodec
import Testing

@Suite(.timeLimit(.minutes(1))) struct `The topics of the chat` {
    private static let message = #"{"topic":"rooms/attic","event":"message","payload":{"content":"forged"}}"#

    @Test func `are published to by nobody else, whatever a rule says`() async throws {
        let rule = try PermissionRule("anyone all **")
        try await ChatServer.with {
            $0.permissions = [rule]
        } _: { chat in
            try await chat.join("attic", "alice")
            for topic in ["rooms/attic", "users/alice"] {
                let body = #"{"topic":"\#(topic)","event":"x","payload":1}"#
                #expect(try await chat.ask("POST", "/v1/events", as: "alice", body).code == "permission_denied")
            }
            let native = try await NativeTalker(chat.server, as: "alice")
            try await native.send(#"{"type":"publish","id":1,"# + Self.message.dropFirst())
            #expect(try await native.next()?.contains("permission_denied") == true)
            let socket = try await SocketTalker(chat.server, "/v1", token: "alice")
            try await socket.send(#"42/v1,1["publish","rooms/attic","message",{"content":"forged"}]"#)
            try await socket.expect(#"43/v1,1[{"error":{"message":"you may not publish to rooms/attic"#)
            #expect(
                try await chat.ask("POST", "/v1/events", as: "alice", #"{"topic":"rooms","payload":1}"#).status == 200)
        }
    }

    @Test func `are for members, and one's own for oneself, on every transport`() async throws {
        let rule = try PermissionRule("anyone all **")
        try await ChatServer.with {
            $0.permissions = [rule]
        } _: { chat in
            try await chat.join("attic", "alice")
            for (topic, name, status) in [
                ("rooms/attic", "alice", 200), ("rooms/attic", "mallory", 403), ("rooms/attic", nil, 403),
                ("rooms/none", "alice", 403), ("rooms/no room", "alice", 403), ("users/alice", "alice", 200),
                ("users/alice", "mallory", 403), ("users/alic", "alice", 403),
            ] as [(String, String?, Int)] {
                let topic = topic.replacing(" ", with: "%20")
                #expect(try await chat.ask("GET", "/v1/events?topic=\(topic)", as: name).status == status, "\(topic)")
                let path = "/v1/topics/\(topic.replacing("/", with: "%2F"))"
                #expect(try await chat.ask("GET", "\(path)/history", as: name).status == status, "\(topic)")
                #expect(try await chat.ask("GET", "\(path)/presence", as: name).status == status, "\(topic)")
            }
            let mallory = try await SocketTalker(chat.server, "/v1", token: "mallory")
            try await mallory.send(#"42/v1,1["subscribe","rooms/attic"]"#)
            try await mallory.expect(#"43/v1,1[{"error":{"message":"you may not read rooms/attic"#)
            let native = try await NativeTalker(chat.server, as: "mallory")
            try await native.send(#"{"type":"subscribe","topic":"rooms/attic","id":1}"#)
            #expect(try await native.next()?.contains("permission_denied") == true)
        }
    }

    @Test func `leave those below them to the rules, and one person's is not below another's`() async throws {
        let rule = try PermissionRule("users all users/{id}/**")
        try await ChatServer.with {
            $0.permissions = [rule]
        } _: { chat in
            for (topic, name, status) in [
                ("users/alice/inbox", "alice", 200), ("users/alice/inbox", "bob", 403),
                ("users/alice/inbox", "alice/inbox", 403), ("users/alice%252Finbox", "alice/inbox", 200),
                ("users/alice%252Finbox", "alice", 403),
            ] {
                let answer = try await chat.ask("GET", "/v1/events?topic=\(topic)", as: name)
                #expect(answer.status == status, "\(topic)")
            }
        }
    }

    @Test func `carry what happens to whoever listens, in the order in which it was stored`() async throws {
        try await ChatServer.with {
            // Told some moments after somebody comes: between any two of the others.
            $0.chat.presenceMembers = 0
        } _: { chat in
            try await chat.join("attic", "alice", "bob")
            let native = try await NativeTalker(chat.server, as: "bob")
            try await native.follow("rooms/attic")
            let socket = try await SocketTalker(chat.server, "/v1", token: "bob")
            try await socket.send(#"42/v1,1["subscribe","rooms/attic"]"#)
            try await socket.expect("43/v1,1[{")
            for number in 1...20 { try await chat.say("m\(number)", in: "attic", as: "alice") }
            for number in 1...20 {
                let text = try #require(try await native.next())
                #expect(text.contains(#""id":"attic-\#(number)","sequence":\#(number)"#), "\(text)")
                try await socket.expect(#"42/v1,["message",{"id":"attic-\#(number)""#)
            }
            let poll = try await chat.ask("GET", "/v1/events?topic=rooms/attic&since=earliest", as: "bob")
            #expect(poll.json["events"].array?.count { $0["event"].string == "message" } == 20)
        }
    }

    @Test(arguments: ["kick", "ban", "leave"])
    func `are silent for somebody who was taken out, on every transport`(_ way: String) async throws {
        try await ChatServer.with {
            // Told some moments after somebody comes: between any two of the others.
            $0.chat.presenceMembers = 0
        } _: { chat in
            try await chat.ask("POST", "/v1/rooms", as: "alice", #"{"roomId":"attic","kind":"public"}"#)
            try await chat.join("attic", "bob")
            let native = try await NativeTalker(chat.server, as: "bob")
            try await native.follow("rooms/attic")
            let socket = try await SocketTalker(chat.server, "/v1", token: "bob")
            try await socket.send(#"42/v1,1["subscribe","rooms/attic"]"#)
            try await socket.expect("43/v1,1[{")
            let chatter = try await SocketTalker(chat.server, "/chat", token: "bob")
            try await chatter.send(#"42/chat,1["joinRoom","attic"]"#)
            try await chatter.expect(#"42/chat,["roomInfo""#)
            try await chatter.expect("43/chat,1[{\"status\":\"ok\"")
            async let stream = chat.ask(
                "GET", "/v1/events?topic=rooms/attic", as: "bob", nil, "Accept: text/event-stream")
            async let poll = chat.ask("GET", "/v1/events?topic=rooms/attic&since=latest&wait=25", as: "bob")
            try await until {
                let presence = try await chat.ask("GET", "/v1/topics/rooms%2Fattic/presence", as: "bob")
                return presence.json["count"].integer == 5
            }
            switch way {
            case "kick": try await chat.ask("DELETE", "/v1/rooms/attic/members/bob", as: "alice")
            case "ban": try await chat.ask("PUT", "/v1/rooms/attic/bans/bob", as: "alice", "{}")
            default: try await chat.ask("POST", "/v1/rooms/attic/leave", as: "bob")
            }
            #expect(try await chat.say("secret", in: "attic", as: "alice") != nil)
            #expect(try await chat.ask("GET", "/v1/events?topic=rooms/attic", as: "bob").status == 403)
            // The stream ends, because it follows nothing else; and the poll is answered.
            let streamed = try await stream.text
            #expect(!streamed.contains("secret"))
            let answered = try await poll
            #expect(answered.status == 204 || !answered.text.contains("secret"), "\(answered.text)")
            // One's own going is the last that one hears of the room.
            #expect(try await native.next()?.contains(#""event":"userLeft""#) == true)
            #expect(try await native.next() == #"{"type":"unsubscribed","topic":"rooms/attic"}"#)
            try await native.send(#"{"type":"ping","id":9}"#)
            #expect(try await native.next() == #"{"type":"reply","id":9}"#)
            try await socket.expect(#"42/v1,["userLeft""#)
            try await socket.expect(#"42/v1,["unsubscribed",{"topic":"rooms/attic"}]"#)
            try await socket.send(#"42/v1,2["subscribe","rooms/attic"]"#)
            try await socket.expect(#"43/v1,2[{"error""#)
            // What a person is told has a topic of its own, and no order with the room's.
            var heard: Set<String> = []
            for _ in 0..<3 { heard.insert(String(try await chatter.text().prefix { $0 != "{" })) }
            #expect(heard == [#"42/chat,["userLeft","#, #"42/chat,["unsubscribed","#, #"42/chat,["roomLeft","#])
        }
    }
}
