// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiYjs

/// Values that JSON cannot say, in the vectors' notation: an object with one key that begins with `$`.
enum TaggedJSON {
    static func value(_ json: YValue) -> YValue {
        switch json {
        case .array(let values): return .array(values.map(self.value))
        case .object(let object):
            if let pair = object.first, let special = self.special(pair.key, pair.value) { return special }
            return .object(YObject(object.map { ($0.key, self.value($0.value)) }))
        default: return json
        }
    }

    private static func special(_ tag: String, _ value: YValue) -> YValue? {
        switch (tag, value) {
        case ("$undefined", _): .undefined
        case ("$bin", .string(let hex)): .bytes(Hex.bytes(hex))
        case ("$bigint", .string(let digits)): .bigInt(Int64(digits) ?? 0)
        case ("$float", .string("NaN")): .number(.nan)
        case ("$float", .string("Infinity")): .number(.infinity)
        case ("$float", .string("-Infinity")): .number(-.infinity)
        case ("$float", .string("-0")): .number(-0.0)
        default: nil
        }
    }

    /// The way back: what a value looks like in the vectors.
    static func json(_ value: YValue) -> YValue {
        switch value {
        case .undefined: ["$undefined": true]
        case .bytes(let bytes): ["$bin": .string(Hex.string(bytes))]
        case .bigInt(let number): ["$bigint": .string(String(number))]
        case .number(let number) where number.isNaN: ["$float": "NaN"]
        case .number(let number) where number.isInfinite: ["$float": number < 0 ? "-Infinity" : "Infinity"]
        case .number(let number) where number == 0 && number.sign == .minus: ["$float": "-0"]
        case .array(let values): .array(values.map(self.json))
        case .object(let object): .object(YObject(object.map { ($0.key, self.json($0.value)) }))
        default: value
        }
    }

    /// What is inserted: a value or, with `$type` or `$doc`, a new type or document.
    static func input(_ json: YValue) -> YInput {
        if case .string(let guid) = json["$doc"] {
            return .document(guid: guid, options: json["opts"]?.object ?? [:])
        }
        guard case .string(let type) = json["$type"] else { return .value(self.value(json)) }
        let delta: [YDelta] = json["init"]?.string.map { [.insert(.text($0))] } ?? []
        let children = (json["children"]?.array ?? []).map(self.input)
        let name = json["name"]?.string ?? ""
        func entries(_ key: String) -> [(key: String, value: YInput)] {
            (json[key]?.object ?? [:]).map { ($0.key, self.input($0.value)) }
        }
        return switch type {
        case "Text": .text(delta)
        case "XmlText": .xmlText(delta)
        case "Array": .array((json["init"]?.array ?? []).map(self.input))
        case "Map": .map(entries("init"))
        case "XmlElement": .xmlElement(name, attributes: entries("attrs"), children: children)
        case "XmlHook": .xmlHook(name, entries: entries("init"))
        default: .xmlFragment(children)
        }
    }
}

extension YValue {
    subscript(_ key: String) -> YValue? { self.object?[key] }

    var object: YObject? {
        if case .object(let object) = self { return object }
        return nil
    }

    var array: [YValue]? {
        if case .array(let array) = self { return array }
        return nil
    }

    var string: String? {
        if case .string(let string) = self { return string }
        return nil
    }

    var int: Int? {
        if case .number(let number) = self { return Int(exactly: number) }
        return nil
    }

    var bool: Bool? {
        if case .bool(let bool) = self { return bool }
        return nil
    }

    var hex: [UInt8]? { self.string.map(Hex.bytes) }
}

enum Hex {
    static func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    static func string(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
