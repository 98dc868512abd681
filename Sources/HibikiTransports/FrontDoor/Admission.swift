// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import Synchronization

/// Counts connections, in all and for each address, so that none of them takes all that there is.
final class Admission: Sendable {
    /// An address without its port, read where `sockaddr_in` and `sockaddr_in6` have it on every platform. A provider hands a customer 2^64 addresses of IPv6, so they count as one.
    struct Address: Hashable, Sendable {
        private enum Family: UInt8 { case v4, v6, other }

        private let family: Family
        private let network: UInt64

        init(_ address: SocketAddress?) {
            switch address {
            case .v4(let address):
                let host = withUnsafeBytes(of: address.address) { Self.integer($0, at: 4, as: UInt32.self) }
                (self.family, self.network) = (.v4, UInt64(host))
            case .v6(let address):
                let (high, low) = withUnsafeBytes(of: address.address) {
                    (Self.integer($0, at: 8, as: UInt64.self), Self.integer($0, at: 16, as: UInt64.self))
                }
                // ::ffff:0:0/96 is IPv4 in the clothes of IPv6 (RFC 4291 §2.5.5.2).
                let isMapped = high == 0 && low >> 32 == 0xFFFF
                (self.family, self.network) = isMapped ? (.v4, low & 0xFFFF_FFFF) : (.v6, high)
            case .unixDomainSocket, nil:
                (self.family, self.network) = (.other, 0)
            }
        }

        private static func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
            _ bytes: UnsafeRawBufferPointer, at offset: Int, as type: Integer.Type
        ) -> Integer {
            Integer(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
        }
    }

    /// How many connections have found no room.
    struct Refusals: Equatable {
        var byTotal = 0
        var byAddress = 0
    }

    private struct Counts {
        var limit: Int
        var limitPerAddress: Int
        var total = 0
        var perAddress: [Address: Int] = [:]
        var refused = Refusals()
    }

    private let counts: Mutex<Counts>

    init(limit: Int, limitPerAddress: Int) {
        self.counts = Mutex(Counts(limit: limit, limitPerAddress: limitPerAddress))
    }

    /// Sets other limits. Those who are in stay.
    func change(limit: Int, limitPerAddress: Int) {
        self.counts.withLock { counts in
            counts.limit = limit
            counts.limitPerAddress = limitPerAddress
        }
    }

    var refusals: Refusals { self.counts.withLock { $0.refused } }

    var total: Int { self.counts.withLock { $0.total } }

    /// - Returns: whether the connection may stay. If so, ``leave(_:)`` has to follow.
    func enter(_ address: Address) -> Bool {
        self.counts.withLock { counts in
            let ofAddress = counts.perAddress[address, default: 0]
            guard counts.total < counts.limit else {
                counts.refused.byTotal += 1
                return false
            }
            guard ofAddress < counts.limitPerAddress else {
                counts.refused.byAddress += 1
                return false
            }
            counts.total += 1
            counts.perAddress[address] = ofAddress + 1
            return true
        }
    }

    func leave(_ address: Address) {
        self.counts.withLock { counts in
            counts.total -= 1
            let left = counts.perAddress[address, default: 1] - 1
            counts.perAddress[address] = left > 0 ? left : nil
        }
    }
}
