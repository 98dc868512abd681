// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The structs of one client, in the order of their clocks and without holes.
struct ClientStructs {
    let id: Int
    var entries = StructList()
    /// The clock of the next unit.
    var state = 0
    /// The state before the transaction with the number `transaction`.
    var stateBefore = 0
    var transaction = 0
}

/// Structs by clock, in chunks: one that is cut moves those behind it in its chunk, not all.
struct StructList {
    /// Half as large as a clock and a slot would be.
    struct Entry {
        /// The lower half of the clock, which is all of it unless the client has passed 2^32 units.
        let low: UInt32
        let slot: Slot

        init(clock: Int, slot: Slot) {
            self.low = UInt32(truncatingIfNeeded: clock)
            self.slot = slot
        }
    }

    /// Stands until something before it in its chunk is added or removed.
    struct Place {
        var chunk: Int
        var index: Int
    }

    static let capacity = 512

    /// None is empty.
    private var chunks: [[Entry]] = []

    var last: Entry? { self.chunks.last?.last }

    var lastPlace: Place? { self.chunks.last.map { Place(chunk: self.chunks.count - 1, index: $0.count - 1) } }

    @inline(__always)
    subscript(place: Place) -> Entry { self.chunks[place.chunk][place.index] }

    func place(after place: Place) -> Place? {
        if place.index + 1 < self.chunks[place.chunk].count { return Place(chunk: place.chunk, index: place.index + 1) }
        return place.chunk + 1 < self.chunks.count ? Place(chunk: place.chunk + 1, index: 0) : nil
    }

    func place(before place: Place) -> Place? {
        if place.index > 0 { return Place(chunk: place.chunk, index: place.index - 1) }
        return place.chunk > 0 ? Place(chunk: place.chunk - 1, index: self.chunks[place.chunk - 1].count - 1) : nil
    }

    /// How many there are from a place on.
    func count(from place: Place) -> Int {
        self.chunks[place.chunk...].reduce(-place.index) { $0 + $1.count }
    }

    /// The last entry of which something is true that is true of the first, and of none behind one of which it is not.
    @inline(__always)
    func lastPlace(where isBefore: (Entry) -> Bool) -> Place {
        let chunk = Self.last(in: self.chunks.count) { isBefore(self.chunks[$0][0]) }
        let index = Self.last(in: self.chunks[chunk].count) { isBefore(self.chunks[chunk][$0]) }
        return Place(chunk: chunk, index: index)
    }

    @inline(__always)
    private static func last(in count: Int, where isBefore: (Int) -> Bool) -> Int {
        var low = 0
        var high = count - 1
        while low < high {
            let middle = (low + high + 1) >> 1
            if isBefore(middle) { low = middle } else { high = middle - 1 }
        }
        return low
    }
}

extension StructList {
    mutating func append(_ entry: Entry) {
        let last = self.chunks.count - 1
        if last >= 0, self.chunks[last].count < Self.capacity {
            self.chunks[last].append(entry)
        } else {
            self.chunks.append([entry])
        }
    }

    /// Adds an entry behind a place and returns its own.
    @discardableResult
    mutating func insert(_ entry: Entry, after place: Place) -> Place {
        var place = Place(chunk: place.chunk, index: place.index + 1)
        if self.chunks[place.chunk].count >= Self.capacity {
            let half = Self.capacity / 2
            self.chunks.insert(Array(self.chunks[place.chunk][half...]), at: place.chunk + 1)
            self.chunks[place.chunk].removeSubrange(half...)
            if place.index > half { place = Place(chunk: place.chunk + 1, index: place.index - half) }
        }
        self.chunks[place.chunk].insert(entry, at: place.index)
        return place
    }

    /// Removes what lies behind one place, up to another and that too.
    mutating func remove(after first: Place, through last: Place) {
        guard first.chunk < last.chunk else {
            return self.chunks[first.chunk].removeSubrange((first.index + 1)...last.index)
        }
        self.chunks[first.chunk].removeSubrange((first.index + 1)...)
        self.chunks[last.chunk].removeSubrange(...last.index)
        // What is left of two chunks may be one.
        if self.chunks[first.chunk].count + self.chunks[last.chunk].count <= Self.capacity / 2 {
            self.chunks[first.chunk] += self.chunks[last.chunk]
            self.chunks[last.chunk] = []
        }
        let end = self.chunks[last.chunk].isEmpty ? last.chunk + 1 : last.chunk
        self.chunks.removeSubrange((first.chunk + 1)..<end)
    }
}

extension StructList: Sequence {
    func makeIterator() -> FlattenSequence<[[Entry]]>.Iterator { self.chunks.joined().makeIterator() }
}
