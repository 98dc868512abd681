// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Testing

@testable import HibikiUploads

@Suite struct `The name of a file` {
    @Test(arguments: [
        ("a.png", "a.png"), ("../../etc/passwd", "passwd"), ("C:\\Users\\a.txt", "a.txt"), ("/", ""), ("..", ""),
        (".", ""),
        (".bashrc", "bashrc"), ("a\u{0}b\r\nc.txt", "abc.txt"), ("x\u{202E}gnp.exe", "xgnp.exe"), ("名前.png", "名前.png"),
        ("a/", "a"), (" a. ", "a"), ("a\u{200B}b", "ab"),
    ])
    func `has no folder, no control character and no turn of direction`(_ name: String, _ clean: String) {
        #expect(FileName.clean(name) == clean)
    }

    @Test func `is cut in front of its extension`() {
        let name = FileName.clean(String(repeating: "ä", count: 300) + ".jpeg")
        #expect(name.utf8.count <= 255)
        #expect(name.hasSuffix("ä.jpeg"))
        #expect(FileName.clean(String(repeating: "x", count: 300)).utf8.count == 255)
    }

    @Test(arguments: [
        ("a.png", #"inline; filename="a.png""#),
        ("a b.png", #"inline; filename="a b.png""#),
        (#"a"b\c%20"#, #"inline; filename="a_b_c_20"; filename*=UTF-8''a%22b%5Cc%2520"#),
        ("€ rates", #"inline; filename="_ rates"; filename*=UTF-8''%E2%82%AC%20rates"#),
        ("", "inline"),
    ])
    func `stands in a header as RFC 6266 and RFC 8187 have it`(_ name: String, _ text: String) {
        #expect(ContentDisposition.text(isInline: true, name: name) == text)
    }
}
