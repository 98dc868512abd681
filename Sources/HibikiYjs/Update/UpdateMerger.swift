// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Merges the structs of several updates: by client, highest first, then by clock.
///
/// A heap holds the next struct of each update, so that n structs of k updates take n·log k steps. An update that
/// goes on where the output ends is followed before others are looked at.
struct UpdateMerger {
    private var batch = StructBatch()
    private var deletions = DeleteSet()
    /// What is left of each update, as ranges of the batch's structs.
    private var sources: [Range<Int>] = []
    private var heap: [Int] = []
    private var output: [DecodedStruct] = []

    mutating func add(_ update: consuming DecodedUpdate) throws(YError) {
        let start = self.batch.structs.count
        self.deletions.formUnion(update.deletions)
        update.batch.structs.removeAll { $0.kind == .skip }
        if !update.batch.isSorted { update.batch.sort() }
        guard self.batch.units.count <= Int(Int32.max) - update.batch.units.count else { throw .limitExceeded }
        self.batch.append(update.batch)
        if self.batch.structs.count > start { self.sources.append(start..<self.batch.structs.count) }
    }

    consuming func merged() -> DecodedUpdate {
        for source in self.sources.indices { self.push(source) }
        while let source = self.pop() {
            self.write(from: source)
            if !self.sources[source].isEmpty { self.push(source) }
        }
        self.batch.structs = self.output
        var update = DecodedUpdate()
        self.deletions.normalize()
        update.batch = self.batch
        update.deletions = self.deletions
        return update
    }

    private func head(_ source: Int) -> DecodedStruct { self.batch.structs[self.sources[source].lowerBound] }

    private mutating func advance(_ source: Int) {
        let range = self.sources[source]
        self.sources[source] = (range.lowerBound + 1)..<range.upperBound
    }

    /// Writes a source's next struct as far as it is new, and those that follow it without a gap.
    private mutating func write(from source: Int) {
        let item = self.head(source)
        self.advance(source)
        guard let last = self.output.last, last.client == item.client else {
            self.output.append(item)
            return self.follow(source)
        }
        guard item.end > last.end else { return }
        if item.clock > last.end {
            self.output.append(
                DecodedStruct(client: item.client, clock: last.end, length: item.clock - last.end, kind: .skip))
        }
        let fresh = self.batch.slice(item, dropping: max(last.end - item.clock, 0))
        if fresh.kind == .collected, last.kind == .collected, fresh.clock == last.end {
            self.output[self.output.count - 1].length += fresh.length
        } else {
            self.output.append(fresh)
        }
        self.follow(source)
    }

    private mutating func follow(_ source: Int) {
        while !self.sources[source].isEmpty, let last = self.output.last {
            let next = self.head(source)
            guard next.client == last.client, next.clock == last.end else { return }
            self.output.append(next)
            self.advance(source)
        }
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        let first = self.head(left)
        let second = self.head(right)
        if first.client != second.client { return first.client > second.client }
        return first.clock != second.clock ? first.clock < second.clock : left < right
    }

    private mutating func push(_ source: Int) {
        self.heap.append(source)
        var child = self.heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard self.precedes(self.heap[child], self.heap[parent]) else { return }
            self.heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func pop() -> Int? {
        guard let first = self.heap.first, let last = self.heap.popLast() else { return nil }
        guard !self.heap.isEmpty else { return first }
        self.heap[0] = last
        var parent = 0
        while true {
            var best = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < self.heap.count {
                if self.precedes(self.heap[child], self.heap[best]) { best = child }
            }
            guard best != parent else { return first }
            self.heap.swapAt(best, parent)
            parent = best
        }
    }
}
