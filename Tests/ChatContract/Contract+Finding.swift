// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiWire
import NIOCore
import Testing

extension ChatStoreContract {
    static let finding = [
        Clause("finds messages in which all words occur, the newest first") { chat in
            try await chat.room("alice")
            for text in ["The fire alarm rings", "a fire", "ALARM: fire!", "firearm", "nothing"] {
                try await chat.say("alice", text)
            }
            #expect(try await chat.found("alice", "fire alarm") == ["ALARM: fire!", "The fire alarm rings"])
            #expect(try await chat.found("alice", "Fire") == ["ALARM: fire!", "a fire", "The fire alarm rings"])
            #expect(try await chat.found("alice", "water").isEmpty)
        },
        Clause("takes what somebody searches for as words, whatever stands in it") { chat in
            try await chat.room("alice")
            try await chat.say("alice", "to be OR not")
            for text in ["\"be", "be*x", "be AND", "NEAR(be", "be'); --", "%", "be -not", "not:be", "(be", "col:x^2"] {
                let refusal = try await chat.refusal("alice", .search(SearchRequest(text: text)))
                #expect([nil, .invalidMessage].contains(refusal), "\(text)")
            }
            #expect(try await chat.found("alice", "'be") == ["to be OR not"])
            #expect(try await chat.found("alice", "or") == ["to be OR not"])
        },
        Clause("keeps to what from: in: has: before: and after: say") { chat in
            chat.wait(1_700_000_000_000)
            try await chat.room("alice", "bob")
            try await chat("alice", .createRoom(CreateRoom(room: "other", kind: .public, members: ["bob"])))
            try await chat.say("alice", "word one")
            try await chat.say("bob", "word two https://example.org/")
            try await chat.say("alice", "word three", in: "other") { message in
                message.attachments = [Attachment(id: "a", name: "a.png", type: "image/png", size: 1)]
            }
            chat.wait(86_400_000 * 30)
            let pinned = try await chat.say("bob", "word four").id
            try await chat("alice", .pin(pinned))
            try await chat("alice", .react(MessageID("room", 1), "👍"))
            let cases: [(String, [String])] = [
                ("word from:bob", ["word four", "word two https://example.org/"]),
                ("word in:other", ["word three"]), ("has:image", ["word three"]), ("has:file word", ["word three"]),
                ("has:link", ["word two https://example.org/"]), ("has:pin", ["word four"]),
                ("has:reaction", ["word one"]),
                ("word after:2023-12-01", ["word four"]), ("two before:2023-12-01", ["word two https://example.org/"]),
                ("from:alice word in:room", ["word one"]), ("from:carol", []),
            ]
            for (text, contents) in cases { #expect(try await chat.found("bob", text) == contents, "\(text)") }
        },
        Clause("finds nothing in rooms that the reader is not in, and nothing that was deleted") { chat in
            try await chat.room("alice", "bob")
            let id = try await chat.say("alice", "needle one").id
            try await chat.say("alice", "needle two")
            try await chat.say("alice", "needle three")
            try await chat("alice", .delete(id, .soft))
            try await chat("alice", .delete(MessageID("room", 2), .hard))
            #expect(try await chat.found("bob", "needle") == ["needle three"])
            #expect(try await chat.found("carol", "needle").isEmpty)
            #expect(try await chat.refusal("carol", .search(SearchRequest(text: "in:room needle"))) == .notFound)
        },
        Clause("finds what a message says after an edit, and no longer what it said before") { chat in
            try await chat.room("alice")
            let id = try await chat.say("alice", "before").id
            try await chat("alice", .edit(id, content: "afterwards"))
            #expect(try await chat.found("alice", "before").isEmpty)
            #expect(try await chat.found("alice", "afterwards") == ["afterwards"])
        },
        Clause("turns the pages of a search without a repeat or a hole") { chat in
            try await chat.room("alice")
            for number in 1...12 { try await chat.say("alice", "word \(number)") }
            var found: [String] = []
            var cursor: String?
            repeat {
                let request = SearchRequest(text: "word", cursor: cursor, limit: 5)
                guard case .found(let messages, let next) = try await chat("alice", .search(request)) else { return }
                found += messages.map(\.content)
                cursor = next?.text
            } while cursor != nil
            #expect(found == (1...12).reversed().map { "word \($0)" })
        },
    ]
}
