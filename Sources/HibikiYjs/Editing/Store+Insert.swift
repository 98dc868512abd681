// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Who edits: the client under whose id new units are made.
struct Author {
    let client: Int
}

extension Store {
    /// Makes an item of the author's between two neighbours and gives it its place.
    @discardableResult
    mutating func insert(
        _ kind: StructKind, length: Int, payload: Slot, capacity: Int = 0,
        left: Slot, right: Slot, parent: Slot, key: Slot = .none, by author: Author
    ) -> Slot {
        let client = self.client(author.client)
        var item = Item(client: client, clock: self.clients[client.index].state, length: length, kind: kind)
        item.payload = payload
        item.capacity = Int32(truncatingIfNeeded: capacity)
        item.parent = parent
        item.key = key
        item.left = left
        item.right = right
        if left >= 0 {
            item.originClient = self.items[left.index].client
            item.originClock = self.items[left.index].end - 1
        }
        if right >= 0 {
            item.rightClient = self.items[right.index].client
            item.rightClock = self.items[right.index].clock
        }
        let slot = self.add(item)
        self.link(slot)
        return slot
    }

    /// Text behind all other text, if there is room for so much more.
    mutating func addUnits(_ text: some Collection<UInt16>) throws(YError) -> (payload: Slot, count: Int) {
        let count = text.count
        guard count <= self.units.room else { throw .limitExceeded }
        return (self.units.append(text), count)
    }

    /// Puts inputs behind an item; values in a row become one item.
    @discardableResult
    mutating func insert(
        _ inputs: [YInput], after left: Slot, in branch: Slot, by author: Author
    ) throws(YError) -> Slot {
        var left = left
        let right = left >= 0 ? self.items[left.index].right : self.branches[branch.index].start
        var values: [YValue] = []
        for input in inputs {
            if case .value(let value) = input, !value.isBytes {
                values.append(value)
                continue
            }
            left = self.insert(&values, after: left, right, in: branch, by: author)
            left = try self.insert(input, left: left, right: right, in: branch, by: author)
        }
        return self.insert(&values, after: left, right, in: branch, by: author)
    }

    private mutating func insert(
        _ values: inout [YValue], after left: Slot, _ right: Slot, in branch: Slot, by author: Author
    ) -> Slot {
        guard !values.isEmpty else { return left }
        let count = values.count
        let payload = self.values.append(values)
        values = []
        return self.insert(
            .any, length: count, payload: payload, capacity: count, left: left, right: right, parent: branch, by: author
        )
    }

    /// Puts one input at a place or under a key.
    @discardableResult
    mutating func insert(
        _ input: YInput, left: Slot, right: Slot, in branch: Slot, key: Slot = .none, by author: Author
    ) throws(YError) -> Slot {
        let kind: StructKind
        let payload: Slot
        switch input {
        case .value(.bytes(let bytes)): (kind, payload) = (.binary, self.add(.bytes(bytes)))
        case .value(let value): (kind, payload) = (.any, self.values.append([value]))
        case .document(let guid, let options):
            (kind, payload) = (.document, self.add(SubdocumentRecord(guid: guid, options: .object(options))))
        default:
            var type = Branch()
            (type.kind, type.name) = input.type
            (kind, payload) = (.type, self.add(type))
        }
        let slot = self.insert(
            kind, length: 1, payload: payload, capacity: kind == .any ? 1 : 0, left: left, right: right, parent: branch,
            key: key, by: author)
        if kind == .type { try self.fill(payload, with: input, by: author) }
        return slot
    }

    /// Writes what a new type begins with.
    private mutating func fill(_ branch: Slot, with input: YInput, by author: Author) throws(YError) {
        switch input {
        case .text(let delta), .xmlText(let delta):
            try self.apply(delta, to: branch, by: author)
        case .array(let inputs), .xmlFragment(let inputs):
            try self.insert(inputs, after: .none, in: branch, by: author)
        case .map(let entries), .xmlHook(_, let entries):
            for (key, value) in entries { try self.set(value, for: key, in: branch, by: author) }
        case .xmlElement(_, let attributes, let children):
            try self.insert(children, after: .none, in: branch, by: author)
            for (key, value) in attributes { try self.set(value, for: key, in: branch, by: author) }
        case .value, .document: break
        }
    }
}

extension YInput {
    fileprivate var type: (YTypeKind?, String) {
        switch self {
        case .text: (.text, "")
        case .array: (.array, "")
        case .map: (.map, "")
        case .xmlElement(let name, _, _): (.xmlElement, name)
        case .xmlFragment: (.xmlFragment, "")
        case .xmlText: (.xmlText, "")
        case .xmlHook(let name, _): (.xmlHook, name)
        case .value, .document: (nil, "")
        }
    }
}

extension YValue {
    fileprivate var isBytes: Bool {
        if case .bytes = self { return true }
        return false
    }
}
