// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Text that counts UTF-16 units, as the operations do, and holds no half of a surrogate pair.
///
/// Two are equal if their units are. Swift's `String` holds "é" and "e" with a combining accent for equal; an operation
/// has to tell them apart, for they differ in length.
public struct UTF16Text: Hashable, Sendable {
    public private(set) var units: [UInt16]

    public init(_ string: String = "") {
        let bytes = Array(string.utf8)
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count, UTF8Scalars.append(bytes, &index, to: &units) {}
        self.units = units
    }

    /// Nil if a unit is half of a surrogate pair whose other half is missing.
    public init?(units: [UInt16]) {
        var index = 0
        while index < units.count {
            let isPair =
                UTF16.isLeadSurrogate(units[index]) && index + 1 < units.count
                && UTF16.isTrailSurrogate(units[index + 1])
            guard isPair || !UTF16.isSurrogate(units[index]) else { return nil }
            index += isPair ? 2 : 1
        }
        self.units = units
    }

    /// For units that are known to be whole.
    init(whole units: [UInt16]) { self.units = units }

    public var string: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(self.units.count)
        self.appendUTF8(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// How many UTF-16 units there are.
    public var count: Int { self.units.count }
    public var isEmpty: Bool { self.units.isEmpty }

    /// Whether one may cut there without cutting a surrogate pair.
    func isBoundary(at offset: Int) -> Bool {
        guard offset > 0, offset < self.units.count else { return true }
        return !UTF16.isTrailSurrogate(self.units[offset])
    }

    /// The units of a range within the text, whose ends are boundaries.
    func part(_ range: Range<Int>) -> UTF16Text {
        range.count == self.units.count ? self : UTF16Text(whole: Array(self.units[range]))
    }

    mutating func append(_ text: UTF16Text) { self.units += text.units }

    /// Appends the text as UTF-8.
    func appendUTF8(to bytes: inout [UInt8]) {
        var index = 0
        while index < self.units.count { UTF8Scalars.append(self.units, &index, to: &bytes) }
    }
}

extension UTF16Text: ExpressibleByStringLiteral, CustomStringConvertible {
    public init(stringLiteral string: String) { self.init(string) }
    public var description: String { self.string }
}

extension UTF16Text: Comparable {
    /// By units, so that the order is the same on every machine.
    public static func < (left: UTF16Text, right: UTF16Text) -> Bool {
        left.units.lexicographicallyPrecedes(right.units)
    }
}
