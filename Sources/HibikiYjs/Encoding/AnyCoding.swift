// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The tag bytes of lib0's `any`.
private enum AnyTag {
    static let undefined: UInt8 = 127
    static let null: UInt8 = 126
    static let integer: UInt8 = 125
    static let float32: UInt8 = 124
    static let float64: UInt8 = 123
    static let bigInt: UInt8 = 122
    static let no: UInt8 = 121
    static let yes: UInt8 = 120
    static let string: UInt8 = 119
    static let object: UInt8 = 118
    static let array: UInt8 = 117
    static let bytes: UInt8 = 116
}

extension ByteReader {
    package mutating func any(depth: Int) throws(YError) -> YValue {
        switch try self.byte() {
        case AnyTag.undefined: return .undefined
        case AnyTag.null: return .null
        case AnyTag.integer:
            let (magnitude, negative) = try self.varInt()
            return .number(negative ? -Double(magnitude) : Double(magnitude))
        case AnyTag.float32:
            return .number(Double(Float(bitPattern: UInt32(truncatingIfNeeded: try self.bigEndian(4)))))
        case AnyTag.float64: return .number(Double(bitPattern: try self.bigEndian(8)))
        case AnyTag.bigInt: return .bigInt(Int64(bitPattern: try self.bigEndian(8)))
        case AnyTag.no: return .bool(false)
        case AnyTag.yes: return .bool(true)
        case AnyTag.string: return .string(try self.string())
        case AnyTag.object: return try self.object(depth: depth)
        case AnyTag.array: return try self.array(depth: depth)
        case AnyTag.bytes: return .bytes(try self.byteArray())
        default: throw .unknownKind
        }
    }

    private mutating func object(depth: Int) throws(YError) -> YValue {
        guard depth > 0 else { throw .limitExceeded }
        let count = try self.varUint()
        guard count <= self.remaining / 2 else { throw .unexpectedEnd }
        var pairs: [(String, YValue)] = []
        for _ in 0..<count {
            let key = try self.string()
            pairs.append((key, try self.any(depth: depth - 1)))
        }
        return .object(YObject(pairs))
    }

    private mutating func array(depth: Int) throws(YError) -> YValue {
        guard depth > 0 else { throw .limitExceeded }
        let count = try self.varUint()
        guard count <= self.remaining else { throw .unexpectedEnd }
        var values: [YValue] = []
        for _ in 0..<count { values.append(try self.any(depth: depth - 1)) }
        return .array(values)
    }
}

extension ByteWriter {
    package mutating func any(_ value: YValue) {
        switch value {
        case .undefined: self.byte(AnyTag.undefined)
        case .null: self.byte(AnyTag.null)
        case .bool(let value): self.byte(value ? AnyTag.yes : AnyTag.no)
        case .number(let value): self.number(value)
        case .bigInt(let value):
            self.byte(AnyTag.bigInt)
            self.bigEndian(UInt64(bitPattern: value), 8)
        case .string(let value):
            self.byte(AnyTag.string)
            self.string(value)
        case .bytes(let value):
            self.byte(AnyTag.bytes)
            self.byteArray(value)
        case .array(let values):
            self.byte(AnyTag.array)
            self.varUint(values.count)
            for value in values { self.any(value) }
        case .object(let object):
            self.byte(AnyTag.object)
            self.varUint(object.count)
            for (key, value) in object {
                self.string(key)
                self.any(value)
            }
        }
    }

    /// The shortest of lib0's three forms: an integer of at most 31 bits, 32 bits of float if exact, 64 bits.
    private mutating func number(_ value: Double) {
        if value.magnitude <= 0x7fff_ffff, value == Double(Int(value)) {
            self.byte(AnyTag.integer)
            self.varInt(magnitude: Int(value.magnitude), isNegative: value.sign == .minus)
        } else if Double(Float(value)) == value {
            self.byte(AnyTag.float32)
            self.bigEndian(UInt64(Float(value).bitPattern), 4)
        } else {
            self.byte(AnyTag.float64)
            // One NaN for all, as JavaScript has it.
            self.bigEndian(value.isNaN ? 0x7ff8_0000_0000_0000 : value.bitPattern, 8)
        }
    }
}
