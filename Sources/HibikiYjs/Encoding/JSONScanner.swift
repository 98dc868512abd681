// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Reads JSON text (RFC 8259) into values, objects in their order.
package struct JSONScanner {
    private let bytes: [UInt8]
    private var index = 0

    package static func value(_ text: String, depth: Int) throws(YError) -> YValue {
        var scanner = JSONScanner(bytes: Array(text.utf8))
        let value = try scanner.value(depth: depth)
        scanner.skipSpace()
        guard scanner.index == scanner.bytes.count else { throw .invalidJSON }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { self.index < self.bytes.count ? self.bytes[self.index] : nil }

    private mutating func skipSpace() {
        while let byte = self.next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { self.index += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard self.next == byte else { return false }
        self.index += 1
        return true
    }

    private mutating func value(depth: Int) throws(YError) -> YValue {
        self.skipSpace()
        switch self.next {
        case 0x7b: return try self.object(depth: depth)
        case 0x5b: return try self.array(depth: depth)
        case 0x22: return .string(try self.string())
        case 0x74: return try self.word("true", .bool(true))
        case 0x66: return try self.word("false", .bool(false))
        case 0x6e: return try self.word("null", .null)
        default: return .number(try self.number())
        }
    }

    private mutating func word(_ word: StaticString, _ value: YValue) throws(YError) -> YValue {
        for byte in word.description.utf8 {
            guard self.take(byte) else { throw .invalidJSON }
        }
        return value
    }

    private mutating func object(depth: Int) throws(YError) -> YValue {
        guard depth > 0 else { throw .limitExceeded }
        self.index += 1
        var pairs: [(String, YValue)] = []
        self.skipSpace()
        if self.take(0x7d) { return .object(YObject()) }
        while true {
            self.skipSpace()
            guard self.next == 0x22 else { throw .invalidJSON }
            let key = try self.string()
            self.skipSpace()
            guard self.take(0x3a) else { throw .invalidJSON }
            pairs.append((key, try self.value(depth: depth - 1)))
            self.skipSpace()
            if self.take(0x7d) { return .object(YObject(pairs)) }
            guard self.take(0x2c) else { throw .invalidJSON }
        }
    }

    private mutating func array(depth: Int) throws(YError) -> YValue {
        guard depth > 0 else { throw .limitExceeded }
        self.index += 1
        var values: [YValue] = []
        self.skipSpace()
        if self.take(0x5d) { return .array(values) }
        while true {
            values.append(try self.value(depth: depth - 1))
            self.skipSpace()
            if self.take(0x5d) { return .array(values) }
            guard self.take(0x2c) else { throw .invalidJSON }
        }
    }

    private mutating func number() throws(YError) -> Double {
        let start = self.index
        _ = self.take(0x2d)
        if !self.take(0x30) { try self.digits() }
        if self.take(0x2e) { try self.digits() }
        if self.take(0x65) || self.take(0x45) {
            if !self.take(0x2b) { _ = self.take(0x2d) }
            try self.digits()
        }
        guard let number = Double(String(decoding: self.bytes[start..<self.index], as: UTF8.self)) else {
            throw .invalidJSON
        }
        return number
    }

    private mutating func digits() throws(YError) {
        let start = self.index
        while let byte = self.next, byte >= 0x30, byte <= 0x39 { self.index += 1 }
        guard self.index > start else { throw .invalidJSON }
    }

    private mutating func string() throws(YError) -> String {
        self.index += 1
        var utf8: [UInt8] = []
        while let byte = self.next {
            self.index += 1
            switch byte {
            case 0x22: return String(decoding: utf8, as: UTF8.self)
            case 0x5c: try self.escape(into: &utf8)
            case 0..<0x20: throw .invalidJSON
            default: utf8.append(byte)
            }
        }
        throw .invalidJSON
    }

    private mutating func escape(into utf8: inout [UInt8]) throws(YError) {
        guard let byte = self.next else { throw .invalidJSON }
        self.index += 1
        switch byte {
        case 0x22, 0x5c, 0x2f: utf8.append(byte)
        case 0x62: utf8.append(0x08)
        case 0x66: utf8.append(0x0c)
        case 0x6e: utf8.append(0x0a)
        case 0x72: utf8.append(0x0d)
        case 0x74: utf8.append(0x09)
        case 0x75:
            var units = [try self.hexUnit()]
            // All in a row, for which of them are pairs is seen from the first on.
            while self.next == 0x5c, self.index + 1 < self.bytes.count, self.bytes[self.index + 1] == 0x75 {
                self.index += 2
                units.append(try self.hexUnit())
            }
            UTF16Units.append(units[...], asUTF8To: &utf8)
        default: throw .invalidJSON
        }
    }

    private mutating func hexUnit() throws(YError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = self.next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw .invalidJSON
            }
            unit = unit << 4 | UInt16(truncatingIfNeeded: digit)
            self.index += 1
        }
        return unit
    }
}
