// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import Testing

/// What the log of the hub still says of what is gone.
@Suite(.timeLimit(.minutes(2))) struct `In the log of the chat` {
    private static func log(_ chat: ChatServer, _ topic: String, as person: String) async throws -> HTTPAnswer {
        try await chat.ask("GET", "/v1/events?topic=\(topic)&since=earliest", as: person)
    }

    /// Reads until it is so: what is gone is taken out a moment after it was answered.
    private static func until(
        _ chat: ChatServer, _ topic: String, as person: String, _ isSo: (String) -> Bool
    ) async throws -> HTTPAnswer {
        while true {
            let answer = try await self.log(chat, topic, as: person)
            if isSo(answer.text) { return answer }
            await Task.yield()
        }
    }

    private static func offsets(_ answer: HTTPAnswer) -> [String?] {
        answer.json["events"].array?.map { $0["position"].string } ?? []
    }

    @Test(arguments: [true, false])
    func `nothing is left of a message that is deleted, and every event keeps its place`(_ isHard: Bool) async throws {
        try await ChatServer.with { chat in
            try await chat.join("attic", "alice", "bob")
            let message = #"{"content":"secret","mentions":["bob"]}"#
            try await chat.ask("POST", "/v1/rooms/attic/messages", as: "alice", message)
            try await chat.ask("PUT", "/v1/rooms/attic/messages/1/reactions/%F0%9F%91%8D", as: "bob")
            let reply = #"{"content":"I see","replyTo":"attic-1"}"#
            try await chat.ask("POST", "/v1/rooms/attic/messages", as: "bob", reply)
            let all = #"{"content":"more secret","mentions":["@all"]}"#
            try await chat.ask("POST", "/v1/rooms/attic/messages", as: "alice", all)
            let before = try await Self.log(chat, "rooms/attic", as: "bob")
            #expect(before.text.contains("secret"))
            _ = try await Self.until(chat, "users/bob", as: "bob") { $0.contains("more secret") }
            let people = Self.offsets(try await Self.log(chat, "users/bob", as: "bob"))
            for number in [1, 3] {
                try await chat.ask("DELETE", "/v1/rooms/attic/messages/\(number)?hard=\(isHard)", as: "alice")
            }
            let after = try await Self.until(chat, "rooms/attic", as: "bob") { !$0.contains("secret") }
            #expect(Self.offsets(after).starts(with: Self.offsets(before)))
            #expect(after.text.contains(#""content":"I see""#))
            #expect(after.text.contains(#""replyTo":{"id":"attic-1","userId":"alice","content":"","deleted":true}"#))
            #expect(after.text.contains("👍") == !isHard)
            let person = try await Self.until(chat, "users/bob", as: "bob") { !$0.contains("secret") }
            #expect(Self.offsets(person).starts(with: people))
        }
    }

    @Test func `nothing is left of a person who is erased but a name that says nothing`() async throws {
        try await ChatServer.with { chat in
            try await chat.join("attic", "alice", "bob")
            let message = #"{"content":"secret","mentions":["alice"]}"#
            try await chat.ask("POST", "/v1/rooms/attic/messages", as: "bob", message)
            try await chat.ask(
                "POST", "/v1/rooms/attic/messages", as: "alice", #"{"content":"so","replyTo":"attic-1"}"#)
            try await chat.ask("PUT", "/v1/rooms/attic/messages/2/reactions/%F0%9F%91%8D", as: "bob")
            try await chat.ask("POST", "/v1/rooms/attic/messages/2/report", as: "bob", #"{"reason":"secret too"}"#)
            _ = try await Self.until(chat, "users/alice", as: "alice") { $0.contains("secret too") }
            let before = try await Self.log(chat, "rooms/attic", as: "alice")
            let erased = try await chat.ask("DELETE", "/v1/users/bob/chat", as: "bob")
            let pseudonym = try #require(erased.json["userId"].string)
            let after = try await Self.until(chat, "rooms/attic", as: "alice") { !$0.contains("secret") }
            #expect(Self.offsets(after).starts(with: Self.offsets(before)))
            #expect(after.text.contains(#""content":"so""#))
            let person = try await Self.until(chat, "users/alice", as: "alice") { !$0.contains("secret") }
            for text in [after.text, person.text] {
                #expect(!text.contains("\"bob\"") && !text.contains("👍"), "\(text)")
                #expect(text.contains(pseudonym))
            }
        }
    }
}
