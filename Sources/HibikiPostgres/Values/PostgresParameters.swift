// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import HibikiSQL

/// The types that go in and come out, by their numbers in `pg_type`, which are fixed.
enum PostgresType {
    static let unspecified: UInt32 = 0
    static let bool: UInt32 = 16
    static let bytea: UInt32 = 17
    static let name: UInt32 = 19
    static let int8: UInt32 = 20
    static let int2: UInt32 = 21
    static let int4: UInt32 = 23
    static let text: UInt32 = 25
    static let oid: UInt32 = 26
    static let json: UInt32 = 114
    static let float4: UInt32 = 700
    static let float8: UInt32 = 701
    static let bpchar: UInt32 = 1042
    static let varchar: UInt32 = 1043
    static let numeric: UInt32 = 1700
    static let void: UInt32 = 2278
}

/// The values of a statement in the binary format of the protocol, one after the other.
///
/// Each goes with the type of its value, so that the server never guesses: `bigint`, `double precision`, `text`, `bytea`.
/// NULL goes without one, as it fits all.
struct PostgresParameters {
    /// `unspecified` for NULL.
    private(set) var types: [UInt32] = []
    /// Where each value lies in `bytes`; `nil` for NULL.
    private(set) var ranges: [Range<Int>?] = []
    private(set) var bytes: [UInt8] = []

    /// The protocol counts them in sixteen bits.
    private static let limit = 65_535

    init(_ values: [SQLValue]) throws(PostgresFailure) {
        guard values.count <= Self.limit else {
            throw PostgresFailure(
                .statement, "\(values.count) parameters are more than the 65,535 that PostgreSQL takes")
        }
        for (index, value) in values.enumerated() {
            switch value {
            case .null: self.append(PostgresType.unspecified, nil)
            case .integer(let value): self.append(PostgresType.int8, Self.bigEndian(UInt64(bitPattern: value)))
            case .real(let value): self.append(PostgresType.float8, Self.bigEndian(value.bitPattern))
            case .blob(let value): self.append(PostgresType.bytea, value)
            case .text(let value):
                guard !value.utf8.contains(0) else {
                    throw PostgresFailure(
                        .statement,
                        "parameter \(index + 1) holds the character U+0000, which a text in PostgreSQL cannot")
                }
                self.append(PostgresType.text, Array(value.utf8))
            }
        }
        // Fits the lengths of the C interface, and the longest message of the protocol.
        guard self.bytes.count < 1 << 30 else {
            throw PostgresFailure(.statement, "the parameters are longer than the 1 GiB that PostgreSQL takes")
        }
    }

    private mutating func append(_ type: UInt32, _ value: [UInt8]?) {
        let start = self.bytes.count
        if let value { self.bytes += value }
        self.types.append(type)
        self.ranges.append(value == nil ? nil : start..<self.bytes.count)
    }

    private static func bigEndian(_ bits: UInt64) -> [UInt8] {
        withUnsafeBytes(of: bits.bigEndian) { Array($0) }
    }

    /// The arrays that libpq's functions take. They hold within the body only.
    func withPointers<Result>(
        _ body: (_ values: [UnsafePointer<CChar>?], _ lengths: [Int32], _ formats: [Int32]) -> Result
    ) -> Result {
        // An address even for no bytes at all: a value without one would be NULL.
        let bytes = self.bytes + [0]
        return bytes.withUnsafeBytes { bytes in
            let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            return body(
                self.ranges.map { range in range.flatMap { start?.advanced(by: $0.lowerBound) } },
                self.ranges.map { Int32(truncatingIfNeeded: $0?.count ?? 0) },
                self.ranges.map { _ in 1 })
        }
    }
}
