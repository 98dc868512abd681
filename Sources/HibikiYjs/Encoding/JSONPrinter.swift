// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// JSON text as `JSON.stringify` writes it, for it is on the wire: version 1 holds embeds and attributes as JSON.
package enum JSONPrinter {
    /// Nil for `undefined`, which JSON cannot say.
    package static func text(_ value: YValue) -> String? {
        if case .undefined = value { return nil }
        var bytes: [UInt8] = []
        self.append(value, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func append(_ value: YValue, to bytes: inout [UInt8]) {
        switch value {
        case .undefined, .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let value): bytes.append(contentsOf: self.number(value).utf8)
        case .bigInt(let value): bytes.append(contentsOf: String(value).utf8)
        case .string(let value): self.append(string: value, to: &bytes)
        case .bytes(let values): self.append(byteObject: values, to: &bytes)
        case .array(let values): self.append(array: values, to: &bytes)
        case .object(let object): self.append(object: object, to: &bytes)
        }
    }

    private static func append(array values: [YValue], to bytes: inout [UInt8]) {
        bytes.append(0x5b)
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(0x2c) }
            self.append(value, to: &bytes)
        }
        bytes.append(0x5d)
    }

    private static func append(object: YObject, to bytes: inout [UInt8]) {
        bytes.append(0x7b)
        var isFirst = true
        for (key, value) in object {
            if case .undefined = value { continue }
            if !isFirst { bytes.append(0x2c) }
            isFirst = false
            self.append(string: key, to: &bytes)
            bytes.append(0x3a)
            self.append(value, to: &bytes)
        }
        bytes.append(0x7d)
    }

    /// What JavaScript makes of a `Uint8Array`: an object with its indices as keys.
    private static func append(byteObject values: [UInt8], to bytes: inout [UInt8]) {
        bytes.append(0x7b)
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(0x2c) }
            bytes.append(contentsOf: "\"\(index)\":\(value)".utf8)
        }
        bytes.append(0x7d)
    }

    static func append(string: String, to bytes: inout [UInt8]) {
        bytes.append(0x22)
        for byte in string.utf8 {
            switch byte {
            case 0x22: bytes.append(contentsOf: [0x5c, 0x22])
            case 0x5c: bytes.append(contentsOf: [0x5c, 0x5c])
            case 0x08: bytes.append(contentsOf: [0x5c, 0x62])
            case 0x09: bytes.append(contentsOf: [0x5c, 0x74])
            case 0x0a: bytes.append(contentsOf: [0x5c, 0x6e])
            case 0x0c: bytes.append(contentsOf: [0x5c, 0x66])
            case 0x0d: bytes.append(contentsOf: [0x5c, 0x72])
            case 0..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(0x30 + (byte >> 4))
                bytes.append(byte & 15 < 10 ? 0x30 + (byte & 15) : 0x57 + (byte & 15))
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
    }

    /// A number as ECMAScript's `Number::toString` writes it: the shortest digits that read back the same.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "null" }
        guard value != 0 else { return "0" }
        let sign = value < 0 ? "-" : ""
        let (digits, point) = self.shortestDigits(value.magnitude)
        let count = digits.count
        if count <= point, point <= 21 {
            return sign + digits + String(repeating: "0", count: point - count)
        }
        if 0 < point, point <= 21 {
            return sign + digits.prefix(point) + "." + digits.dropFirst(point)
        }
        if -6 < point, point <= 0 {
            return sign + "0." + String(repeating: "0", count: -point) + digits
        }
        let exponent = point - 1
        let mantissa = count == 1 ? digits : digits.prefix(1) + "." + digits.dropFirst()
        return sign + mantissa + "e" + (exponent < 0 ? "-" : "+") + String(exponent.magnitude)
    }

    /// The digits without zeros around them, and how many of them stand before the decimal point.
    private static func shortestDigits(_ value: Double) -> (String, Int) {
        let parts = value.description.split(separator: "e", maxSplits: 1)
        let mantissa = parts.first.map(String.init) ?? "0"
        let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let halves = mantissa.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let whole = halves.first.map(String.init) ?? ""
        let fraction = halves.count > 1 ? String(halves[1]) : ""
        let all = whole + fraction
        let leading = all.prefix { $0 == "0" }.count
        var digits = String(all.dropFirst(leading))
        while digits.last == "0" { digits.removeLast() }
        return (digits, whole.count - leading + exponent)
    }
}
