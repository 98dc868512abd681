// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiYjs

/// Random numbers that are the same in every run.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        self.state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<max(bound, 1), using: &self) }
}

/// Several clients that edit all kinds of types and hear of one another now and then.
struct RandomSession {
    static let roots: YObject = ["text": "Text", "array": "Array", "map": "Map", "xml": "XmlFragment"]

    private(set) var clients: [YDocument] = []
    /// Every update in both formats, in the order in which they were made.
    private(set) var updates: [(v1: [UInt8], v2: [UInt8])] = []
    private var heard: [Int] = []
    private var random: Seeded

    private final class Outbox {
        var v1: [[UInt8]] = []
        var v2: [[UInt8]] = []
    }

    init(seed: UInt64, clients count: Int, edits: Int, collectsGarbage: Bool = true) throws {
        self.random = Seeded(seed)
        var outboxes: [Outbox] = []
        for index in 0..<count {
            let document = YDocument(clientID: (index + 1) * 1000, collectsGarbage: collectsGarbage)
            let outbox = Outbox()
            document.observeUpdates { update, view in if view.isLocal { outbox.v1.append(update) } }
            document.observeUpdates(format: .v2) { update, view in if view.isLocal { outbox.v2.append(update) } }
            self.clients.append(document)
            outboxes.append(outbox)
        }
        self.heard = Array(repeating: 0, count: count)
        for _ in 0..<edits {
            let client = self.random.below(count)
            try self.edit(self.clients[client])
            let outbox = outboxes[client]
            self.updates += zip(outbox.v1, outbox.v2).map { (v1: $0, v2: $1) }
            outbox.v1 = []
            outbox.v2 = []
            if self.random.below(4) == 0 { try self.hear(self.random.below(count)) }
        }
        for client in 0..<count { try self.hear(client) }
    }

    private mutating func hear(_ client: Int) throws {
        for update in self.updates[self.heard[client]...] { try self.clients[client].apply(update.v1) }
        self.heard[client] = self.updates.count
    }

    private mutating func edit(_ document: YDocument) throws {
        switch self.random.below(8) {
        case 0, 1, 2: try self.edit(document.text("text"))
        case 3: try self.format(document.text("text"))
        case 4: try self.edit(document.array("array"))
        case 5: try self.edit(document.map("map"))
        default: try self.edit(document.xmlFragment("xml"))
        }
    }

    private static let words = ["a", "bc", "def", "é", "日本", "😀", "x\ny", "👩‍👩‍👧"]

    private mutating func edit(_ text: YText) throws {
        let length = text.length
        if length > 3, self.random.below(3) == 0 {
            let start = self.random.below(length)
            try text.remove(start..<min(length, start + 1 + self.random.below(4)))
        } else {
            let word = Self.words[self.random.below(Self.words.count)]
            let attributes: YObject? = self.random.below(5) == 0 ? ["b": true] : nil
            try text.insert(word, at: self.random.below(length + 1), attributes: attributes)
        }
    }

    private mutating func format(_ text: YText) throws {
        let length = text.length
        guard length > 1 else { return try text.insert("zz", at: 0) }
        // A format that changes nothing is not sent, and must therefore not cut a surrogate pair either.
        let units = Array(text.plain)
        func whole(_ position: Int) -> Int {
            position < units.count && UTF16.isTrailSurrogate(units[position]) ? position - 1 : position
        }
        let start = whole(self.random.below(length))
        let end = whole(min(length, start + 2 + self.random.below(5)))
        let key = ["b", "i", "color"][self.random.below(3)]
        let values: [YValue] = [true, .null, "red", ["href": "u"]]
        try text.format(start..<end, attributes: YObject([(key, values[self.random.below(4)])]))
    }

    private mutating func edit(_ array: YArray) throws {
        let length = array.length
        if length > 2, self.random.below(3) == 0 {
            let start = self.random.below(length)
            try array.remove(start..<min(length, start + 1 + self.random.below(2)))
        } else if self.random.below(4) == 0 {
            try array.append([.value(.number(Double(self.random.below(100)))), .array([1, .map([("k", "v")])])])
        } else {
            let inputs: [YInput] = [1, .value(.bytes([1, 2])), .text([.insert(.text("nested"))]), true]
            try array.insert(Array(inputs.prefix(1 + self.random.below(4))), at: self.random.below(length + 1))
        }
    }

    private mutating func edit(_ map: YMap) throws {
        let key = ["k", "l", "m"][self.random.below(3)]
        switch self.random.below(4) {
        case 0: try map.removeValue(for: key)
        case 1: try map.set(.map([("n", .value(.number(Double(self.random.below(9)))))]), for: key)
        case 2:
            if case .map(let inner)? = map[key] { try inner.set("deep", for: "d") }
        default: try map.set(.value(.number(Double(self.random.below(9)))), for: key)
        }
    }

    private mutating func edit(_ fragment: YXmlFragment) throws {
        let length = fragment.length
        switch self.random.below(4) {
        case 0 where length > 1: try fragment.remove(self.random.below(length)..<length)
        case 1:
            if case .xmlElement(let element)? = fragment.element(at: self.random.below(length)) {
                try element.setAttribute("id", to: .value(.number(Double(self.random.below(9)))))
                try element.append([.xmlText([.insert(.text("t"), attributes: ["b": true])])])
            }
        default: try fragment.insert([.xmlElement("p", children: [.xmlText()])], at: self.random.below(length + 1))
        }
    }
}

extension YText {
    /// The units by position: what is not text counts as one.
    fileprivate var plain: [UInt16] {
        self.delta().flatMap { run -> [UInt16] in
            if case .text(let text) = run.content { return Array(text.utf16) }
            return [0xfffc]
        }
    }
}
