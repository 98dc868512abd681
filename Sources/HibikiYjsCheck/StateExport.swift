// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiYjs

/// A document in the vectors' notation.
enum StateExport {
    static func state(_ roots: [String: YOutput]) -> YValue {
        .object(YObject(roots.map { ($0.key, self.json($0.value)) }))
    }

    private static func json(_ output: YOutput) -> YValue {
        switch output {
        case .value(let value): return TaggedJSON.json(value)
        case .text(let text):
            return ["$type": "Text", "delta": self.delta(text), "length": .number(Double(text.length))]
        case .xmlText(let text):
            return [
                "$type": "XmlText", "delta": self.delta(text), "length": .number(Double(text.length)),
                "string": .string(text.markup),
            ]
        case .array(let array):
            return [
                "$type": "Array", "value": .array(array.elements.map(self.json)),
                "length": .number(Double(array.length)),
            ]
        case .map(let map): return ["$type": "Map", "value": self.json(map.entries)]
        case .xmlHook(let hook):
            return ["$type": "XmlHook", "name": .string(hook.name), "value": self.json(hook.entries)]
        case .xmlFragment(let fragment):
            return [
                "$type": "XmlFragment", "children": .array(fragment.elements.map(self.json)),
                "string": .string(fragment.string),
            ]
        case .xmlElement(let element):
            return [
                "$type": "XmlElement", "name": .string(element.name), "attrs": self.json(element.attributes),
                "children": .array(element.elements.map(self.json)), "string": .string(element.string),
            ]
        case .document(let document):
            return ["$doc": .string(document.guid), "opts": document.options]
        }
    }

    private static func json(_ entries: [(key: String, value: YOutput)]) -> YValue {
        .object(YObject(entries.map { ($0.key, self.json($0.value)) }))
    }

    private static func delta(_ text: some YTextType) -> YValue { self.delta(text.delta()) }

    static func delta(_ runs: [YTextRun]) -> YValue {
        .array(
            runs.map { run in
                let insert: YValue =
                    switch run.content {
                    case .text(let string): .string(string)
                    case .embed(let value): TaggedJSON.json(value)
                    case .type(let output): self.json(output)
                    }
                guard !run.attributes.isEmpty else { return ["insert": insert] }
                return ["insert": insert, "attributes": TaggedJSON.json(.object(run.attributes))]
            })
    }

    // MARK: The canonical view

    /// Live runs joined as far as they go, and deleted ranges: equal for equal documents, however they are kept.
    static func canonical(_ document: YDocument) -> YValue {
        var live: [YStruct] = []
        var joined: [[YStruct]] = []
        for item in document.structs where !item.isDeleted {
            if let last = live.last, self.continues(last, item) {
                joined[joined.count - 1].append(item)
            } else {
                joined.append([item])
            }
            live.append(item)
        }
        let deleted = document.deletions.clients.sorted { $0.key > $1.key }.map { client, ranges -> YValue in
            [
                .number(Double(client)),
                .array(ranges.map { [.number(Double($0.lowerBound)), .number(Double($0.count))] }),
            ]
        }
        return ["live": .array(joined.map(self.run)), "deleted": .array(deleted)]
    }

    private static func continues(_ left: YStruct, _ right: YStruct) -> Bool {
        let isJoinable = [2, 4, 8].contains(left.kind) && left.kind == right.kind
        return isJoinable && left.id.client == right.id.client && left.id.clock + left.length == right.id.clock
            && right.origin == YID(client: left.id.client, clock: right.id.clock - 1)
            && left.rightOrigin == right.rightOrigin && left.parent == right.parent && left.key == right.key
    }

    private static let names: [UInt8: String] = [
        1: "Deleted", 2: "JSON", 3: "Binary", 4: "String", 5: "Embed", 6: "Format", 7: "Type", 8: "Any", 9: "Doc",
    ]

    private static func run(_ parts: [YStruct]) -> YValue {
        guard let first = parts.first else { return .null }
        let length = parts.reduce(0) { $0 + $1.length }
        let parent: YValue =
            switch first.parent {
            case .root(let name): ["root": .string(name)]
            case .item(let id): ["item": self.id(id)]
            case nil: .null
            }
        return [
            "id": self.id(first.id), "len": .number(Double(length)),
            "kind": .string(self.names[first.kind] ?? "GC"), "origin": self.id(first.origin),
            "rightOrigin": self.id(first.rightOrigin), "parent": parent,
            "parentSub": first.key.map { .string($0) } ?? .null, "content": self.content(parts, first),
        ]
    }

    private static func id(_ id: YID?) -> YValue {
        guard let id else { return .null }
        return [.number(Double(id.client)), .number(Double(id.clock))]
    }

    private static func content(_ parts: [YStruct], _ first: YStruct) -> YValue {
        if let mark = first.mark { return ["key": .string(mark.key), "value": TaggedJSON.json(mark.value)] }
        if first.kind == 4 { return .string(String(decoding: parts.flatMap(\.units), as: UTF16.self)) }
        let values = parts.flatMap(\.outputs).map(self.json)
        if first.kind == 2 || first.kind == 8 { return .array(values) }
        let value = values.first ?? .null
        if first.kind == 3 { return value["$bin"] ?? .null }
        if first.kind == 7 {
            let type = value["$type"]?.string ?? ""
            return .string(value["name"].flatMap(\.string).map { "\(type):\($0)" } ?? type)
        }
        return value
    }
}
