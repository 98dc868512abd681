// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A range of IP addresses in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3): `10.0.0.0/8`, `2001:db8::/32`, or one address.
public struct AddressRange: Hashable, Sendable {
    public enum Problem: Error, Equatable {
        /// Neither an address nor an address and a length.
        case unreadable
        /// The address has bits beyond the length, so that it may not be the range that was meant; `range` has them cleared.
        case bitsBeyondLength(range: String)
    }

    private let first: NetworkAddress
    /// Bits of the address, in its place within IPv6, that members have in common.
    private let length: Int

    public init(_ text: String) throws(Problem) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ NetworkAddress(String($0)) }) else { throw .unreadable }
        let longest = address.isV4 ? 32 : 128
        let length = parts.count == 1 ? longest : Self.number(parts[1])
        guard let length, (0...longest) ~= length else { throw .unreadable }
        self.length = length + 128 - longest
        self.first = address.prefix(self.length)
        guard self.first == address else { throw .bitsBeyondLength(range: "\(self.first)/\(length)") }
    }

    func contains(_ address: NetworkAddress) -> Bool {
        address.prefix(self.length) == self.first
    }

    private static func number(_ text: Substring) -> Int? {
        guard (1...3) ~= text.utf8.count, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= $0 }) else {
            return nil
        }
        return Int(text)
    }
}

extension AddressRange: CustomStringConvertible {
    public var description: String {
        "\(self.first)/\(self.first.isV4 ? self.length - 96 : self.length)"
    }
}

extension NetworkAddress {
    /// The address with all bits after the first `length` cleared.
    fileprivate func prefix(_ length: Int) -> NetworkAddress {
        // A shift by 64 or more leaves nothing, as it should.
        NetworkAddress(
            high: self.high & ~(UInt64.max >> UInt64(length)),
            low: self.low & ~(UInt64.max >> UInt64(max(0, length - 64)))
        )
    }
}
