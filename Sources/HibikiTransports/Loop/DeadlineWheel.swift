// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import NIOCore

/// Something that has at most one deadline at a time.
package protocol DeadlineHolder: AnyObject {
    /// Where it stands in the wheel; kept by the wheel.
    var deadlineEntry: DeadlineEntry? { get set }

    /// The deadline has passed, and is no longer set.
    func deadlinePassed(at now: NIODeadline)
}

package struct DeadlineEntry {
    let deadline: NIODeadline
    // Small, because every connection has one.
    fileprivate let slot: Int32
    fileprivate var index: Int32
}

/// The deadlines of all connections of an event loop: setting, moving and removing one costs the same with a million
/// of them, and none has a timer of its own.
///
/// A slot holds what is due in one tick, in this turn of the wheel or a later one. A deadline fires at the
/// first ``advance(to:)`` after the tick that it falls into, so less than two ticks late.
struct DeadlineWheel<Holder: DeadlineHolder> {
    static var tick: TimeAmount { .milliseconds(50) }
    private static var slots: Int { 2_048 }

    private var slots: [[Holder]] = Array(repeating: [], count: Self.slots)
    private var current: UInt64
    private(set) var count = 0

    init(at now: NIODeadline) {
        self.current = Self.number(of: now)
    }

    mutating func set(_ deadline: NIODeadline, for holder: Holder) {
        self.remove(holder)
        let number = max(Self.number(of: deadline) + 1, self.current + 1)
        let slot = Int(number % UInt64(Self.slots))
        holder.deadlineEntry = DeadlineEntry(
            deadline: deadline, slot: Int32(slot), index: Int32(self.slots[slot].count))
        self.slots[slot].append(holder)
        self.count += 1
    }

    mutating func remove(_ holder: Holder) {
        guard let entry = holder.deadlineEntry else { return }
        holder.deadlineEntry = nil
        self.count -= 1
        let (slot, index) = (Int(entry.slot), Int(entry.index))
        let last = self.slots[slot].removeLast()
        if last !== holder {
            last.deadlineEntry?.index = entry.index
            self.slots[slot][index] = last
        }
    }

    /// Removes and returns all whose deadline is not after `now`.
    mutating func advance(to now: NIODeadline) -> [Holder] {
        let number = Self.number(of: now)
        guard number > self.current else { return [] }
        var due: [Holder] = []
        for tick in (self.current + 1)...min(number, self.current + UInt64(Self.slots)) {
            let slot = Int(tick % UInt64(Self.slots))
            for holder in self.slots[slot] {
                guard let entry = holder.deadlineEntry, entry.deadline <= now else { continue }
                due.append(holder)
            }
        }
        self.current = number
        for holder in due {
            self.remove(holder)
        }
        return due
    }

    /// Everybody who has a deadline.
    var holders: [Holder] { self.slots.flatMap { $0 } }

    private static func number(of deadline: NIODeadline) -> UInt64 {
        deadline.uptimeNanoseconds / UInt64(Self.tick.nanoseconds)
    }
}
