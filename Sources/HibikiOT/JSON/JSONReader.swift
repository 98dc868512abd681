// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Reads JSON text (RFC 8259) into values. A string with half a surrogate pair is refused, and so is a number beyond
/// what a `Double` holds.
struct JSONReader {
    private let bytes: [UInt8]
    private let limits: OTLimits
    private var index = 0
    private var values = 0

    static func value(_ bytes: [UInt8], limits: OTLimits) throws(OTError) -> OTValue {
        guard bytes.count <= limits.bytes else { throw .limitExceeded("\(bytes.count) bytes of JSON", limits.bytes) }
        var reader = JSONReader(bytes: bytes, limits: limits)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.next == nil else { throw reader.fault("something follows the value") }
        return value
    }

    private init(bytes: [UInt8], limits: OTLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    private var next: UInt8? { self.index < self.bytes.count ? self.bytes[self.index] : nil }

    private func fault(_ reason: String) -> OTError { .invalidJSON(reason, at: self.index) }

    private mutating func skipSpace() {
        while let byte = self.next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { self.index += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard self.next == byte else { return false }
        self.index += 1
        return true
    }

    private mutating func value(depth: Int) throws(OTError) -> OTValue {
        guard self.values < self.limits.values else { throw .limitExceeded("the number of values", self.limits.values) }
        self.values += 1
        self.skipSpace()
        switch self.next {
        case 0x7b: return .object(try self.object(depth: depth))
        case 0x5b: return .array(try self.array(depth: depth))
        case 0x22: return .string(try self.string())
        case 0x74: return try self.word("true", .bool(true))
        case 0x66: return try self.word("false", .bool(false))
        case 0x6e: return try self.word("null", .null)
        case 0x2d, .some(0x30...0x39): return .number(try self.number())
        case nil: throw self.fault("the text ends where a value should stand")
        default: throw self.fault("no value begins like this")
        }
    }

    private mutating func word(_ word: StaticString, _ value: OTValue) throws(OTError) -> OTValue {
        for byte in word.description.utf8 {
            guard self.take(byte) else { throw self.fault("an unknown word") }
        }
        return value
    }

    private mutating func enter(_ depth: Int) throws(OTError) {
        guard depth < self.limits.depth else { throw .limitExceeded("the depth of values", self.limits.depth) }
        self.index += 1
        self.skipSpace()
    }

    private mutating func object(depth: Int) throws(OTError) -> OTObject {
        try self.enter(depth)
        var members: [(UTF16Text, OTValue)] = []
        if self.take(0x7d) { return OTObject() }
        while true {
            self.skipSpace()
            guard self.next == 0x22 else { throw self.fault("a key is missing") }
            let key = try self.string()
            self.skipSpace()
            guard self.take(0x3a) else { throw self.fault("a colon is missing") }
            members.append((key, try self.value(depth: depth + 1)))
            self.skipSpace()
            if self.take(0x7d) { return OTObject(members) }
            guard self.take(0x2c) else { throw self.fault("a comma or a brace is missing") }
        }
    }

    private mutating func array(depth: Int) throws(OTError) -> [OTValue] {
        try self.enter(depth)
        var values: [OTValue] = []
        if self.take(0x5d) { return values }
        while true {
            values.append(try self.value(depth: depth + 1))
            self.skipSpace()
            if self.take(0x5d) { return values }
            guard self.take(0x2c) else { throw self.fault("a comma or a bracket is missing") }
        }
    }

    private mutating func number() throws(OTError) -> Double {
        let start = self.index
        _ = self.take(0x2d)
        if !self.take(0x30) { try self.digits() }
        if self.take(0x2e) { try self.digits() }
        if self.take(0x65) || self.take(0x45) {
            if !self.take(0x2b) { _ = self.take(0x2d) }
            try self.digits()
        }
        guard let number = Double(String(decoding: self.bytes[start..<self.index], as: UTF8.self)), number.isFinite
        else { throw .invalidJSON("a number is too large", at: start) }
        return number
    }

    private mutating func digits() throws(OTError) {
        let start = self.index
        while let byte = self.next, byte >= 0x30, byte <= 0x39 { self.index += 1 }
        guard self.index > start else { throw self.fault("a digit is missing") }
    }
}

// Strings
extension JSONReader {
    private mutating func string() throws(OTError) -> UTF16Text {
        self.index += 1
        var units: [UInt16] = []
        while let byte = self.next {
            switch byte {
            case 0x22:
                self.index += 1
                return UTF16Text(whole: units)
            case 0x5c: try self.escape(into: &units)
            case 0..<0x20: throw self.fault("a control character in a string")
            case 0x80...:
                guard UTF8Scalars.append(self.bytes, &self.index, to: &units) else { throw self.fault("not UTF-8") }
            default: self.run(into: &units)
            }
        }
        throw self.fault("the text ends inside a string")
    }

    /// Letters that stand for themselves, as many as follow one another.
    private mutating func run(into units: inout [UInt16]) {
        let start = self.index
        while let byte = self.next, byte >= 0x20, byte < 0x80, byte != 0x22, byte != 0x5c { self.index += 1 }
        units.append(contentsOf: self.bytes[start..<self.index].lazy.map(UInt16.init))
    }

    private mutating func escape(into units: inout [UInt16]) throws(OTError) {
        self.index += 1
        guard let byte = self.next else { throw self.fault("the text ends inside a string") }
        self.index += 1
        switch byte {
        case 0x22, 0x5c, 0x2f: units.append(UInt16(byte))
        case 0x62: units.append(0x08)
        case 0x66: units.append(0x0c)
        case 0x6e: units.append(0x0a)
        case 0x72: units.append(0x0d)
        case 0x74: units.append(0x09)
        case 0x75: try self.scalar(into: &units)
        default: throw self.fault("an unknown escape")
        }
    }

    /// `\u` was read; what follows is one unit, or the first of a pair.
    private mutating func scalar(into units: inout [UInt16]) throws(OTError) {
        let unit = try self.unit()
        units.append(unit)
        guard UTF16.isSurrogate(unit) else { return }
        guard UTF16.isLeadSurrogate(unit), self.take(0x5c), self.take(0x75) else {
            throw self.fault("half a surrogate pair")
        }
        let trail = try self.unit()
        guard UTF16.isTrailSurrogate(trail) else { throw self.fault("half a surrogate pair") }
        units.append(trail)
    }

    private mutating func unit() throws(OTError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = self.next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw self.fault("a hexadecimal digit is missing")
            }
            unit = unit << 4 | UInt16(truncatingIfNeeded: digit)
            self.index += 1
        }
        return unit
    }
}
