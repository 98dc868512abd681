// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiYjs
import Testing

@Suite struct EventTests {
    private static func describe(_ changes: [YEvent.TextChange]) -> [String] {
        changes.map { change in
            func marks(_ object: YObject) -> String { object.map { "\($0.key)=\($0.value)" }.joined(separator: ",") }
            return switch change {
            case .retain(let count, let attributes): "retain \(count) \(marks(attributes))"
            case .insert(.text(let text), let attributes): "insert \(text) \(marks(attributes))"
            case .insert(_, let attributes): "embed \(marks(attributes))"
            case .delete(let count): "delete \(count)"
            }
        }
    }

    @Test func `an event of a text says what was inserted, deleted and formatted`() throws {
        let document = YDocument(clientID: 1)
        let text = try document.text("t")
        try text.insert("hello world", at: 0)
        var seen: [[String]] = []
        text.observe { event, _ in seen.append(Self.describe(event.textChanges)) }
        try text.insert(",", at: 5)
        try text.remove(0..<1)
        try text.format(0..<4, attributes: ["b": true])
        try text.format(0..<4, attributes: ["b": .null])
        #expect(seen[0] == ["retain 5 ", "insert , "])
        #expect(seen[1] == ["delete 1"])
        #expect(seen[2] == ["retain 4 b=bool(true)"])
        #expect(seen[3] == ["retain 4 b=null"])
    }

    @Test func `an update of others makes one event, and the origin comes along`() throws {
        let other = YDocument(clientID: 2)
        try other.transact { () throws(YError) in
            try other.text("t").insert("ab", at: 0)
            try other.text("t").insert("X", at: 1)
        }
        let document = YDocument(clientID: 1)
        var seen: [(changes: [String], isLocal: Bool, origin: YOrigin?)] = []
        try document.text("t").observe { event, transaction in
            seen.append((Self.describe(event.textChanges), transaction.isLocal, transaction.origin))
        }
        try document.apply(other.encodeState(), origin: "peer")
        #expect(seen.count == 1)
        #expect(seen[0].changes == ["insert aXb "])
        #expect(!seen[0].isLocal)
        #expect(seen[0].origin == "peer" as YOrigin)
    }

    @Test func `an event of a map says what a key had before`() throws {
        let document = YDocument(clientID: 1)
        let map = try document.map("m")
        try map.set(1, for: "kept")
        try map.set(1, for: "gone")
        var seen: [String] = []
        map.observe { event, _ in
            for (key, change) in event.keys.sorted(by: { $0.key < $1.key }) {
                switch change {
                case .added: seen.append("\(key) added")
                case .updated(.value(let old)?): seen.append("\(key) updated from \(old)")
                case .removed(.value(let old)?): seen.append("\(key) removed with \(old)")
                case .updated, .removed: seen.append("\(key) lost")
                }
            }
        }
        try document.transact { () throws(YError) in
            try map.set(2, for: "kept")
            try map.removeValue(for: "gone")
            try map.set(true, for: "new")
            try map.set(3, for: "brief")
            try map.removeValue(for: "brief")
        }
        #expect(seen == ["gone removed with number(1.0)", "kept updated from number(1.0)", "new added"])
    }

    @Test func `an event of an array says where elements came and went`() throws {
        let document = YDocument(clientID: 1)
        let array = try document.array("a")
        try array.insert([1, 2, 3, 4], at: 0)
        var seen: [String] = []
        array.observe { event, _ in
            for change in event.listChanges {
                switch change {
                case .retain(let count): seen.append("retain \(count)")
                case .insert(let elements): seen.append("insert \(elements.count)")
                case .delete(let count): seen.append("delete \(count)")
                }
            }
        }
        try document.transact { () throws(YError) in
            try array.remove(1..<3)
            try array.insert(["x", "y"], at: 2)
        }
        #expect(seen == ["retain 1", "delete 2", "retain 1", "insert 2"])
    }

    @Test func `a deep observer hears of types within, with the way to them`() throws {
        let document = YDocument(clientID: 1)
        let root = try document.array("root")
        try root.insert([1, .map([("text", .text())])], at: 0)
        var paths: [[YPathElement]] = []
        root.observeDeep { events, _ in paths += events.map(\.path) }
        guard case .map(let map)? = root.element(at: 1), case .text(let text)? = map["text"] else {
            Issue.record("the types are not there")
            return
        }
        try text.insert("x", at: 0)
        try map.set(2, for: "k")
        #expect(paths == [[.position(1), .key("text")], [.position(1)]])
    }

    @Test func `what an observer changes is a transaction after the one that it observed`() throws {
        let document = YDocument(clientID: 1)
        let text = try document.text("t")
        var updates = 0
        document.observeUpdates { _, _ in updates += 1 }
        text.observe { _, _ in if text.length < 3 { try? text.insert("+", at: text.length) } }
        try text.insert("a", at: 0)
        #expect(text.string == "a++")
        #expect(updates == 3)
    }

    @Test func `a cancelled observation is silent`() throws {
        let document = YDocument(clientID: 1)
        var count = 0
        let observation = document.observeUpdates { _, _ in count += 1 }
        try document.text("t").insert("a", at: 0)
        document.cancel(observation)
        try document.text("t").insert("b", at: 0)
        #expect(count == 1)
    }

    @Test func `subdocuments are told when they come and go`() throws {
        let document = YDocument(clientID: 1)
        var seen: [String] = []
        document.observeSubdocuments { event, _ in
            seen += event.added.map { "+\($0.guid)" } + event.removed.map { "-\($0.guid)" }
        }
        try document.map("m").set(.document(guid: "inner"), for: "d")
        try document.map("m").removeValue(for: "d")
        #expect(seen == ["+inner", "-inner"])
    }

    @Test func `keys that look alike change apart`() throws {
        let map = try YDocument(clientID: 1).map("m")
        var seen: [String] = []
        map.observe { event, _ in seen += event.keys.map(\.key) }
        try map.document.transact { () throws(YError) in
            try map.set(1, for: "\u{e9}")
            try map.set(2, for: "e\u{301}")
        }
        #expect(seen.map { Array($0.utf8) } == [[0x65, 0xcc, 0x81], [0xc3, 0xa9]])
    }

    @Test func `a change in each of five thousand types in one another is told to the outermost`() throws {
        let depth = 5000
        let document = YDocument()
        var structs: [[UInt8]] = [[7, 1, 1, 0x61, 0]]
        for clock in 1..<depth { structs.append([7, 0, 1] + Wire.number(clock - 1) + [0]) }
        try document.apply(Wire.update([Wire.part(1, structs)]))
        var counts: [Int] = []
        try document.array("a").observeDeep { events, _ in counts.append(events.count) }
        let inner = (0..<depth).map { [0x28, 0, 1] + Wire.number($0) + [1, 0x6b, 1, 120] }
        try document.apply(Wire.update([Wire.part(2, inner)]))
        #expect(counts == [depth])
    }

    @Test func `ten thousand documents come and half of them go`() throws {
        let document = YDocument()
        var counts: [[Int]] = []
        document.observeSubdocuments { event, _ in counts.append([event.added.count, event.removed.count]) }
        let count = 10_000
        let structs = (0..<count).map { [9, 1, 1, 0x61] + Wire.string("\($0)") + [118, 0] }
        try document.apply(
            Wire.update([Wire.part(1, structs)], deletions: Wire.deletions(of: 1, [(clock: 0, length: count / 2)])))
        try document.apply(
            Wire.update([], deletions: Wire.deletions(of: 1, [(clock: 0, length: count)])))
        #expect(counts == [[count / 2, 0], [0, count / 2]])
    }
}
