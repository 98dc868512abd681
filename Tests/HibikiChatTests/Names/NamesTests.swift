// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiChatContract
import Testing

@Suite struct `A name` {
    @Test(arguments: ["a", "General", "dm-1_2.3~4", "-", String(repeating: "x", count: 64)])
    func `of a room has up to 64 plain characters`(_ text: String) {
        #expect(RoomID(rawValue: text)?.rawValue == text)
    }

    @Test(arguments: ["", "a b", "a/b", "é", "a\u{0}", "#a", "%41", "K\u{212A}", String(repeating: "x", count: 65)])
    func `of a room has nothing else`(_ text: String) {
        #expect(RoomID(rawValue: text) == nil)
    }

    @Test func `of a message ends with its sequence`() {
        let id = MessageID("team-7-x", 12)
        #expect(id.description == "team-7-x-12")
        #expect(MessageID("team-7-x-12") == id)
        #expect(MessageID("a--1")?.room == "a-")
        #expect(MessageID("a-9223372036854775807")?.sequence == .max)
    }

    @Test(arguments: ["", "a", "a-", "-1", "a-0", "a-01", "a-+1", "a-1x", "a-9223372036854775808", "a b-1", "a-１"])
    func `that is no message's is refused`(_ text: String) {
        #expect(MessageID(text) == nil)
    }

    @Test func `of a person is another if its bytes are`() {
        let composed: UserID = "caf\u{E9}"
        let decomposed: UserID = "cafe\u{301}"
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect((decomposed < composed) != (composed < decomposed))
    }

    @Test(arguments: ["", "@all", "a\nb", "\u{7F}", String(repeating: "x", count: 201)])
    func `of a person is not empty, long or everybody's`(_ text: String) {
        #expect(UserID(rawValue: text) == nil)
    }

    @Test func `of two people is one, whoever comes first`() {
        #expect(DirectPair("a", "b") == DirectPair("b", "a"))
        #expect(DirectPair("1:a|b", "c").text != DirectPair("1", "a|b|c").text)
    }

    @Test func `that is shown is cut at a whole character`() {
        let name = String(repeating: "é", count: 70)
        #expect(ChatPerson(id: "a", name: name).name == String(repeating: "é", count: 64))
        #expect(ChatPerson(id: "a", name: "x" + name).name == "x" + String(repeating: "é", count: 63))
        #expect(ChatPerson(id: "a", name: "a\u{0}\u{1B}[1mb").name == "a[1mb")
    }
}
