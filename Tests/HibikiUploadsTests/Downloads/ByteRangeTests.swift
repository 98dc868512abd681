// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Testing

@testable import HibikiUploads

@Suite struct `A range` {
    @Test(
        arguments: [
            (nil, .whole), ("bytes=0-99", .part(0..<100)), ("bytes=5-", .part(5..<1_000)),
            ("bytes=-5", .part(995..<1_000)),
            ("bytes=999-", .part(999..<1_000)), ("bytes=0-0", .part(0..<1)), ("bytes=0-5000", .part(0..<1_000)),
            ("bytes=-5000", .part(0..<1_000)), ("Bytes=1-2", .part(1..<3)), ("bytes= 1-2 ", .part(1..<3)),
            ("bytes=0-99999999999999999999999", .part(0..<1_000)),
            ("bytes=1000-", .unsatisfiable), ("bytes=1000-2000", .unsatisfiable), ("bytes=-0", .unsatisfiable),
            ("bytes=99999999999999999999999-", .unsatisfiable), ("bytes=1000-,2000-", .unsatisfiable),
            ("bytes=0-1,5-6", .whole), ("bytes=0-,0-,0-", .whole), ("bytes=,0-1,", .part(0..<2)),
            ("bytes=", .whole), ("bytes=-", .whole), ("bytes=5-4", .whole), ("bytes=a-b", .whole),
            ("bytes=--5", .whole),
            ("bytes=1-2-3", .whole), ("bytes=+1-2", .whole), ("items=0-1", .whole), ("bytes 0-1", .whole),
            ("bytes=0x1-2", .whole),
            ("bytes=٣-٤", .whole),
        ] as [(String?, ByteRanges)])
    func `is read as RFC 9110 has it`(_ text: String?, _ expected: ByteRanges) {
        #expect(ByteRanges(text, length: 1_000) == expected)
    }

    @Test(arguments: [("bytes=0-", ByteRanges.unsatisfiable), ("bytes=-1", .unsatisfiable), ("bytes=x", .whole)])
    func `of an empty file has nothing`(_ text: String, _ expected: ByteRanges) {
        #expect(ByteRanges(text, length: 0) == expected)
    }
}

@Suite struct `A condition` {
    private static func answer(_ change: (inout DownloadConditions) -> Void) -> DownloadConditions.Answer {
        var conditions = DownloadConditions()
        change(&conditions)
        return conditions.answer(tag: "\"a\"", length: 10)
    }

    @Test func `of what a client has spares it the file`() {
        #expect(Self.answer { $0.ifNoneMatch = "\"a\"" } == .notModified)
        #expect(Self.answer { $0.ifNoneMatch = "\"b\", W/\"a\"" } == .notModified)
        #expect(Self.answer { $0.ifNoneMatch = "*" } == .notModified)
        #expect(Self.answer { $0.ifNoneMatch = "\"b\"" } == .whole)
        #expect(
            Self.answer {
                $0.ifNoneMatch = "\"a\""
                $0.range = "bytes=0-1"
            } == .notModified)
    }

    @Test func `of what has to be there stands before all others`() {
        #expect(Self.answer { $0.ifMatch = "\"b\"" } == .preconditionFailed)
        #expect(Self.answer { $0.ifMatch = "W/\"a\"" } == .preconditionFailed)
        #expect(Self.answer { $0.ifMatch = "\"a\"" } == .whole)
        #expect(
            Self.answer {
                $0.ifMatch = "\"b\""
                $0.ifNoneMatch = "\"a\""
            } == .preconditionFailed)
    }

    @Test func `of a range gives the whole file where it is another`() {
        #expect(
            Self.answer {
                $0.ifRange = "\"a\""
                $0.range = "bytes=1-2"
            } == .part(1..<3))
        #expect(
            Self.answer {
                $0.ifRange = "\"b\""
                $0.range = "bytes=1-2"
            } == .whole)
        #expect(
            Self.answer {
                $0.ifRange = "W/\"a\""
                $0.range = "bytes=1-2"
            } == .whole)
        #expect(
            Self.answer {
                $0.ifRange = "Sun, 06 Nov 1994 08:49:37 GMT"
                $0.range = "bytes=1-2"
            } == .whole)
        #expect(
            Self.answer {
                $0.ifRange = "\"b\""
                $0.range = "bytes=99-"
            } == .whole)
        #expect(Self.answer { $0.range = "bytes=99-" } == .unsatisfiable)
    }
}
