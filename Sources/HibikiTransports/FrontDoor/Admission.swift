// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization

/// Counts connections, in all and for each address, so that none of them takes all that there is.
final class Admission: Sendable {
    /// An address without its port. A provider hands a customer 2^64 addresses of IPv6, so they count as one.
    struct Address: Hashable, Sendable {
        private enum Family: UInt8 { case v4, v6, other }

        private let family: Family
        private let network: UInt64

        init(_ address: NetworkAddress?) {
            switch address {
            case .some(let address) where address.isV4: (self.family, self.network) = (.v4, address.low)
            case .some(let address): (self.family, self.network) = (.v6, address.high)
            case nil: (self.family, self.network) = (.other, 0)
            }
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

        mutating func forget(_ address: Address) {
            let left = self.perAddress[address, default: 1] - 1
            self.perAddress[address] = left > 0 ? left : nil
        }
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

    /// Counts a connection under another address, because it turned out whom it comes from.
    ///
    /// - Returns: whether there is room. If not, it stays where it was.
    func move(from old: Address, to new: Address) -> Bool {
        guard old != new else { return true }
        return self.counts.withLock { counts in
            let ofAddress = counts.perAddress[new, default: 0]
            guard ofAddress < counts.limitPerAddress else {
                counts.refused.byAddress += 1
                return false
            }
            counts.perAddress[new] = ofAddress + 1
            counts.forget(old)
            return true
        }
    }

    func leave(_ address: Address) {
        self.counts.withLock { counts in
            counts.total -= 1
            counts.forget(address)
        }
    }
}
