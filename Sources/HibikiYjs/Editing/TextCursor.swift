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
    /// The place at a position. In a text with formatting the way there is walked, to learn what is in force.
    mutating func cursor(at position: Int, in branch: Slot) -> TextCursor {
        guard self.branches[branch.index].hasFormatting else {
            let (left, right) = self.locate(position, in: branch)
            return TextCursor(left: left, right: right)
        }
        var cursor = TextCursor(left: .none, right: self.branches[branch.index].start)
        var count = position
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
}
