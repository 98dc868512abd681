// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension StructBatch {
    /// Reads the structs of an update behind those already here. On an error the caller discards the batch.
    mutating func read<Reader: UpdateReader>(_ reader: inout Reader) throws(YError) {
        let clients = try reader.varUint()
        var budget = reader.limits.structs + 8 * reader.rest.bytes.count
        let last = min(reader.limits.clock, ByteReader.maximumClock)
        for _ in 0..<clients {
            let count = try reader.varUint()
            let client = try reader.client()
            var clock = try reader.varUint()
            for _ in 0..<count {
                budget -= 1
                guard budget >= 0 else { throw .limitExceeded }
                let item = try self.readStruct(&reader, client: client, clock: clock)
                clock = item.end
                guard item.length > 0 else { throw .malformedStruct }
                guard clock <= last else { throw .integerOutOfRange }
                self.structs.append(item)
            }
        }
    }

    private mutating func readStruct<Reader: UpdateReader>(
        _ reader: inout Reader, client: Int, clock: Int
    ) throws(YError) -> DecodedStruct {
        let info = try reader.info()
        guard let kind = StructKind(rawValue: info & 0x1f) else { throw .unknownKind }
        var item = DecodedStruct(client: client, clock: clock, length: 0, kind: kind)
        switch kind {
        case .collected: item.length = try reader.length()
        case .skip: item.length = try reader.varUint()
        default:
            try self.readNeighbours(&reader, info: info, into: &item)
            try self.readContent(&reader, into: &item)
        }
        return item
    }

    private mutating func readNeighbours<Reader: UpdateReader>(
        _ reader: inout Reader, info: UInt8, into item: inout DecodedStruct
    ) throws(YError) {
        if info & 0x80 != 0 {
            let id = try reader.leftID()
            try self.check(id, before: item)
            item.originClient = id.client
            item.originClock = id.clock
        }
        if info & 0x40 != 0 {
            let id = try reader.rightID()
            try self.check(id, before: item)
            item.rightClient = id.client
            item.rightClock = id.clock
        }
        guard info & 0xc0 == 0 else { return }
        if try reader.parentIsRoot() {
            item.root = self.add(name: try reader.string())
        } else {
            let id = try reader.leftID()
            try self.check(id, before: item)
            item.parentClient = id.client
            item.parentClock = id.clock
        }
        // The bit says that there is a key; the key itself is here only if it cannot be copied from a neighbour.
        if info & 0x20 != 0 { item.key = self.add(name: try reader.string()) }
    }

    /// A struct may refer to earlier units of its own client only.
    private func check(_ id: YID, before item: DecodedStruct) throws(YError) {
        guard id.client != item.client || id.clock < item.clock else { throw .malformedStruct }
        guard id.clock < ByteReader.maximumClock else { throw .integerOutOfRange }
    }

    /// A name's place; the same name twice in a row has one.
    mutating func add(name: String) -> Int32 {
        if let last = self.names.last, last.utf8.elementsEqual(name.utf8) {
            return Int32(truncatingIfNeeded: self.names.count - 1)
        }
        self.names.append(name)
        return Int32(truncatingIfNeeded: self.names.count - 1)
    }

    private mutating func readContent<Reader: UpdateReader>(
        _ reader: inout Reader, into item: inout DecodedStruct
    ) throws(YError) {
        item.length = 1
        switch item.kind {
        case .deleted: item.length = try reader.length()
        case .string:
            item.payload = Int32(truncatingIfNeeded: self.units.count)
            item.length = try reader.units(into: &self.units)
            guard self.units.count <= Int32.max else { throw .limitExceeded }
        case .json:
            item.length = try self.readJSON(&reader, into: &item)
        case .any:
            item.length = try reader.length()
            guard item.length <= reader.rest.remaining else { throw .unexpectedEnd }
            var values: [YValue] = []
            for _ in 0..<item.length { values.append(try reader.any()) }
            self.add(.values(values), to: &item)
        case .binary: self.add(.bytes(try reader.rest.byteArray()), to: &item)
        case .embed: self.add(.embed(try reader.jsonValue()), to: &item)
        case .format:
            let key = try reader.key()
            self.add(.format(key: key, value: try reader.jsonValue()), to: &item)
        case .type:
            guard let raw = UInt8(exactly: try reader.typeKind()), let kind = YTypeKind(rawValue: raw) else {
                throw .unknownKind
            }
            self.add(.type(kind: kind, name: kind.hasName ? try reader.key() : ""), to: &item)
        case .document:
            let guid = try reader.string()
            self.add(.document(guid: guid, options: try reader.any()), to: &item)
        case .collected, .skip: break
        }
    }

    private mutating func readJSON<Reader: UpdateReader>(
        _ reader: inout Reader, into item: inout DecodedStruct
    ) throws(YError) -> Int {
        let count = try reader.length()
        var values: [YValue] = []
        for _ in 0..<count {
            guard values.count <= reader.limits.structs + reader.rest.end else { throw .limitExceeded }
            let text = try reader.string()
            values.append(text == "undefined" ? .undefined : try JSONScanner.value(text, depth: reader.limits.depth))
        }
        self.add(.values(values), to: &item)
        return count
    }

    private mutating func add(_ content: Content, to item: inout DecodedStruct) {
        item.payload = Int32(truncatingIfNeeded: self.contents.count)
        self.contents.append(content)
    }
}
