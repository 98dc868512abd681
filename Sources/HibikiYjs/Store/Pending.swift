// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What waits in a document for something that has not arrived: structs, and deletions of unknown units.
///
/// The structs of a client wait in a line, and the first of them for one unit of some client. When that client grows,
/// those that waited for it are looked at, and nobody else.
struct Pending {
    private struct Line {
        var structs = Heap<WaitingStruct>()
        /// Where those that begin at a clock end, so that what comes again is not kept again.
        var ends: [Int: Int] = [:]
        /// The unit that the first of them lacks.
        var need: YID?
    }

    /// A line that waits for a clock of the client under which this is found.
    private struct Waiter: Comparable {
        let clock: Int
        let client: Int

        static func < (left: Waiter, right: Waiter) -> Bool { left.clock < right.clock }
    }

    private var lines: [Int: Line] = [:]
    private var waiters: [Int: Heap<Waiter>] = [:]
    /// Structs that wait, and roughly what they take in memory.
    private(set) var count = 0
    private(set) var size = 0
    var deletions = WaitingDeletions()

    var hasStructs: Bool { self.count > 0 }
    var clientCount: Int { self.lines.count }

    /// The lowest clock that is waited for, by client.
    var missing: [Int: Int] {
        var missing: [Int: Int] = [:]
        for line in self.lines.values {
            if let need = line.need { missing[need.client] = min(missing[need.client] ?? need.clock, need.clock) }
        }
        return missing
    }

    /// Whether a struct waits already.
    func contains(_ item: DecodedStruct) -> Bool {
        self.lines[item.client]?.ends[item.clock].map { $0 >= item.end } ?? false
    }

    mutating func insert(_ item: WaitingStruct) {
        let client = item.decoded.client
        guard !self.contains(item.decoded) else { return }
        self.lines[client, default: Line()].structs.insert(item)
        self.lines[client]?.ends[item.clock] = item.end
        self.count += 1
        self.size += item.size
    }

    func first(of client: Int) -> WaitingStruct? { self.lines[client]?.structs.first }

    mutating func removeFirst(of client: Int) {
        guard let item = self.lines[client]?.structs.popFirst() else { return }
        self.count -= 1
        self.size -= item.size
        if self.lines[client]?.ends[item.clock] == item.end { self.lines[client]?.ends[item.clock] = nil }
        if self.lines[client]?.structs.isEmpty ?? true { self.lines[client] = nil }
    }

    mutating func removeAll(of client: Int) {
        while self.lines[client] != nil { self.removeFirst(of: client) }
    }

    /// Says what the first struct of a client lacks.
    mutating func wait(_ client: Int, for need: YID) {
        guard self.lines[client]?.need != need else { return }
        self.lines[client]?.need = need
        self.waiters[need.client, default: Heap()].insert(Waiter(clock: need.clock, client: client))
    }

    /// Takes out a client whose first struct waited for a unit below a clock.
    mutating func popWaiter(for client: Int, below clock: Int) -> Int? {
        while let first = self.waiters[client]?.first, first.clock < clock {
            _ = self.waiters[client]?.popFirst()
            if self.waiters[client]?.isEmpty ?? true { self.waiters[client] = nil }
            // A struct that came later and goes before it may wait for something else.
            guard self.lines[first.client]?.need == YID(client: client, clock: first.clock) else { continue }
            self.lines[first.client]?.need = nil
            return first.client
        }
        return nil
    }

    /// All that waits, as an update would hold it.
    var structs: StructBatch {
        var batch = StructBatch()
        for line in self.lines.values {
            for item in line.structs.elements { item.append(to: &batch) }
        }
        batch.sort()
        return batch
    }
}

/// Deletions of units that are not known yet.
struct WaitingDeletions {
    private(set) var set = DeleteSet()
    /// How many ranges they are.
    private(set) var count = 0

    var isEmpty: Bool { self.count == 0 }

    /// How many ranges they would be with others.
    func count(with others: DeleteSet) -> Int {
        others.clients.reduce(self.count) { count, part in
            let known = self.set.clients[part.key] ?? []
            return count - known.count + DeleteSet.joined(known + part.value).count
        }
    }

    mutating func formUnion(_ others: DeleteSet) {
        for (client, ranges) in others.clients {
            let known = self.set.clients[client] ?? []
            let joined = DeleteSet.joined(known + ranges)
            self.set.clients[client] = joined
            self.count += joined.count - known.count
        }
    }

    /// Takes out what is below a client's clock.
    mutating func take(of client: Int, below clock: Int) -> [Range<Int>] {
        guard let first = self.set.clients[client]?.first, first.lowerBound < clock,
            var ranges = self.set.clients[client]
        else { return [] }
        self.set.clients[client] = nil
        self.count -= ranges.count
        var taken = Array(ranges.prefix { $0.lowerBound < clock })
        ranges.removeFirst(taken.count)
        if let last = taken.last, last.upperBound > clock {
            taken[taken.count - 1] = last.lowerBound..<clock
            ranges.insert(clock..<last.upperBound, at: 0)
        }
        self.count += ranges.count
        if !ranges.isEmpty { self.set.clients[client] = ranges }
        return taken
    }
}
