// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The life of a log. A log that was lost comes back with another epoch.
///
/// Without it, a client that has seen offset 17 of yesterday's log would be served from offset 18 of today's, and
/// never learn that it missed the first seventeen events of the day.
public struct Epoch: Hashable, Sendable {
    public let value: UInt32

    public init(_ value: UInt32) {
        self.value = value
    }

    public static func random(using generator: inout some RandomNumberGenerator) -> Epoch {
        Epoch(UInt32.random(in: .min ... .max, using: &generator))
    }
}

/// A place in the log of one topic: the epoch of the log, and the offset of an event, which counts from 1.
///
/// Offset 0 is the place before the first event. In text it is `5d41c0a2-17`: eight hexadecimal digits, a hyphen and a
/// decimal number without leading zeros. Clients treat it as opaque.
public struct StreamPosition: Hashable, Sendable {
    public var epoch: Epoch
    public var offset: UInt64

    public init(epoch: Epoch, offset: UInt64) {
        self.epoch = epoch
        self.offset = offset
    }

    /// Reads the text form, and nothing else: `nil` for anything that ``description`` would not have written.
    public init?(_ text: some StringProtocol) {
        let bytes = text.utf8
        guard bytes.count >= 10, bytes.count <= 29 else { return nil }
        var epoch: UInt32 = 0
        var index = bytes.startIndex
        for _ in 0..<8 {
            guard let digit = Self.hexDigit(bytes[index]) else { return nil }
            epoch = epoch << 4 | UInt32(digit)
            bytes.formIndex(after: &index)
        }
        guard bytes[index] == UInt8(ascii: "-") else { return nil }
        bytes.formIndex(after: &index)
        guard let offset = Self.decimal(bytes[index...]) else { return nil }
        self.init(epoch: Epoch(epoch), offset: offset)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    private static func decimal(_ digits: some Collection<UInt8>) -> UInt64? {
        guard let first = digits.first, first != UInt8(ascii: "0") || digits.count == 1 else { return nil }
        var value: UInt64 = 0
        for byte in digits {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }
}

extension StreamPosition: CustomStringConvertible {
    public var description: String {
        let hex = String(self.epoch.value, radix: 16)
        return String(repeating: "0", count: 8 - hex.utf8.count) + hex + "-" + String(self.offset)
    }
}
