// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A place in a type that stays where it is meant to be while others edit: at a unit, or at the end of a type.
public struct YRelativePosition: Hashable, Sendable {
    public enum Anchor: Hashable, Sendable {
        case unit(YID)
        /// The end of a root, or its start if it sticks to the left.
        case root(String)
        /// The same of a type within another, by the unit that holds it.
        case type(YID)
    }

    public let anchor: Anchor
    /// 0 and above: before the unit to the right. Below: behind the unit to the left.
    public let association: Int

    public init(_ anchor: Anchor, association: Int = 0) {
        self.anchor = anchor
        self.association = association
    }

    public init(encoded bytes: [UInt8]) throws(YError) {
        var reader = ByteReader(bytes)
        switch try reader.varUint() {
        case 0: self.anchor = .unit(YID(client: try reader.varUint(), clock: try reader.varUint()))
        case 1: self.anchor = .root(try reader.string())
        case 2: self.anchor = .type(YID(client: try reader.varUint(), clock: try reader.varUint()))
        default: throw .unknownKind
        }
        // Positions of old versions end here.
        guard !reader.isAtEnd else {
            self.association = 0
            return
        }
        let (magnitude, negative) = try reader.varInt()
        self.association = negative ? -magnitude : magnitude
    }

    public func encoded() -> [UInt8] {
        var writer = ByteWriter()
        switch self.anchor {
        case .unit(let id): Self.write(0, id, to: &writer)
        case .root(let name):
            writer.varUint(1)
            writer.string(name)
        case .type(let id): Self.write(2, id, to: &writer)
        }
        writer.varInt(self.association)
        return writer.bytes
    }

    private static func write(_ kind: Int, _ id: YID, to writer: inout ByteWriter) {
        writer.varUint(kind)
        writer.varUint(id.client)
        writer.varUint(id.clock)
    }
}

extension YSharedType {
    /// A place that stays with what it is next to.
    public func relativePosition(at position: Int, association: Int = 0) -> YRelativePosition {
        let document = self.document
        let branch = self.branch
        let store = document.store
        // Beyond the end it is one place.
        let position = min(max(position, 0), branch.length + 1)
        let end: YRelativePosition.Anchor =
            branch.root >= 0
            ? .root(store.names[branch.root.index]) : .type(self.id ?? YID(client: 0, clock: 0))
        guard association >= 0 || position > 0 else { return YRelativePosition(end, association: association) }
        var rest = association < 0 ? position - 1 : position
        var (slot, start) = document.store.search(rest + 1, in: self.handle.branch)
        rest -= start
        while slot >= 0 {
            let item = store.items[slot.index]
            let id = store.id(slot)
            if item.liveLength > rest {
                return YRelativePosition(
                    .unit(YID(client: id.client, clock: id.clock + rest)), association: association)
            }
            rest -= item.liveLength
            if item.right < 0, association < 0 {
                let last = YID(client: id.client, clock: item.end - 1)
                return YRelativePosition(.unit(last), association: association)
            }
            slot = item.right
        }
        return YRelativePosition(end, association: association)
    }
}

extension YDocument {
    /// Where a relative position is now; nil if what it refers to is not known or was freed.
    public func resolve(_ position: YRelativePosition) -> (type: YOutput, position: Int)? {
        switch position.anchor {
        case .unit(let id): return self.resolve(id, association: position.association)
        case .root(let name):
            // One that nobody has named yet is not made by a cursor.
            guard let branch = self.store.roots[ExactString(name)] else { return nil }
            return (self.output(of: branch), position.association >= 0 ? self.store.branches[branch.index].length : 0)
        case .type(let id):
            guard let (slot, _) = self.store.followRedone(id) else { return nil }
            let item = self.store.items[slot.index]
            guard item.kind == .type else { return nil }
            let length = self.store.branches[item.payload.index].length
            return (self.output(of: item.payload), position.association >= 0 ? length : 0)
        }
    }

    private func resolve(_ id: YID, association: Int) -> (type: YOutput, position: Int)? {
        guard let (slot, offset) = self.store.followRedone(id) else { return nil }
        let item = self.store.items[slot.index]
        guard item.kind != .collected, item.parent >= 0 else { return nil }
        let holder = self.store.branches[item.parent.index].item
        guard holder < 0 || !self.store.items[holder.index].isDeleted else { return (self.output(of: item.parent), 0) }
        let inside = item.isVisible ? offset + (association >= 0 ? 0 : 1) : 0
        return (self.output(of: item.parent), self.store.position(of: slot) + inside)
    }
}

extension Store {
    /// The item that holds a unit now, after deletions that were undone; and the unit's place in it.
    func followRedone(_ id: YID) -> (slot: Slot, offset: Int)? {
        guard var client = self.existingClient(id.client), var slot = self.slot(client, id.clock) else { return nil }
        var clock = id.clock
        while self.items[slot.index].isRedone, let next = self.redone[slot] {
            let offset = clock - self.items[slot.index].clock
            (client, clock) = (next.client, next.clock + offset)
            guard let target = self.slot(client, clock) else { return nil }
            slot = target
        }
        return (slot, clock - self.items[slot.index].clock)
    }
}
