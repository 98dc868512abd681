// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import HibikiSQL

/// Reads values in the binary format of the protocol.
enum PostgresValue {
    /// - Parameters:
    ///   - type: the number of the column's type.
    ///   - column: its name, for the message.
    static func read(
        _ bytes: UnsafeRawBufferPointer, type: UInt32, column: @autoclosure () -> String
    ) throws(PostgresFailure) -> SQLValue {
        let value: SQLValue? =
            switch type {
            case PostgresType.int8, PostgresType.int4, PostgresType.int2:
                self.signed(bytes).map { .integer($0) }
            case PostgresType.bool, PostgresType.oid:
                self.unsigned(bytes).flatMap { Int64(exactly: $0) }.map { .integer($0) }
            case PostgresType.float8:
                self.unsigned(bytes).map { .real(Double(bitPattern: $0)) }
            case PostgresType.float4:
                self.unsigned(bytes).map { .real(Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0)))) }
            case PostgresType.text, PostgresType.varchar, PostgresType.bpchar, PostgresType.name, PostgresType.json:
                String(validating: bytes, as: UTF8.self).map { .text($0) }
            case PostgresType.bytea: .blob(Array(bytes))
            case PostgresType.numeric: self.integral(bytes).map { .integer($0) }
            case PostgresType.void: .null
            default:
                throw PostgresFailure(
                    .result, "column \(column()) is of the type \(type), which is not read: CAST it in the statement")
            }
        guard let value else {
            throw PostgresFailure(.result, "column \(column()) of the type \(type) holds what cannot be read: CAST it")
        }
        return value
    }

    private static func unsigned(_ bytes: UnsafeRawBufferPointer) -> UInt64? {
        guard (1...8).contains(bytes.count) else { return nil }
        return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func signed(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        guard let bits = self.unsigned(bytes) else { return nil }
        let unused = 64 - 8 * bytes.count
        return Int64(bitPattern: bits << unused) >> unused
    }

    /// A `numeric` that is whole, which is what `sum` of `bigint` gives: digits to the base 10,000 before the point.
    private static func integral(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        guard bytes.count >= 8, bytes.count % 2 == 0 else { return nil }
        let words = stride(from: 0, to: bytes.count, by: 2).map {
            Int16(bitPattern: UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]))
        }
        let (weight, sign, digits) = (Int(words[1]), words[2], words.dropFirst(4))
        // Not a number and infinity have signs of their own; digits behind the point make the value no integer.
        guard sign == 0 || sign == 0x4000, digits.count <= max(0, weight + 1) else { return nil }
        guard weight < 8 else { return nil }
        var value: Int64 = 0
        for place in 0..<max(0, weight + 1) {
            let digit = place < digits.count ? Int64(digits[digits.startIndex + place]) : 0
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 10_000)
            let (next, carry) = shifted.subtractingReportingOverflow(digit)
            guard !overflow, !carry else { return nil }
            value = next
        }
        // Counted downwards, as the lowest number has no positive twin.
        guard sign == 0 else { return value }
        let (positive, overflow) = Int64(0).subtractingReportingOverflow(value)
        return overflow ? nil : positive
    }
}
