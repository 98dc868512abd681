// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// An update taken apart: structs by client and the deletions.
struct DecodedUpdate {
    var batch = StructBatch()
    var deletions = DeleteSet()

    init() {}

    init(_ bytes: [UInt8], format: YUpdateFormat, limits: YLimits) throws(YError) {
        switch format {
        case .v1:
            var reader = UpdateReaderV1(bytes, limits: limits)
            try self.read(&reader)
        case .v2:
            var reader = try UpdateReaderV2(bytes, limits: limits)
            try self.read(&reader)
        }
    }

    mutating func read<Reader: UpdateReader>(_ reader: inout Reader) throws(YError) {
        try self.batch.read(&reader)
        self.deletions = try DeleteSet.read(&reader)
    }

    /// Each client once, its structs one behind the other and holes marked, as the formats want it.
    consuming func regular() throws(YError) -> DecodedUpdate {
        if self.batch.isRegular { return self }
        var merger = UpdateMerger()
        try merger.add(self)
        return merger.merged()
    }

    func encoded(_ format: YUpdateFormat) -> [UInt8] {
        switch format {
        case .v1: self.encoded(with: UpdateWriterV1())
        case .v2: self.encoded(with: UpdateWriterV2())
        }
    }

    private func encoded<Writer: UpdateWriter>(with writer: consuming Writer) -> [UInt8] {
        let structs = self.batch.structs
        var starts: [Int] = []
        for index in structs.indices where index == 0 || structs[index].client != structs[index - 1].client {
            starts.append(index)
        }
        writer.varUint(starts.count)
        for (place, start) in starts.enumerated() {
            let end = place + 1 < starts.count ? starts[place + 1] : structs.count
            writer.varUint(end - start)
            writer.client(structs[start].client)
            writer.varUint(structs[start].clock)
            for index in start..<end { writer.write(structs[index], of: self.batch) }
        }
        self.deletions.write(to: &writer)
        return writer.finish()
    }

    /// Drops what a state vector already covers; a client's part never begins with a hole.
    consuming func diff(from vector: YStateVector) -> DecodedUpdate {
        var kept: [DecodedStruct] = []
        for item in self.batch.structs {
            if kept.last?.client == item.client {
                kept.append(item)
            } else if item.kind != .skip, item.end > vector[item.client] {
                kept.append(self.batch.slice(item, dropping: max(vector[item.client] - item.clock, 0)))
            }
        }
        self.batch.structs = kept
        return self
    }
}
