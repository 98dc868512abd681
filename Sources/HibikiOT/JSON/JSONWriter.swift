// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Writes values as JSON text, as short as it can be.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ value: OTValue) {
        switch value {
        case .null: self.bytes += "null".utf8
        case .bool(let bool): self.bytes += (bool ? "true" : "false").utf8
        case .number(let number): self.write(number)
        case .string(let text): self.write(text)
        case .array(let values): self.write(values)
        case .object(let object): self.write(object)
        }
    }

    private mutating func write(_ number: Double) {
        guard number.isFinite else { return self.write(.null) }
        if let whole = number.whole {
            self.bytes += String(whole).utf8
        } else {
            self.bytes += number.description.utf8
        }
    }

    private mutating func write(_ values: [OTValue]) {
        self.bytes.append(0x5b)
        for (index, value) in values.enumerated() {
            if index > 0 { self.bytes.append(0x2c) }
            self.write(value)
        }
        self.bytes.append(0x5d)
    }

    private mutating func write(_ object: OTObject) {
        self.bytes.append(0x7b)
        for (index, member) in object.members.enumerated() {
            if index > 0 { self.bytes.append(0x2c) }
            self.write(member.key)
            self.bytes.append(0x3a)
            self.write(member.value)
        }
        self.bytes.append(0x7d)
    }

    private mutating func write(_ text: UTF16Text) {
        self.bytes.append(0x22)
        let units = text.units
        var index = 0
        while index < units.count {
            switch units[index] {
            case 0x22, 0x5c, 0..<0x20:
                self.escape(UInt8(truncatingIfNeeded: units[index]))
                index += 1
            default: UTF8Scalars.append(units, &index, to: &self.bytes)
            }
        }
        self.bytes.append(0x22)
    }

    private mutating func escape(_ unit: UInt8) {
        self.bytes.append(0x5c)
        switch unit {
        case 0x22, 0x5c: self.bytes.append(unit)
        case 0x08: self.bytes.append(0x62)
        case 0x09: self.bytes.append(0x74)
        case 0x0a: self.bytes.append(0x6e)
        case 0x0c: self.bytes.append(0x66)
        case 0x0d: self.bytes.append(0x72)
        default:
            let digits = Array("0123456789abcdef".utf8)
            self.bytes += [0x75, 0x30, 0x30, digits[Int(unit >> 4)], digits[Int(unit & 0xf)]]
        }
    }
}
