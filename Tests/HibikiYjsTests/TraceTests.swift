// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiYjs
import Testing

/// What people really typed; see `Traces/README.md`.
@Suite struct TraceTests {
    @Test func `a text that one wrote is what was written, here and for one who gets the updates`() throws {
        let trace = try Trace("blog-post", isConcurrent: false)
        let writer = YDocument(clientID: 1)
        let reader = YDocument(clientID: 2)
        let text = try writer.text("text")
        try text.insert(trace.start, at: 0)
        try reader.apply(writer.encodeState())
        var updates: [[UInt8]] = []
        writer.observeUpdates { update, _ in updates.append(update) }
        for edit in trace.edits { try edit.apply(to: text) }
        #expect(text.string == trace.end)
        for update in updates { try reader.apply(update) }
        #expect(try reader.text("text").string == trace.end)
        #expect(reader.encodeState(format: .v2) == writer.encodeState(format: .v2))
    }

    @Test(arguments: ["friendsforever", "clownschool"])
    func `what several wrote at the same time is one text for all`(_ name: String) throws {
        let trace = try Trace(name, isConcurrent: true)
        var updates: [[UInt8]] = []
        var writers: [Int: (document: YDocument, known: Set<Int>)] = [:]
        for (index, edit) in trace.edits.enumerated() {
            var writer = writers[edit.writer] ?? (YDocument(clientID: edit.writer + 1), [])
            for news in Self.news(edit.parents, writer.known, trace) {
                try writer.document.apply(updates[news])
                writer.known.insert(news)
            }
            let text = try writer.document.text("text")
            let observation = writer.document.observeUpdates { update, _ in updates.append(update) }
            try edit.apply(to: text)
            writer.document.cancel(observation)
            writer.known.insert(index)
            writers[edit.writer] = writer
            try #require(updates.count == index + 1)
        }
        let all = YDocument()
        try all.apply(try YUpdate.merge(updates))
        #expect(try all.text("text").string == trace.end)
        for writer in writers.values {
            try writer.document.apply(all.encodeState(from: writer.document.stateVector))
            #expect(try writer.document.text("text").string == trace.end)
            #expect(writer.document.stateVector == all.stateVector)
        }
    }

    /// The transactions that a writer has to hear of, the oldest first.
    private static func news(_ parents: [Int], _ known: Set<Int>, _ trace: Trace) -> [Int] {
        var news: Set<Int> = []
        var waiting = parents
        while let next = waiting.popLast() {
            guard !known.contains(next), news.insert(next).inserted else { continue }
            waiting += trace.edits[next].parents
        }
        return news.sorted()
    }
}

private struct Trace {
    struct Edit {
        var writer = 0
        var parents: [Int] = []
        var changes: [(position: Int, deleted: Int, inserted: String)] = []

        func apply(to text: YText) throws {
            try text.document.transact { () throws(YError) in
                for change in self.changes {
                    try text.remove(change.position..<(change.position + change.deleted))
                    try text.insert(change.inserted, at: change.position)
                }
            }
        }
    }

    let start: String
    let end: String
    private(set) var edits: [Edit] = []

    init(_ name: String, isConcurrent: Bool) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Traces")
        let text = try String(contentsOf: folder.appending(path: "\(name).txt"), encoding: .utf8)
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        self.start = Self.unescaped(lines.removeFirst())
        self.end = Self.unescaped(lines.removeFirst())
        for line in lines {
            var columns = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)[...]
            var edit = Edit()
            if isConcurrent { Self.readHead(&columns, of: &edit, at: self.edits.count) }
            while columns.count >= 3 {
                let position = Self.number(columns.removeFirst())
                let deleted = Self.number(columns.removeFirst())
                edit.changes.append((position, deleted, Self.unescaped(columns.removeFirst())))
            }
            self.edits.append(edit)
        }
    }

    private static func readHead(_ columns: inout ArraySlice<Substring.UTF8View>, of edit: inout Edit, at index: Int) {
        let head = columns.removeFirst().split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        edit.writer = self.number(head[0])
        if head[1].isEmpty {
            edit.parents = index == 0 ? [] : [index - 1]
        } else {
            edit.parents = head[1].split(separator: UInt8(ascii: ",")).map { index - self.number($0) }
        }
    }

    private static func number(_ text: Substring.UTF8View) -> Int { Int(Substring(text)) ?? 0 }

    private static func unescaped(_ text: Substring.UTF8View) -> String {
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in text {
            if isEscaped {
                bytes.append([UInt8(ascii: "n"): 10, UInt8(ascii: "t"): 9, UInt8(ascii: "r"): 13][byte] ?? byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
