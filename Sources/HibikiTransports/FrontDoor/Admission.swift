// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore
import Synchronization

/// Counts connections, in all and for each address, and how fast they come, so that none takes all that there is.
final class Admission: Sendable {
    /// An address without its port. A provider hands a customer 2^64 addresses of IPv6, so they count as one.
    struct Address: Hashable, Sendable {
        /// The network of an address of IPv6. One of IPv4 stands in `0:ffff::/32`, which is nobody's network.
        private let network: UInt64

        /// Whoever comes over something else than IP.
        static let other = Address(nil)

        init(_ address: NetworkAddress?) {
            switch address {
            case .some(let address) where address.isV4: self.network = address.low
            case .some(let address): self.network = address.high
            case nil: self.network = .max
            }
        }
    }

    /// Why a connection does not come in.
    enum Refusal: Error, Equatable {
        case total
        case address
        case rate(BudgetRefusal)
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
        var connects = TokenBucket()
        var buckets = BucketTable<Address>()

        /// - Returns: how many the address has with the new one.
        mutating func makeRoom(at address: Address) throws(Refusal) -> Int {
            let ofAddress = self.perAddress[address, default: 0]
            guard ofAddress < self.limitPerAddress else {
                self.refused.byAddress += 1
                throw .address
            }
            return ofAddress + 1
        }

        mutating func forget(_ address: Address) {
            let left = self.perAddress[address, default: 1] - 1
            self.perAddress[address] = left > 0 ? left : nil
        }
    }

    private let counts: Mutex<Counts>
    private let budgets: Budgets

    init(limit: Int, limitPerAddress: Int, budgets: Budgets = Budgets()) {
        self.counts = Mutex(Counts(limit: limit, limitPerAddress: limitPerAddress))
        self.budgets = budgets
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

    /// Lets a connection in, which has to ``leave(_:)``.
    ///
    /// - Parameter isProxy: whether the address speaks for many, whose own addresses are told later.
    /// - Returns: what the address has left of its budgets.
    func enter(
        _ address: Address, isProxy: Bool = false, at now: NIODeadline
    ) throws(Refusal) -> SharedBuckets {
        try self.counts.withLock { counts throws(Refusal) -> SharedBuckets in
            guard counts.total < counts.limit else {
                counts.refused.byTotal += 1
                throw .total
            }
            let ofAddress = try counts.makeRoom(at: address)
            let buckets = counts.buckets.buckets(of: address, at: now)
            let refusal = self.budgets.connect(&counts.connects, isProxy ? nil : buckets, at: now)
            if let refusal { throw .rate(refusal) }
            counts.total += 1
            counts.perAddress[address] = ofAddress
            return buckets
        }
    }

    /// Counts a connection under another address, because it turned out whom it comes from. If there is no room, it stays where it was.
    ///
    /// - Parameter isNew: whether it was not known before, so that it counts among the new ones of that address.
    /// - Returns: what the address has left of its budgets.
    func move(
        from old: Address, to new: Address, isNew: Bool, at now: NIODeadline
    ) throws(Refusal) -> SharedBuckets {
        try self.counts.withLock { counts throws(Refusal) -> SharedBuckets in
            let buckets = counts.buckets.buckets(of: new, at: now)
            let ofAddress = old == new ? nil : try counts.makeRoom(at: new)
            if isNew, let refusal = self.budgets.connectBehindProxy(buckets, at: now) { throw .rate(refusal) }
            guard let ofAddress else { return buckets }
            counts.perAddress[new] = ofAddress
            counts.forget(old)
            return buckets
        }
    }

    /// What an address has left of its budgets.
    func buckets(of address: Address, at now: NIODeadline) -> SharedBuckets {
        self.counts.withLock { $0.buckets.buckets(of: address, at: now) }
    }

    func leave(_ address: Address) {
        self.counts.withLock { counts in
            counts.total -= 1
            counts.forget(address)
        }
    }
}

extension RequestRefusal {
    init(_ refusal: Admission.Refusal) {
        switch refusal {
        case .total, .address: self = .tooManyConnections
        case .rate(let refusal):
            self.init(
                status: refusal.name == .connects ? 503 : 429, message: refusal.wireError.message,
                budget: refusal)
        }
    }
}
