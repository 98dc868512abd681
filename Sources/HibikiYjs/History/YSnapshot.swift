// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A moment of a document: which units were known, and which of them deleted. It holds no content of its own.
public struct YSnapshot: Sendable, Equatable {
    public let deletions: DeleteSet
    public let stateVector: YStateVector

    /// A snapshot in which nothing exists yet.
    public static let empty = YSnapshot(deletions: DeleteSet(), stateVector: YStateVector())

    init(deletions: DeleteSet, stateVector: YStateVector) {
        self.deletions = deletions
        self.stateVector = stateVector
    }

    public init(
        encoded bytes: [UInt8], format: YUpdateFormat = .v1, limits: YLimits = .standard
    ) throws(YError) {
        switch format {
        case .v1:
            var reader = UpdateReaderV1(bytes, limits: limits)
            self.deletions = try DeleteSet.read(&reader)
            self.stateVector = try YStateVector(&reader.rest)
        case .v2:
            var reader = SnapshotReaderV2(bytes)
            self.deletions = try reader.deletions()
            self.stateVector = try YStateVector(&reader.rest)
        }
    }

    public func encoded(_ format: YUpdateFormat = .v1) -> [UInt8] {
        var writer = ByteWriter()
        writer.varUint(self.deletions.clients.count)
        for (client, ranges) in self.deletions.clients.sorted(by: { $0.key > $1.key }) {
            var previous = 0
            writer.varUint(client)
            writer.varUint(ranges.count)
            for range in ranges {
                writer.varUint(format == .v1 ? range.lowerBound : range.lowerBound - previous)
                writer.varUint(format == .v1 ? range.count : range.count - 1)
                previous = range.upperBound
            }
        }
        self.stateVector.write(to: &writer)
        return writer.bytes
    }

    func shows(_ item: Item, in store: Store) -> Bool {
        let client = store.clients[item.client.index].id
        return item.clock < self.stateVector[client]
            && !self.deletions.contains(YID(client: client, clock: item.clock))
    }
}

/// The deletions of version 2 without the columns that stand before them in an update.
private struct SnapshotReaderV2 {
    var rest: ByteReader

    init(_ bytes: [UInt8]) { self.rest = ByteReader(bytes) }

    mutating func deletions() throws(YError) -> DeleteSet {
        var set = DeleteSet()
        for _ in 0..<(try self.rest.varUint()) {
            let client = try self.rest.varUint()
            var clock = 0
            for _ in 0..<(try self.rest.varUint()) {
                let start = clock + (try self.rest.varUint())
                clock = start + (try self.rest.varUint()) + 1
                guard clock <= ByteReader.maximum else { throw .integerOutOfRange }
                set.insert(start..<clock, client: client)
            }
        }
        return set.normalized()
    }
}

extension YDocument {
    /// This moment. Content that is deleted later must be kept for it: see `collectsGarbage`.
    public func snapshot() -> YSnapshot {
        YSnapshot(deletions: self.deletions, stateVector: self.stateVector)
    }

    /// The document as it was. Throws ``YError/contentCollected`` if this one frees what is deleted.
    public func document(at snapshot: YSnapshot, clientID: Int? = nil) throws(YError) -> YDocument {
        guard !self.collectsGarbage else { throw .contentCollected }
        let document = YDocument(clientID: clientID, guid: self.guid, collectsGarbage: false, limits: self.limits)
        var part = DecodedUpdate()
        part.deletions = snapshot.deletions
        let all = try DecodedUpdate(self.encodeState(format: .v2), format: .v2, limits: .trusted)
        part.batch = all.batch
        part.batch.structs = []
        for var item in all.batch.structs where item.clock < snapshot.stateVector[item.client] {
            let end = min(item.end, snapshot.stateVector[item.client])
            part.batch.cut(&item, keeping: end - item.clock)
            part.batch.structs.append(item)
        }
        document.limits = .trusted
        try document.apply(part.encoded(.v2), format: .v2)
        document.limits = self.limits
        return document
    }
}

extension StructBatch {
    /// Cuts the last units away.
    fileprivate mutating func cut(_ item: inout DecodedStruct, keeping count: Int) {
        guard count < item.length else { return }
        item.length = count
        let index = Int(item.payload)
        if self.contents.indices.contains(index), item.kind == .any || item.kind == .json,
            case .values(let values) = self.contents[index]
        {
            self.contents[index] = .values(Array(values.prefix(count)))
        }
    }
}

extension YTextType {
    /// What happened between two moments: the text of both, with an attribute `ychange` on what only one of them has.
    public func delta(from earlier: YSnapshot, to later: YSnapshot) throws(YError) -> [YTextRun] {
        guard !self.document.collectsGarbage else { throw .contentCollected }
        let copy = YDocument(clientID: self.document.clientID, collectsGarbage: false)
        copy.store = self.document.store
        for snapshot in [earlier, later] { copy.store.cut(at: snapshot) }
        return copy.runs(of: self.handle.branch, from: earlier, to: later)
    }
}

extension Store {
    /// Cuts items where a snapshot begins or ends to show them.
    fileprivate mutating func cut(at snapshot: YSnapshot) {
        for id in snapshot.stateVector.clients {
            self.cut(at: snapshot.stateVector[id], of: id)
        }
        for (id, ranges) in snapshot.deletions.clients {
            for range in ranges {
                self.cut(at: range.lowerBound, of: id)
                self.cut(at: range.upperBound, of: id)
            }
        }
    }

    private mutating func cut(at clock: Int, of id: Int) {
        guard let client = self.existingClient(id), clock < self.clients[client.index].state else { return }
        _ = self.itemStarting(client, clock)
    }
}

extension YDocument {
    fileprivate func runs(of branch: Slot, from earlier: YSnapshot, to later: YSnapshot) -> [YTextRun] {
        var runs: [YTextRun] = []
        var marks = Marks()
        var slot = self.store.branches[branch.index].start
        while slot >= 0 {
            let item = self.store.items[slot.index]
            slot = item.right
            let isNow = later.shows(item, in: self.store)
            let wasBefore = earlier.shows(item, in: self.store)
            guard isNow || wasBefore else { continue }
            if item.kind == .format {
                if isNow { marks.apply(self.store.format(item)) }
                continue
            }
            if item.kind == .string {
                let change: YValue? = !isNow ? ["type": "removed"] : !wasBefore ? ["type": "added"] : nil
                let isJoined = change == nil && marks["ychange"] == nil
                marks["ychange"] = change
                runs.append(text: self.store.text(item), attributes: marks.object, joined: isJoined)
            } else if let output = self.outputs(of: item).first {
                let content: YTextRun.Content =
                    if case .value(let value) = output { .embed(value) } else { .type(output) }
                runs.append(YTextRun(content: content, attributes: marks.object))
            }
        }
        return runs
    }
}

extension [YTextRun] {
    fileprivate mutating func append(text units: ArraySlice<UInt16>, attributes: YObject, joined: Bool) {
        let text = String(decoding: units, as: UTF16.self)
        if joined, let last = self.last, case .text(let before) = last.content, last.attributes == attributes {
            self[self.count - 1] = YTextRun(content: .text(before + text), attributes: attributes)
        } else {
            self.append(YTextRun(content: .text(text), attributes: attributes))
        }
    }
}
