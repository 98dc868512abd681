// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiWire
import HibikiYjs
import NIOCore

/// What a document holds, for programs that do not speak Yjs.
///
/// It is read from a copy: to open a shared type under a name says what kind it is, and a reader is not to say that of the document that
/// others edit.
enum DocumentContent {
    /// As what a shared type is read.
    enum Form: String, CaseIterable {
        case text, delta, map, array, xml

        static let words = Form.allCases.map(\.rawValue).joined(separator: ", ")
    }

    enum Content {
        case text(String)
        case json(JSON)
    }

    /// How deep types and values lie in one another in what is answered; what lies deeper is `null` there.
    private static let depth = 100

    /// - Throws: `not_found` if the document has nothing under this name.
    @concurrent
    static func read(_ name: String, as form: Form, from state: [UInt8]) async throws -> Content {
        let document = YDocument(limits: .trusted)
        try document.apply(state)
        guard document.rootNames.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else {
            throw WireError(.notFound, "the document has nothing under this name")
        }
        switch form {
        case .text: return .text(try document.text(name).string)
        case .delta: return .json(.array(try document.text(name).delta().map { JSON($0, depth: self.depth) }))
        case .map: return .json(JSON(.map(try document.map(name)), depth: self.depth))
        case .array: return .json(JSON(.array(try document.array(name)), depth: self.depth))
        case .xml: return .text(try document.xmlFragment(name).string)
        }
    }
}

extension JSON {
    fileprivate init(_ output: YOutput, depth: Int) {
        guard depth > 0 else {
            self = .null
            return
        }
        switch output {
        case .value(let value): self = JSON(value, depth: depth)
        case .text(let text): self = .string(text.string)
        case .array(let array): self = .array(array.elements.map { JSON($0, depth: depth - 1) })
        case .map(let map): self = JSON(map.entries, depth: depth)
        case .xmlElement(let element): self = .string(element.string)
        case .xmlFragment(let fragment): self = .string(fragment.string)
        case .xmlText(let text): self = .string(text.markup)
        case .xmlHook(let hook): self = JSON(hook.entries, depth: depth)
        case .document(let document): self = ["guid": .string(document.guid)]
        }
    }

    private init(_ entries: [(key: String, value: YOutput)], depth: Int) {
        var object: JSONObject = [:]
        for (key, value) in entries { object[key] = JSON(value, depth: depth - 1) }
        self = .object(object)
    }

    fileprivate init(_ value: YValue, depth: Int) {
        guard depth > 0 else {
            self = .null
            return
        }
        switch value {
        case .undefined, .null: self = .null
        case .bool(let value): self = .bool(value)
        // JSON has no word for what is not finite, nor has JavaScript's `JSON.stringify`.
        case .number(let value):
            self = Int64(exactly: value).map(JSON.integer) ?? (value.isFinite ? .number(value) : .null)
        case .bigInt(let value): self = .integer(value)
        case .string(let value): self = .string(value)
        case .bytes(let bytes): self = .array(bytes.map { .integer(Int64($0)) })
        case .array(let values): self = .array(values.map { JSON($0, depth: depth - 1) })
        case .object(let object):
            var members: JSONObject = [:]
            for (key, value) in object { members[key] = JSON(value, depth: depth - 1) }
            self = .object(members)
        }
    }

    /// A piece of a text as Quill has it: `{"insert": …, "attributes": {…}}`.
    fileprivate init(_ run: YTextRun, depth: Int) {
        var object: JSONObject = [:]
        switch run.content {
        case .text(let text): object["insert"] = .string(text)
        case .embed(let value): object["insert"] = JSON(value, depth: depth)
        case .type(let output): object["insert"] = JSON(output, depth: depth)
        }
        if !run.attributes.isEmpty { object["attributes"] = JSON(.object(run.attributes), depth: depth) }
        self = .object(object)
    }
}
