// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiChatContract
import Testing

@Suite struct `The words of a text` {
    @Test(arguments: [
        ("Fire alarm!", ["fire", "alarm"]), ("don't", ["don", "t"]), ("ÄRGER über", ["ärger", "über"]),
        ("日本語 text", ["日", "本", "語", "text"]), ("a1-b2_c3", ["a1", "b2", "c3"]), ("", []), ("— … !", []),
        ("e\u{301}t", ["e\u{301}t"]),
        ("カタカナ", ["カ", "タ", "カ", "ナ"]), ("x👍y", ["x", "y"]),
    ])
    func `are runs of letters and digits`(_ text: String, _ words: [String]) {
        #expect(SearchWords.words(of: text) == words)
    }
}
