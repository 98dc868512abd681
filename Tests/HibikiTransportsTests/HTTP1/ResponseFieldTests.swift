// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import Testing

@testable import HibikiTransports

@Suite struct `A response field` {
    private func written(_ value: String) -> String {
        var bytes = ByteBuffer()
        bytes.writeField("Name", value)
        return String(buffer: bytes)
    }

    @Test(arguments: ["", "a", "a\tb", "ü", "a: b; c=\"d\""])
    func `is one line`(_ value: String) {
        #expect(self.written(value) == "Name: \(value)\r\n")
    }

    @Test(arguments: ["a\r\nSet-Cookie: b", "a\nb", "a\rb", "\r\n\r\n<html>", "a\u{0}", "a\u{7F}", "\u{B}"])
    func `is left out if it could begin another`(_ value: String) {
        #expect(self.written(value).isEmpty)
    }

    @Test func `does not carry what a request asked for into the head of its answer`() throws {
        var configuration = TransportConfiguration()
        configuration.origins.allowed = ["*"]
        let peer = try EmbeddedServer(configuration).connect()
        try peer.get("/v1/events?topic=public/a%0d%0aX:y&since=%0d%0aSet-Cookie:a", "Origin: http://a.example")
        let answer = try peer.receivedText()
        #expect(answer.hasPrefix("HTTP/1.1 400 "))
        #expect(!answer.lowercased().contains("set-cookie:a\r\n"))
        #expect(answer.components(separatedBy: "\r\n\r\n").count == 2)
    }
}

extension String {
    fileprivate func components(separatedBy separator: String) -> [Substring] {
        self.split(separator: separator, omittingEmptySubsequences: false)
    }
}
