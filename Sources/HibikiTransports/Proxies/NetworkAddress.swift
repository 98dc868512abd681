// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import NIOCore

/// An IP address without its port. An address of IPv4 is kept in its place within IPv6, `::ffff:0:0/96` (RFC 4291 §2.5.5.2), so that
/// both spellings of one machine are equal.
package struct NetworkAddress: Hashable, Sendable {
    let high: UInt64
    let low: UInt64

    private static let mapped: UInt64 = 0xFFFF_0000_0000

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    init(v4: UInt32) {
        self.init(high: 0, low: Self.mapped | UInt64(v4))
    }

    /// `nil` for an address that is not one of IP.
    package init?(_ address: SocketAddress?) {
        // `sockaddr_in` and `sockaddr_in6` have the address at these places on every platform.
        switch address {
        case .v4(let address):
            self.init(v4: withUnsafeBytes(of: address.address) { Self.integer($0, at: 4, as: UInt32.self) })
        case .v6(let address):
            let (high, low) = withUnsafeBytes(of: address.address) {
                (Self.integer($0, at: 8, as: UInt64.self), Self.integer($0, at: 16, as: UInt64.self))
            }
            self.init(high: high, low: low)
        case .unixDomainSocket, nil:
            return nil
        }
    }

    /// Reads `192.0.2.1` or `2001:db8::1`, without brackets, port or zone.
    package init?(_ text: String) {
        self.init(try? SocketAddress(ipAddress: text, port: 0))
    }

    var isV4: Bool { self.high == 0 && self.low >> 32 == 0xFFFF }

    private static func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, at offset: Int, as type: Integer.Type
    ) -> Integer {
        Integer(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
    }
}

extension NetworkAddress: CustomStringConvertible {
    package var description: String {
        var packed = ByteBuffer()
        if self.isV4 {
            packed.writeInteger(UInt32(truncatingIfNeeded: self.low))
        } else {
            packed.writeMultipleIntegers(self.high, self.low)
        }
        return (try? SocketAddress(packedIPAddress: packed, port: 0))?.ipAddress ?? ""
    }
}

extension NetworkAddress {
    /// What limits for an address count by: the address, or the /64 of one of IPv6, which belongs to one customer.
    package var networkText: String {
        self.isV4 ? self.description : "\(NetworkAddress(high: self.high, low: 0))/64"
    }
}
