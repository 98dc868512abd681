// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiClient
import HibikiServer
import HibikiSocketIOCodec
import Testing

/// A key with the scope `manage` for one of two rooms.
@Suite(.timeLimit(.minutes(1))) struct `In the chat an API key` {
    private static func with(
        patterns: [String] = ["rooms/support"], _ body: (ChatServer, String) async throws -> Void
    ) async throws {
        let (secret, key) = try APIKey.make(name: "helper", scopes: "manage", patterns: patterns)
        try await ChatServer.with {
            $0.keys.listed = [key]
        } _: { chat in
            for room in ["support", "attic"] {
                let body = #"{"roomId":"\#(room)","kind":"public","members":["bob","carol"]}"#
                try await chat.ask("POST", "/v1/rooms", as: "alice", body)
                try await chat.say("one", in: room, as: "bob")
            }
            try await body(chat, secret)
        }
    }

    /// What a command may have to name, all of it.
    private static func payload(_ room: String) -> String {
        """
        {"roomId":"\(room)","messageId":"\(room)-1","userId":"bob","emoji":"👍","content":"x","role":"reader",\
        "invite":"aaaaaaaaaaaaaaaaaaaaaa","kind":"public","since":0,"number":1,"outcome":"acted"}
        """
    }

    /// Commands that are about one room, as they are named in their order.
    private static let ofRooms = ChatCommand.Name.allCases.filter { name in
        ![.rooms, .publicRooms, .search, .erase, .addContact, .removeContact, .contacts].contains(name)
    }

    @Test func `does nothing over a WebSocket in a room that it is not for`() async throws {
        try await Self.with { chat, key in
            let native = try await NativeTalker(chat.server, key: key)
            for (number, name) in Self.ofRooms.enumerated() {
                let payload = Self.payload("attic")
                try await native.send(
                    #"{"type":"chat","command":"\#(name.rawValue)","payload":\#(payload),"id":\#(number)}"#)
                let answer = try #require(try await native.next())
                #expect(answer.contains(#""code":"permission_denied""#), "\(name): \(answer)")
                #expect(answer.contains("the API key is not for this room"), "\(name): \(answer)")
            }
            let room = try await chat.ask("GET", "/v1/rooms/attic", as: "alice").json
            #expect(room["revision"].integer == 4, "\(room)")
        }
    }

    @Test func `does nothing over Socket.IO in a room that it is not for`() async throws {
        try await Self.with { chat, key in
            let socket = try await SocketTalker(chat.server, "/chat", token: key)
            for (number, name) in Self.ofRooms.enumerated() where name != .message {
                let payload = name == .joinRoom ? #""attic""# : Self.payload("attic")
                try await socket.send(#"42/chat,\#(number)["\#(name.rawValue)",\#(payload)]"#)
                try await socket.hears(#"43/chat,\#(number)[{"status":"error","code":"permission_denied""#)
            }
        }
    }

    @Test(arguments: [
        ("GET", ""), ("GET", "/messages"), ("POST", "/messages"), ("GET", "/members"), ("GET", "/events"),
        ("GET", "/pins"), ("POST", "/join"), ("PUT", "/messages/1/pin"), ("PUT", "/mutes/carol"), ("GET", "/export"),
        ("GET", "/messages/1"), ("GET", "/reports"), ("POST", "/typing"), ("PATCH", ""),
    ]) func `does over HTTP what it may in the rooms that it is for, and only there`(
        _ method: String, _ path: String
    ) async throws {
        try await Self.with { chat, key in
            let body = method == "GET" ? nil : #"{"content":"x","name":"y"}"#
            let attic = try await chat.ask(method, "/v1/rooms/attic\(path)", as: key, body)
            #expect(attic.code == "permission_denied", "\(attic.text)")
            let support = try await chat.ask(method, "/v1/rooms/support\(path)", as: key, body)
            // Typing is for those who have joined.
            #expect(support.status == (path == "/typing" ? 403 : path == "/messages" && method == "POST" ? 201 : 200))
        }
    }

    @Test func `does in the rooms that it is for what their owners do, over every transport`() async throws {
        try await Self.with { chat, key in
            let native = try await NativeTalker(chat.server, key: key)
            try await native.send(
                #"{"type":"chat","command":"kick","payload":{"roomId":"support","userId":"bob"},"id":1}"#)
            #expect(try await native.next()?.hasPrefix(#"{"type":"reply","id":1,"result":"#) == true)
            let socket = try await SocketTalker(chat.server, "/chat", token: key)
            try await socket.send(#"42/chat,1["kick",{"roomId":"support","userId":"carol"}]"#)
            try await socket.hears(#"43/chat,1[{"status":"ok","roomId":"support""#)
            try await socket.send(#"42/chat,2["createRoom",{"roomId":"support","kind":"public"}]"#)
            try await socket.hears(#"43/chat,2[{"status":"error","code":"conflict""#)
        }
    }

    @Test func `is an administrator of everything only if it is for all rooms`() async throws {
        for (pattern, isForAll) in [("rooms/support", false), ("rooms/*", true), ("**", true)] {
            try await Self.with(patterns: [pattern]) { chat, key in
                let native = try await NativeTalker(chat.server, as: "bob")
                let presence = try await chat.ask("POST", "/v1/presence", as: key, #"{"userIds":["bob"]}"#)
                #expect(presence.json["people"].array?.count == (isForAll ? 1 : 0), "\(presence.text)")
                for body in ["{}", #"{"roomId":"support","kind":"direct","members":["bob"]}"#] {
                    let made = try await chat.ask("POST", "/v1/rooms", as: key, body)
                    #expect(made.status == (isForAll ? 201 : 403), "\(pattern): \(made.text)")
                }
                let erased = try await chat.ask("DELETE", "/v1/users/bob/chat", as: key)
                #expect(erased.status == (isForAll ? 200 : 403), "\(pattern): \(erased.text)")
                try await native.socket.close()
            }
        }
    }
}
