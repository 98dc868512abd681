// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiClient
import HibikiMessaging
import HibikiServer
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
}
