// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiTestSupport
import NIOCore
import Testing

@Suite struct EngineJSONPTests {
    @Test(arguments: [
        ("4hello", #"___eio[7]("4hello");"#),
        (#"0{"sid":"a"}"#, #"___eio[7]("0{\"sid\":\"a\"}");"#),
        (#"4a\n"#, #"___eio[7]("4a\\n");"#),
        ("4a\u{1E}4b", #"___eio[7]("4a\u001e4b");"#),
        ("4\u{8}\t\n\u{C}\r\u{0}\u{B}\u{1F}\u{7F}", "___eio[7](\"4\\b\\t\\n\\f\\r\\u0000\\u000b\\u001f\u{7F}\");"),
        ("4\u{2028}x\u{2029}", #"___eio[7]("4\u2028x\u2029");"#),
        ("4\u{2027}\u{202A}é😀", "___eio[7](\"4\u{2027}\u{202A}é😀\");"),
        ("", #"___eio[7]("");"#),
    ])
    func `a script calls the function with the payload as a string`(_ payload: String, _ script: String) {
        #expect(String(buffer: EngineJSONP.script(ByteBuffer(string: payload), index: "7")) == script)
    }

    @Test func `a payload that ends inside a character is passed on`() {
        for tail: [UInt8] in [[0xE2], [0xE2, 0x80]] {
            let script = EngineJSONP.script(ByteBuffer(bytes: tail), index: "0")
            #expect(Array(script.readableBytesView) == Array("___eio[0](\"".utf8) + tail + Array("\");".utf8))
        }
    }

    @Test(arguments: [
        ("d=4hello", "4hello"), ("d=", ""), ("&&d=4&", "4"), ("x=1&d=4a&d=4b", "4a"), ("d=4a%20b+c", "4a b c"),
        ("d=%34%C3%A9%F0%9F%98%80", "4é😀"), ("d=4%", "4%"), ("d=4%4", "4%4"), ("d=4%zz%41", "4%zzA"), ("d=%2B", "+"),
        ("d=4a%26b%3Dc", "4a&b=c"), ("d=4=", "4="),
        (#"d=4a\nb"#, "4a\nb"), ("d=4a%5Cnb", "4a\nb"), (#"d=4a\\nb"#, #"4a\nb"#), (#"d=4a\\\nb"#, #"4a\\nb"#),
        (#"d=4\\"#, #"4\\"#), (#"d=4\x\"#, #"4\x\"#), (#"d=4\\\\"#, #"4\\\\"#), (#"d=\n\n\\n"#, "\n\n\\n"),
    ])
    func `a form is decoded and its newlines are restored`(_ form: String, _ payload: String) {
        #expect(EngineJSONP.payload(ofForm: ByteBuffer(string: form)) == ByteBuffer(string: payload))
    }

    @Test(arguments: ["", "d", "e=4", "dd=4", "&", "&&x&", "D=4"])
    func `a form without the field has no payload`(_ form: String) {
        #expect(EngineJSONP.payload(ofForm: ByteBuffer(string: form)) == nil)
    }

    /// Writes what a browser's client does: the characters `\n` get one backslash more, then newlines become `\n`.
    @Test func `what a client escapes comes back`() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<500 {
            let alphabet = "\\\\nab\n%+&"
            let characters = (0..<20).compactMap { _ in alphabet.randomElement(using: &random) }
            // A backslash right before a newline is the one thing that the escapes leave ambiguous; JSON has none.
            let text = String(characters).replacing(/\\+\n/, with: "\n")
            let escaped = text.replacing("\\n", with: "\\\n").replacing("\n", with: "\\n")
            let form = "d=" + escaped.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            #expect(EngineJSONP.payload(ofForm: ByteBuffer(string: form)) == ByteBuffer(string: text))
        }
    }
}
