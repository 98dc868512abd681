// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What waits in a document for something that has not arrived: structs, and deletions of unknown units.
struct Pending {
    var batch = StructBatch()
    /// The lowest clock that is waited for, by client: once it is known, another try makes sense.
    var missing: [Int: Int] = [:]
    var deletions = DeleteSet()

    var hasStructs: Bool { !self.batch.structs.isEmpty }

    /// Roughly what the structs take in memory.
    var size: Int {
        self.batch.structs.count * MemoryLayout<DecodedStruct>.stride + self.batch.units.count * 2
            + self.contentSize
    }

    private(set) var contentSize = 0

    /// Keeps structs whose text is in `units`. What would pass the limit is let go: its sender still holds it, and
    /// sends it again as long as the state vector lacks it.
    mutating func keep(
        _ rest: [DecodedStruct], of source: StructBatch, missing: [Int: Int], updateSize: Int, limit: Int
    ) {
        guard self.size + rest.count * MemoryLayout<DecodedStruct>.stride + updateSize <= limit else { return }
        for item in rest { self.keep(item, of: source) }
        self.contentSize += updateSize
        self.missing.merge(missing) { min($0, $1) }
    }

    private mutating func keep(_ item: DecodedStruct, of source: StructBatch) {
        var item = item
        if item.root >= 0 { item.root = self.add(source.names[item.root.index]) }
        if item.key >= 0 { item.key = self.add(source.names[item.key.index]) }
        if item.kind == .string {
            let start = Int(item.payload)
            item.payload = Int32(truncatingIfNeeded: self.batch.units.count)
            self.batch.units += source.units[start..<(start + item.length)]
        } else if item.payload >= 0 {
            self.batch.contents.append(source.contents[item.payload.index])
            item.payload = Int32(truncatingIfNeeded: self.batch.contents.count - 1)
        }
        self.batch.structs.append(item)
    }

    private mutating func add(_ name: String) -> Int32 {
        if self.batch.names.last.map(ExactString.init) != ExactString(name) { self.batch.names.append(name) }
        return Int32(truncatingIfNeeded: self.batch.names.count - 1)
    }

    /// Takes the structs out for another try.
    mutating func takeStructs() -> StructBatch {
        let batch = self.batch
        self.batch = StructBatch()
        self.missing = [:]
        self.contentSize = 0
        return batch
    }
}
