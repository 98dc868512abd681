// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import NIOCore
import Synchronization

/// A bucket that several event loops take from.
struct SharedBucket: ~Copyable, Sendable {
    private let fullAt = Atomic(Int64.min)

    /// The bucket as it is now.
    var value: TokenBucket { TokenBucket(fullAt: self.fullAt.load(ordering: .relaxed)) }

    /// Between asking and spending others may spend too: the bucket is then in debt, which comes to the same in the end.
    func spend(_ count: Int, _ pace: TokenBucket.Pace, at now: Int64) {
        guard pace.isLimit, count > 0 else { return }
        var (isDone, old) = (false, self.fullAt.load(ordering: .relaxed))
        while !isDone {
            var bucket = TokenBucket(fullAt: old)
            bucket.spend(count, pace, at: now)
            (isDone, old) = self.fullAt.weakCompareExchange(
                expected: old, desired: bucket.fullAt, ordering: .relaxed)
        }
    }
}

/// What a principal, or an address, or somebody else with several connections may still do.
package final class SharedBuckets: Sendable {
    let messages = SharedBucket()
    let bytes = SharedBucket()
    let joins = SharedBucket()
    let connects = SharedBucket()
    let failedTokens = SharedBucket()
    /// Of a connection that carries requests.
    let refusals = SharedBucket()
    /// Whether nothing is asked of whoever has these.
    let isUnlimited: Bool

    package init(isUnlimited: Bool = false) {
        self.isUnlimited = isUnlimited
    }

    /// Whether forgetting them gives nobody anything.
    package func isFull(at now: NIODeadline) -> Bool {
        let now = now.nanoseconds
        return self.messages.value.isFull(at: now) && self.bytes.value.isFull(at: now)
            && self.joins.value.isFull(at: now) && self.connects.value.isFull(at: now)
            && self.failedTokens.value.isFull(at: now)
    }
}

/// The buckets of many, each under its name. Those that are full, and that nobody holds, are forgotten.
package struct BucketTable<Key: Hashable & Sendable>: Sendable {
    /// How many there are before it is worth a look which of them can go.
    private static var fewest: Int { 1_024 }

    private var buckets: [Key: SharedBuckets] = [:]
    private var nextSweep = Self.fewest

    package init() {}

    package var count: Int { self.buckets.count }

    /// - Parameter make: for a name that is not known.
    package mutating func buckets(
        of key: Key, at now: NIODeadline, make: () -> SharedBuckets = { SharedBuckets() }
    ) -> SharedBuckets {
        if let known = self.buckets[key] { return known }
        if self.buckets.count >= self.nextSweep { self.sweep(at: now) }
        let new = make()
        self.buckets[key] = new
        return new
    }

    /// Twice as many as have stayed may come before the next one, so that each costs the same in the long run.
    package mutating func sweep(at now: NIODeadline) {
        var idle: [Key] = []
        // Not over the indices, which would hold everything that is in the table.
        var index = self.buckets.startIndex
        while index != self.buckets.endIndex {
            if self.buckets.values[index].isFull(at: now), isKnownUniquelyReferenced(&self.buckets.values[index]) {
                idle.append(self.buckets[index].key)
            }
            self.buckets.formIndex(after: &index)
        }
        for key in idle { self.buckets[key] = nil }
        self.nextSweep = max(Self.fewest, self.buckets.count * 2)
    }
}
