// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import Testing

@testable import HibikiServer

@Suite(.timeLimit(.minutes(1))) struct `Chatting over Socket.IO` {
    private static func joined(
        _ chat: ChatServer, _ name: String, _ namespace: String = "/chat"
    ) async throws -> SocketTalker {
        let socket = try await SocketTalker(chat.server, namespace, token: name)
        try await socket.send(#"42\#(namespace == "/" ? "" : namespace + ",")1["joinRoom","general"]"#)
        return socket
    }

    @Test func `takes the names of rooms as texts and as objects`() async throws {
        try await ChatServer.with { chat in
            let socket = try await SocketTalker(chat.server, "/chat", token: "alice")
            for (number, argument) in [#""one""#, #"{"room":"two"}"#, #"{"roomId":"three"}"#].enumerated() {
                try await socket.send(#"42/chat,\#(number)["joinRoom",\#(argument)]"#)
                try await socket.hears(#"42/chat,["roomJoined""#)
                try await socket.hears(#"42/chat,["roomInfo""#)
                try await socket.hears(
                    #"43/chat,\#(number)[{"status":"ok","id":"\#(["one", "two", "three"][number])""#)
            }
            try await socket.send(#"42/chat,7["leaveRoom","two"]"#)
            try await socket.hears(#"42/chat,["unsubscribed",{"topic":"rooms/two"}]"#)
            try await socket.hears(#"43/chat,7[{"status":"ok""#)
        }
    }

    @Test func `tells a message with the names of the guide, to its sender too, and answers with it`() async throws {
        try await ChatServer.with { chat in
            let alice = try await Self.joined(chat, "alice")
            for start in [#"["roomJoined""#, #"["roomInfo""#] { try await alice.hears("42/chat," + start) }
            try await alice.hears("43/chat,1[")
            let bob = try await Self.joined(chat, "bob")
            for start in [#"["roomJoined""#, #"["roomInfo",{"room":"general","roomId":"general","members":2}]"#] {
                try await bob.hears("42/chat," + start)
            }
            try await bob.hears("43/chat,1[")
            try await alice.hears(#"42/chat,["userJoined",{"roomId":"general","room":"general""#)
            try await alice.hears(#"42/chat,["roomInfo",{"roomId":"general","room":"general","members":2}]"#)
            try await bob.send(#"42/chat,2["message",{"room":"general","text":"hi","clientId":"c1"}]"#)
            for socket in [alice, bob] {
                let text = try await socket.hears(#"42/chat,["message",{"id":"general-1","sequence":1"#)
                #expect(text.contains(#""content":"hi""#), "\(text)")
                #expect(text.hasSuffix(#","from":"bob","text":"hi","room":"general"}]"#), "\(text)")
            }
            try await bob.hears(#"43/chat,2[{"status":"ok","message":{"id":"general-1""#)
            try await bob.send(#"42/chat,3["message",{"room":"general","text":"hi","clientId":"c1"}]"#)
            let again = try await bob.hears(#"43/chat,3[{"status":"ok","message":{"id":"general-1""#)
            #expect(again.contains(#""duplicate":true"#), "\(again)")
        }
    }

    @Test func `takes the commands of moderators and those about contacts`() async throws {
        try await ChatServer.with { chat in
            let alice = try await Self.joined(chat, "alice")
            for start in ["42/chat,[\"roomJoined\"", "42/chat,[\"roomInfo\"", "43/chat,1["] {
                try await alice.hears(start)
            }
            try await chat.say("hello", in: "general", as: "alice")
            try await alice.hears(#"42/chat,["message""#)
            // Moderators are looked up, so what they are told comes before the ack or after it.
            try await alice.send(#"42/chat,["report",{"messageId":"general-1","reason":"rude"}]"#)
            let reported = try await alice.hears(#"42/chat,["reported",{"number":1,"messageId":"general-1""#)
            #expect(reported.hasSuffix(#""state":"open"}]"#), "\(reported)")
            let settling = #"{"roomId":"general","number":1,"outcome":"dismissed"}"#
            try await alice.send(#"42/chat,["settleReport",\#(settling)]"#)
            try await alice.hears(#"42/chat,["reportSettled",{"number":1"#)
            try await alice.send(#"42/chat,3["settleReport",\#(settling)]"#)
            try await alice.hears(#"43/chat,3[{"status":"ok","number":1"#)
            try await alice.send(#"42/chat,4["addContact",{"userId":"bob"}]"#)
            try await alice.hears(#"42/chat,["contactAdded",{"userId":"bob"}]"#)
            try await alice.hears(#"43/chat,4[{"status":"ok"}]"#)
            try await alice.send(#"42/chat,5["contacts"]"#)
            try await alice.hears(#"43/chat,5[{"status":"ok","contacts":[{"userId":"bob","addedAt":"#)
        }
    }

    @Test func `tells others who types, and nobody else's socket`() async throws {
        try await ChatServer.with { chat in
            let alice = try await Self.joined(chat, "alice")
            try await alice.hears("42/chat,[\"roomJoined\"")
            try await alice.hears("42/chat,[\"roomInfo\"")
            try await alice.hears("43/chat,1[")
            let bob = try await Self.joined(chat, "bob", "/")
            for start in ["42[\"roomJoined\"", "42[\"roomInfo\"", "431["] { try await bob.hears(start) }
            try await alice.hears(#"42/chat,["userJoined""#)
            try await alice.hears(#"42/chat,["roomInfo""#)
            for _ in 0..<3 { try await bob.send(#"42["typing",{"room":"general"}]"#) }
            try await bob.send(#"42["stopTyping",{"room":"general"}]"#, #"425["presence",{}]"#)
            try await alice.hears(#"42/chat,["typing",{"roomId":"general","room":"general","userId":"bob"}]"#)
            try await alice.hears(#"42/chat,["stopTyping",{"roomId":"general","room":"general","userId":"bob"}]"#)
            try await bob.hears(#"435[{"status":"ok","userId":"bob","presence":"online"}]"#)
            try await bob.send(#"426["typing",{"room":"elsewhere"}]"#)
            try await bob.hears(#"436[{"status":"error","code":"not_found""#)
            // What is typed stands in no log.
            let log = try await chat.ask("GET", "/v1/events?topic=rooms/general&since=earliest", as: "alice")
            #expect(!log.text.contains("yping"))
        }
    }

    @Test func `marks what was read, and tells who has`() async throws {
        try await ChatServer.with { chat in
            try await chat.join("general", "alice", "bob")
            try await chat.say("one", in: "general", as: "alice")
            let alice = try await Self.joined(chat, "alice")
            try await alice.hears("42/chat,[\"roomInfo\"")
            try await alice.hears("43/chat,1[")
            let bob = try await SocketTalker(chat.server, "/chat", token: "bob")
            let mark = #"{"roomId":"general","messageId":"general-1","userId":"bob"}"#
            try await bob.send(#"42/chat,2["markRead",\#(mark)]"#)
            try await alice.hears(#"42/chat,["readReceipt",{"roomId":"general","room":"general""#)
            try await bob.hears(#"43/chat,2[{"status":"ok","roomId":"general","lastRead":1"#)
        }
    }

    @Test func `joins once, and then reads what happened since`() async throws {
        try await ChatServer.with { chat in
            try await chat.ask("POST", "/v1/rooms", as: "alice", #"{"roomId":"general","kind":"public"}"#)
            try await chat.say("one", in: "general", as: "alice")
            let bob = try await SocketTalker(chat.server, "/chat", token: "bob")
            try await bob.send(#"42/chat,1["joinRoom",{"roomId":"general","since":-1}]"#)
            try await bob.hears(#"43/chat,1[{"status":"error","code":"invalid_message""#)
            #expect(try await chat.ask("GET", "/v1/rooms/general", as: "bob").code == "not_a_member")
            try await bob.send(#"42/chat,2["joinRoom",{"roomId":"general","since":1}]"#)
            let answer = try await bob.hears(#"43/chat,2[{"status":"ok","id":"general""#)
            #expect(answer.contains(#""lastRevision":3,"hasMore":false"#), "\(answer)")
            #expect(answer.contains(#""content":"one""#), "\(answer)")
            let metrics = try await chat.ask("GET", "/metrics", as: nil).text
            #expect(metrics.contains(#"hibiki_chat_commands_total{command="joinRoom"} 1"#), "\(metrics)")
        }
    }

    @Test func `wants to know who somebody is`() async throws {
        try await ChatServer.with { chat in
            let nobody = try await SocketTalker(chat.server, "/chat")
            try await nobody.send(#"42/chat,1["joinRoom","general"]"#)
            try await nobody.hears(#"43/chat,1[{"status":"error","code":"authentication_required""#)
            try await nobody.send(#"42/chat,["joinRoom","general"]"#)
            try await nobody.hears(#"42/chat,["error",{"message":"#)
            try await nobody.send(#"42/chat,2["joinRoom",7]"#)
            try await nobody.hears(#"43/chat,2[{"status":"error","code":"invalid_message""#)
        }
    }

    @Test func `gives messages the names of the guide, and leaves everything else as it is`() {
        let message = #"{"id":"a-1","roomId":"a","userId":"q\"uote","content":"b\u00fc {}"}"#
        let more = #","from":"q\"uote","text":"b\u00fc {}","room":"a"}"#
        #expect(String(buffer: GuideMessage.complete("message", .init(string: message))) == message.dropLast() + more)
        #expect(String(buffer: GuideMessage.complete("reaction", .init(string: message))) == message)
        for odd in ["[]", "7", "{", ""] {
            #expect(String(buffer: GuideMessage.complete("message", .init(string: odd))) == odd)
        }
    }
}
