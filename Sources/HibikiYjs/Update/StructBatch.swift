// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A struct as it stands in an update, before its neighbours are known. Absent clients and names are −1.
struct DecodedStruct {
    var client: Int
    var clock: Int
    var length: Int
    var originClient = -1
    var originClock = 0
    var rightClient = -1
    var rightClock = 0
    var parentClient = -1
    var parentClock = 0
    /// Name of the root that holds it, and key in a map: indices into the batch's names.
    var root: Int32 = -1
    var key: Int32 = -1
    /// Where the content is: a unit's index for text, otherwise an index into the batch's contents.
    var payload: Int32 = -1
    var kind: StructKind

    var end: Int { self.clock + self.length }
    var canCopyParent: Bool { self.originClient >= 0 || self.rightClient >= 0 }
}

/// The decoded structs of one or several updates and what they refer to.
struct StructBatch {
    var structs: [DecodedStruct] = []
    var units: [UInt16] = []
    var contents: [Content] = []
    var names: [String] = []

    /// Cuts the first units away, as a partial update does: the last of them becomes the origin.
    mutating func slice(_ item: DecodedStruct, dropping offset: Int) -> DecodedStruct {
        var item = item
        guard offset > 0 else { return item }
        item.clock += offset
        item.length -= offset
        switch item.kind {
        case .collected, .skip: return item
        case .string: item.payload += Int32(truncatingIfNeeded: offset)
        case .any, .json:
            let index = Int(item.payload)
            if self.contents.indices.contains(index), case .values(let values) = self.contents[index] {
                item.payload = Int32(truncatingIfNeeded: self.contents.count)
                self.contents.append(.values(Array(values.dropFirst(offset))))
            }
        case .deleted, .binary, .embed, .format, .type, .document: break
        }
        item.originClient = item.client
        item.originClock = item.clock - 1
        item.parentClient = -1
        item.root = -1
        return item
    }

    /// Whether the structs are in the order of ``sort()``.
    var isSorted: Bool {
        for index in self.structs.indices.dropFirst() {
            let (left, right) = (self.structs[index - 1], self.structs[index])
            guard left.client > right.client || (left.client == right.client && left.clock <= right.clock) else {
                return false
            }
        }
        return true
    }

    /// Whether each client has one part, in which one struct follows the other without a gap.
    var isRegular: Bool {
        var ended: Set<Int> = []
        for index in self.structs.indices.dropFirst() {
            let (left, right) = (self.structs[index - 1], self.structs[index])
            if left.client == right.client {
                guard left.end == right.clock else { return false }
            } else {
                ended.insert(left.client)
                guard !ended.contains(right.client) else { return false }
            }
        }
        return true
    }

    /// Where the structs of each client are, in a batch that is sorted.
    var groups: [Int: Range<Int>] {
        var groups: [Int: Range<Int>] = [:]
        for (index, item) in self.structs.enumerated() {
            groups[item.client] = (groups[item.client]?.lowerBound ?? index)..<(index + 1)
        }
        return groups
    }

    /// Sorts by client, highest first, then by clock: the order of an update.
    mutating func sort() {
        self.structs.sort { left, right in
            left.client != right.client ? left.client > right.client : left.clock < right.clock
        }
    }

    /// Adds another batch's structs behind these.
    mutating func append(_ other: StructBatch) {
        let units = Int32(truncatingIfNeeded: self.units.count)
        let contents = Int32(truncatingIfNeeded: self.contents.count)
        let names = Int32(truncatingIfNeeded: self.names.count)
        for item in other.structs {
            var item = item
            if item.payload >= 0 { item.payload += item.kind == .string ? units : contents }
            if item.root >= 0 { item.root += names }
            if item.key >= 0 { item.key += names }
            self.structs.append(item)
        }
        self.units.append(contentsOf: other.units)
        self.contents.append(contentsOf: other.contents)
        self.names.append(contentsOf: other.names)
    }
}
