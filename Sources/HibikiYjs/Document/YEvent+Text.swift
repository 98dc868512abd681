// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension YEvent {
    /// The change of a text: what was inserted and deleted, and what kept its text but not its formatting.
    public var textChanges: [TextChange] {
        var writer = TextChangeWriter(event: self)
        var slot = self.document.store.branches[self.branch.index].start
        while slot >= 0 {
            let item = self.document.store.items[slot.index]
            slot = item.right
            writer.add(item)
        }
        return writer.finish()
    }
}

/// Walks a text once with two formattings in mind: the one before the transaction and the one after.
private struct TextChangeWriter {
    private let event: YEvent
    private var changes: [YEvent.TextChange] = []
    private var before = Marks()
    private var after = Marks()

    init(event: YEvent) { self.event = event }

    mutating func add(_ item: Item) {
        let isNew = self.event.adds(item)
        let wasThere = !isNew && (!item.isDeleted || self.event.deletes(item))
        let isThere = !item.isDeleted
        guard wasThere || isThere else { return }
        if item.kind == .format {
            let mark = self.event.document.store.format(item)
            if wasThere { self.before.apply(mark) }
            if isThere { self.after.apply(mark) }
        } else if wasThere, isThere {
            self.retain(item.length)
        } else if isThere {
            self.insert(item)
        } else if item.kind.isCountable {
            self.delete(item.length)
        }
    }

    private mutating func retain(_ count: Int) {
        let attributes = self.difference
        if case .retain(let length, let last) = self.changes.last, last == attributes {
            self.changes[self.changes.count - 1] = .retain(length + count, attributes: attributes)
        } else {
            self.changes.append(.retain(count, attributes: attributes))
        }
    }

    /// What the formatting after has in another way than the one before; null for what it lacks.
    private var difference: YObject {
        var difference = YObject()
        for (key, value) in self.after.pairs where self.before[key] != value { difference[key] = value }
        for (key, _) in self.before.pairs where self.after[key] == nil { difference[key] = .null }
        return difference
    }

    private mutating func insert(_ item: Item) {
        let attributes = self.after.object
        if item.kind == .string {
            let text = String(decoding: self.event.document.store.text(item), as: UTF16.self)
            if case .insert(.text(var last), let same) = self.changes.last, same == attributes {
                // Taken out, so that it has one owner while it grows.
                self.changes.removeLast()
                last += text
                self.changes.append(.insert(.text(last), attributes: attributes))
            } else {
                self.changes.append(.insert(.text(text), attributes: attributes))
            }
            return
        }
        for output in self.event.document.outputs(of: item) {
            let content: YTextRun.Content = if case .value(let value) = output { .embed(value) } else { .type(output) }
            self.changes.append(.insert(content, attributes: attributes))
        }
    }

    private mutating func delete(_ count: Int) {
        if case .delete(let last) = self.changes.last {
            self.changes[self.changes.count - 1] = .delete(last + count)
        } else {
            self.changes.append(.delete(count))
        }
    }

    /// Without the last retain if it changes nothing.
    consuming func finish() -> [YEvent.TextChange] {
        if case .retain(_, let attributes) = self.changes.last, attributes.isEmpty { self.changes.removeLast() }
        return self.changes
    }
}
