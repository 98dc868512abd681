// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Units that are deleted, as ranges of clocks by client.
public struct DeleteSet: Sendable, Equatable {
    /// Ranges by client; in no order until normalised.
    public internal(set) var clients: [Int: [Range<Int>]] = [:]

    public init() {}

    public var isEmpty: Bool { self.clients.isEmpty }
    var rangeCount: Int { self.clients.values.reduce(0) { $0 + $1.count } }

    /// Adds a range; an empty one adds nothing.
    public mutating func insert(_ range: Range<Int>, client: Int) {
        guard !range.isEmpty else { return }
        self.clients[client, default: []].append(range)
    }

    /// Adds other ranges; the set is then no longer normalised.
    mutating func formUnion(_ other: DeleteSet) {
        for (client, ranges) in other.clients { self.clients[client, default: []].append(contentsOf: ranges) }
    }

    /// Sorts the ranges of each client and joins those that touch.
    mutating func normalize() {
        self.clients = self.clients.mapValues(Self.joined)
    }

    func normalized() -> DeleteSet {
        var copy = self
        copy.normalize()
        return copy
    }

    static func joined(_ ranges: [Range<Int>]) -> [Range<Int>] {
        guard ranges.count > 1 else { return ranges }
        var joined: [Range<Int>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = joined.last, range.lowerBound <= last.upperBound {
                joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
        return joined
    }

    /// Whether a unit is deleted. Needs a normalised set.
    public func contains(_ id: YID) -> Bool {
        guard let ranges = self.clients[id.client] else { return false }
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound <= id.clock { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(id.clock)
    }
}

extension DeleteSet {
    static func read<Reader: UpdateReader>(_ reader: inout Reader) throws(YError) -> DeleteSet {
        var set = DeleteSet()
        let clients = try reader.varUint()
        for _ in 0..<clients {
            reader.startDeletions()
            let client = try reader.varUint()
            let count = try reader.varUint()
            var ranges: [Range<Int>] = []
            for _ in 0..<count {
                let clock = try reader.deletionClock()
                let length = try reader.deletionLength()
                guard length <= ByteReader.maximum - clock else { throw .integerOutOfRange }
                if length > 0 { ranges.append(clock..<(clock + length)) }
            }
            if !ranges.isEmpty { set.clients[client, default: []] += ranges }
        }
        set.normalize()
        return set
    }

    /// Writes a normalised set, the highest client first.
    func write<Writer: UpdateWriter>(to writer: inout Writer) {
        writer.varUint(self.clients.count)
        for (client, ranges) in self.clients.sorted(by: { $0.key > $1.key }) {
            writer.startDeletions()
            writer.varUint(client)
            writer.varUint(ranges.count)
            for range in ranges {
                writer.deletion(clock: range.lowerBound, length: range.count)
            }
        }
    }
}
