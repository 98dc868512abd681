// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiClient
import HibikiMessaging
import HibikiServer
import HibikiSocketIOCodec
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Chatting in the native protocol` {
    @Test func `is commands that are answered in their order`() async throws {
        try await ChatServer.with { chat in
            let alice = try await NativeTalker(chat.server, as: "alice")
            try await alice.send(#"{"type":"chat","command":"joinRoom","payload":{"roomId":"attic"},"id":1}"#)
            let joined = try #require(try await alice.next())
            #expect(joined.hasPrefix(#"{"type":"reply","id":1,"result":{"id":"attic","kind":"public""#), "\(joined)")
            for number in 1...10 {
                let payload = #"{"roomId":"attic","content":"m\#(number)"}"#
                try await alice.send(
                    #"{"type":"chat","command":"send","payload":\#(payload),"id":\#(number)}"#)
            }
            for number in 1...10 {
                let sent = try #require(try await alice.next())
                #expect(
                    sent.hasPrefix(#"{"type":"reply","id":\#(number),"result":{"id":"attic-\#(number)","#), "\(sent)")
            }
        }
    }

    @Test(arguments: [
        (#"{"type":"chat","command":"fly","payload":{},"id":1}"#, "unknown_type"),
        (#"{"type":"chat","command":"send","payload":[],"id":1}"#, "invalid_message"),
        (#"{"type":"chat","command":"send","id":1}"#, "invalid_message"),
        (#"{"type":"chat","payload":{},"id":1}"#, "invalid_message"),
        (#"{"type":"chat","command":"room","payload":{"roomId":"none"},"id":1}"#, "not_found"),
    ]) func `is refused where it makes no sense`(_ text: String, _ code: String) async throws {
        try await ChatServer.with { chat in
            let alice = try await NativeTalker(chat.server, as: "alice")
            try await alice.send(text)
            let answer = try #require(try await alice.next())
            #expect(answer.contains(#""code":"\#(code)""#), "\(answer)")
        }
    }

    @Test func `is not there on a server without a chat`() async throws {
        try await ChatServer.with {
            $0.chat.isOn = false
        } _: { chat in
            let alice = try await NativeTalker(chat.server, as: "alice")
            try await alice.send(#"{"type":"chat","command":"rooms","payload":{},"id":1}"#)
            #expect(try await alice.next()?.contains("unknown_type") == true)
            #expect(try await chat.ask("GET", "/v1/rooms", as: "alice").status == 404)
        }
    }

    @Test func `tells those who share a room when somebody comes and goes`() async throws {
        try await ChatServer.with {
            $0.chat.presence.linger = .milliseconds(50)
            $0.chat.presence.window = .milliseconds(50)
        } _: { chat in
            let body = #"{"roomId":"attic","kind":"group","members":["bob"]}"#
            try await chat.ask("POST", "/v1/rooms", as: "alice", body)
            let alice = try await NativeTalker(chat.server, as: "alice")
            try await alice.follow("users/alice")
            let mallory = try await NativeTalker(chat.server, as: "mallory")
            try await mallory.follow("users/mallory")
            let bob = try await NativeTalker(chat.server, as: "bob")
            let came = try #require(try await alice.next())
            #expect(came.contains(#""event":"presence","payload":{"userId":"bob","status":"online"}"#), "\(came)")
            #expect(!came.contains("position"))
            try await bob.socket.close()
            let went = try #require(try await alice.next())
            #expect(went.contains(#""payload":{"userId":"bob","status":"offline","lastSeen":"#), "\(went)")
            try await mallory.send(#"{"type":"ping","id":1}"#)
            #expect(try await mallory.next() == #"{"type":"reply","id":1}"#)
        }
    }

    @Test func `tells the contacts of a person, who share no room, and not those who have that one as a contact`()
        async throws
    {
        try await ChatServer.with {
            $0.chat.presence.linger = .milliseconds(50)
            $0.chat.presence.window = .milliseconds(50)
        } _: { chat in
            #expect(try await chat.ask("PUT", "/v1/contacts/bob", as: "mallory").text == "{}")
            let alice = try await NativeTalker(chat.server, as: "alice")
            try await alice.follow("users/alice")
            let mallory = try await NativeTalker(chat.server, as: "mallory")
            try await mallory.follow("users/mallory")
            let bob = try await NativeTalker(chat.server, as: "bob")
            try await bob.send(#"{"type":"chat","command":"addContact","payload":{"userId":"alice"},"id":1}"#)
            #expect(try await bob.next() == #"{"type":"reply","id":1,"result":{}}"#)
            try await bob.send(#"{"type":"chat","command":"contacts","payload":{},"id":2}"#)
            #expect(try await bob.next()?.contains(#""contacts":[{"userId":"alice","addedAt":"#) == true)
            try await bob.send(#"{"type":"chat","command":"presence","payload":{"status":"away"},"id":3}"#)
            var told = try #require(try await alice.next())
            while !told.contains("away") { told = try #require(try await alice.next()) }
            #expect(told.contains(#""event":"presence","payload":{"userId":"bob","status":"away"}"#), "\(told)")
            for (person, count) in [("alice", 1), ("mallory", 0)] {
                let asked = try await chat.ask("POST", "/v1/presence", as: person, #"{"userIds":["bob"]}"#)
                #expect(asked.json["people"].array?.count == count, "\(asked.text)")
            }
            #expect(try await chat.ask("DELETE", "/v1/contacts/alice", as: "bob").status == 200)
            let asked = try await chat.ask("POST", "/v1/presence", as: "alice", #"{"userIds":["bob"]}"#)
            #expect(asked.json["people"].array?.count == 0)
            try await mallory.send(#"{"type":"ping","id":1}"#)
            #expect(try await mallory.next() == #"{"type":"reply","id":1}"#)
            try await bob.socket.close()
        }
    }

    @Test func `tells a room nothing of somebody who was only invited`() async throws {
        try await ChatServer.with {
            $0.chat.presence.linger = .milliseconds(50)
            $0.chat.presence.window = .milliseconds(50)
        } _: { chat in
            let shared = #"{"roomId":"attic","kind":"group","members":["bob"]}"#
            try await chat.ask("POST", "/v1/rooms", as: "alice", shared)
            try await chat.ask("POST", "/v1/rooms", as: "alice", #"{"roomId":"hall","kind":"public"}"#)
            try await chat.ask("POST", "/v1/rooms/hall/invites", as: "alice", #"{"userId":"bob"}"#)
            let alice = try await NativeTalker(chat.server, as: "alice")
            try await alice.follow("rooms/hall")
            try await alice.follow("users/alice")
            let bob = try await NativeTalker(chat.server, as: "bob")
            // That alice has come herself may still be told to the hall.
            var came = try #require(try await alice.next())
            while came.contains(#""userId":"alice""#) { came = try #require(try await alice.next()) }
            #expect(came.contains(#""topic":"users/alice","event":"presence""#), "\(came)")
            let members = try await chat.ask("GET", "/v1/rooms/hall/members", as: "alice").json["members"]
            #expect(members.array?.map { $0["userId"].string } == ["alice", "bob"])
            #expect(members[0]["status"].string == "online")
            #expect(members[1]["status"].string == nil, "\(members)")
            try await bob.socket.close()
            // What a room is told comes right behind what a person is told of the same change.
            let next = try #require(try await alice.next())
            #expect(next.contains(#""topic":"users/alice","event":"presence""#), "\(next)")
            #expect(next.contains(#""status":"offline""#), "\(next)")
        }
    }

    @Test func `tells those of a large group who are there, however many stand before them`() async throws {
        try await ChatServer.with {
            $0.chat.limits.invited = 2_000
        } _: { chat in
            let absent = (1_000...2_200).map { #""a\#($0)""# }.joined(separator: ",")
            let made = try await chat.ask(
                "POST", "/v1/rooms", as: "owner", #"{"roomId":"crowd","members":[\#(absent),"alice","zoe"]}"#)
            #expect(made.status == 201, "\(made.text)")
            let zoe = try await NativeTalker(chat.server, as: "zoe")
            try await zoe.follow("users/zoe")
            let alice = try await NativeTalker(chat.server, as: "alice")
            // The owner, who was there for a moment, may be told of before.
            var told = try #require(try await zoe.next())
            while told.contains(#""userId":"owner""#) { told = try #require(try await zoe.next()) }
            #expect(told.contains(#""payload":{"userId":"alice","status":"online"}"#), "\(told)")
            let asked = try await chat.ask("POST", "/v1/presence", as: "alice", #"{"userIds":["zoe","eve"]}"#)
            #expect(asked.text == #"{"people":[{"userId":"zoe","status":"online"}]}"#)
            try await alice.socket.close()
        }
    }
}
