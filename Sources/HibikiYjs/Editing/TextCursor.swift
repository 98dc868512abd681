// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A place in a text between two items, and the formatting in force there.
struct TextCursor {
    var left = Slot.none
    var right = Slot.none
    var marks = Marks()

    /// Steps over the item to the right.
    mutating func advance(in store: Store) {
        let item = store.items[self.right.index]
        if item.kind == .format, !item.isDeleted { self.marks.apply(store.format(item)) }
        self.left = self.right
        self.right = item.right
    }
}

extension Store {
    /// The place at a position, and what is in force there.
    mutating func cursor(at position: Int, in branch: Slot) -> TextCursor {
        guard self.branches[branch.index].hasFormatting else {
            let (left, right) = self.locate(position, in: branch)
            return TextCursor(left: left, right: right)
        }
        var cursor = TextCursor(left: .none, right: self.branches[branch.index].start)
        var count = position
        if position > 0 {
            let (slot, start) = self.search(position, in: branch)
            cursor = TextCursor(left: slot >= 0 ? self.items[slot.index].left : .none, right: slot)
            count -= start
            cursor.marks = self.marksOfFound(in: branch)
        }
        while cursor.right >= 0, count > 0 {
            let item = self.items[cursor.right.index]
            if item.isVisible {
                if count < item.length { self.split(cursor.right, offset: count) }
                count -= min(count, item.length)
            }
            cursor.advance(in: self)
        }
        return cursor
    }

    /// The formatting where the last search in a list ended.
    private mutating func marksOfFound(in branch: Slot) -> Marks {
        // Taken out, so that it has one owner while it changes.
        guard var index = self.branches[branch.index].index.take() else { return Marks() }
        let marks = index.marksOfFound(items: self.items) { self.format($0) }
        self.branches[branch.index].index = index
        return marks
    }
}
