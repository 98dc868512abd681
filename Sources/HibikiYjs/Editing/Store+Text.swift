// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension Store {
    /// Inserts at a position. Without attributes the text takes on those in force there.
    mutating func insert(
        _ insertion: YInsertion, at position: Int, attributes: YObject?, in branch: Slot, by author: Author
    ) throws(YError) {
        guard position >= 0, position <= self.branches[branch.index].length else { throw .indexOutOfRange }
        var cursor = self.cursor(at: position, in: branch)
        let attributes = attributes.map(Marks.init) ?? cursor.marks
        try self.insert(insertion, at: &cursor, attributes: attributes, in: branch, by: author)
    }

    mutating func removeText(_ range: Range<Int>, from branch: Slot) throws(YError) {
        guard range.lowerBound >= 0, range.upperBound <= self.branches[branch.index].length else {
            throw .indexOutOfRange
        }
        var cursor = self.cursor(at: range.lowerBound, in: branch)
        self.removeText(range.count, at: &cursor, in: branch)
    }

    mutating func format(_ range: Range<Int>, attributes: YObject, in branch: Slot, by author: Author) throws(YError) {
        guard range.lowerBound >= 0, range.lowerBound <= self.branches[branch.index].length else {
            throw .indexOutOfRange
        }
        guard !range.isEmpty else { return }
        guard range.count - (self.branches[branch.index].length - range.lowerBound) <= self.units.room else {
            throw .limitExceeded
        }
        var cursor = self.cursor(at: range.lowerBound, in: branch)
        guard cursor.right >= 0 else { return }
        try self.format(range.count, attributes: Marks(attributes), at: &cursor, in: branch, by: author)
    }

    mutating func apply(_ delta: [YDelta], to branch: Slot, by author: Author) throws(YError) {
        try self.checkRoom(for: delta, in: branch)
        var cursor = TextCursor(left: .none, right: self.branches[branch.index].start)
        for step in delta {
            switch step {
            case .insert(.text(""), _): break
            case .insert(let insertion, let attributes):
                try self.insert(insertion, at: &cursor, attributes: Marks(attributes), in: branch, by: author)
            case .retain(let count, let attributes):
                try self.format(max(count, 0), attributes: Marks(attributes), at: &cursor, in: branch, by: author)
            case .delete(let count): self.removeText(max(count, 0), at: &cursor, in: branch)
            }
        }
    }

    /// Before anything changes: the line breaks that a step adds may be more than fit.
    private func checkRoom(for delta: [YDelta], in branch: Slot) throws(YError) {
        var rest = self.units.room + self.branches[branch.index].length
        for step in delta {
            let count =
                switch step {
                case .insert(.text(let string), _): string.utf16.count
                case .insert: 1
                case .retain(let count, _), .delete(let count): max(count, 0)
                }
            guard count <= rest else { throw .limitExceeded }
            rest -= count
        }
    }

    mutating func insert(
        _ insertion: YInsertion, at cursor: inout TextCursor, attributes: Marks, in branch: Slot, by author: Author
    ) throws(YError) {
        var attributes = attributes
        for (key, _) in cursor.marks.pairs where attributes[key] == nil { attributes[key] = .null }
        self.skipEqualMarks(&cursor, attributes)
        var ended = self.insertMarks(attributes, at: &cursor, in: branch, by: author)
        switch insertion {
        case .text(let string):
            let (payload, count) = try self.addUnits(string.utf16)
            cursor.right = self.insert(
                .string, length: count, payload: payload, capacity: count, left: cursor.left, right: cursor.right,
                parent: branch, by: author)
        case .embed(let value):
            cursor.right = self.insert(
                .embed, length: 1, payload: self.add(.embed(value)), left: cursor.left, right: cursor.right,
                parent: branch, by: author)
        case .type(let input):
            cursor.right = try self.insert(
                input, left: cursor.left, right: cursor.right, in: branch, by: author)
        }
        cursor.advance(in: self)
        self.endMarks(&ended, at: &cursor, in: branch, by: author)
    }

    /// Steps over what is deleted and over marks that say what is wanted anyway.
    private func skipEqualMarks(_ cursor: inout TextCursor, _ attributes: Marks) {
        while cursor.right >= 0 {
            let item = self.items[cursor.right.index]
            if !item.isDeleted {
                guard item.kind == .format else { return }
                let mark = self.format(item)
                guard (attributes[mark.key] ?? .null).equalsAsAttribute(mark.value) else { return }
            }
            cursor.advance(in: self)
        }
    }

    /// Begins the formatting that is not in force and returns what restores it.
    private mutating func insertMarks(
        _ attributes: Marks, at cursor: inout TextCursor, in branch: Slot, by author: Author
    ) -> Marks {
        var ended = Marks()
        for (key, value) in attributes.pairs {
            let current = cursor.marks[key] ?? .null
            guard !current.equalsAsAttribute(value) else { continue }
            ended[key] = current
            self.insertMark(key, value, at: &cursor, in: branch, by: author)
        }
        return ended
    }

    private mutating func insertMark(
        _ key: String, _ value: YValue, at cursor: inout TextCursor, in branch: Slot, by author: Author
    ) {
        cursor.right = self.insert(
            .format, length: 1, payload: self.add(.format(key: key, value: value)), left: cursor.left,
            right: cursor.right, parent: branch, by: author)
        cursor.advance(in: self)
    }

    /// Writes the marks that end formatting, except those that already stand behind the place.
    private mutating func endMarks(
        _ ended: inout Marks, at cursor: inout TextCursor, in branch: Slot, by author: Author
    ) {
        while cursor.right >= 0 {
            let item = self.items[cursor.right.index]
            if !item.isDeleted {
                guard item.kind == .format else { break }
                let mark = self.format(item)
                guard let value = ended[mark.key], value.equalsAsAttribute(mark.value) else { break }
                ended[mark.key] = nil
            }
            cursor.advance(in: self)
        }
        for (key, value) in ended.pairs { self.insertMark(key, value, at: &cursor, in: branch, by: author) }
    }

    /// Formats from the cursor on. A text that is too short grows by line breaks, as editors of deltas expect.
    private mutating func format(
        _ count: Int, attributes: Marks, at cursor: inout TextCursor, in branch: Slot, by author: Author
    ) throws(YError) {
        var count = count
        self.skipEqualMarks(&cursor, attributes)
        var ended = self.insertMarks(attributes, at: &cursor, in: branch, by: author)
        while cursor.right >= 0 {
            let item = self.items[cursor.right.index]
            guard count > 0 || (!ended.isEmpty && (item.isDeleted || item.kind == .format)) else { break }
            if item.isDeleted {
                // Nothing to format.
            } else if item.kind == .format {
                guard self.replaceMark(cursor.right, by: attributes, &ended, &cursor, isInside: count > 0) else {
                    break
                }
            } else {
                if count < item.length { self.split(cursor.right, offset: count) }
                count -= min(count, item.length)
            }
            cursor.advance(in: self)
        }
        if count > 0 {
            let (payload, length) = try self.addUnits(repeatElement(0x0a, count: count))
            cursor.right = self.insert(
                .string, length: length, payload: payload, capacity: length, left: cursor.left, right: cursor.right,
                parent: branch, by: author)
            cursor.advance(in: self)
        }
        self.endMarks(&ended, at: &cursor, in: branch, by: author)
    }

    /// False if formatting ends before this mark.
    private mutating func replaceMark(
        _ slot: Slot, by attributes: Marks, _ ended: inout Marks, _ cursor: inout TextCursor, isInside: Bool
    ) -> Bool {
        let mark = self.format(self.items[slot.index])
        guard let wanted = attributes[mark.key] else {
            // Null too stands in the cursor until the step over the mark takes it out.
            return true
        }
        if wanted.equalsAsAttribute(mark.value) {
            ended[mark.key] = nil
        } else {
            guard isInside else { return false }
            ended[mark.key] = mark.value
        }
        self.delete(slot)
        return true
    }

    private mutating func removeText(_ count: Int, at cursor: inout TextCursor, in branch: Slot) {
        var count = count
        let startMarks = cursor.marks
        let start = cursor.right
        while count > 0, cursor.right >= 0 {
            let item = self.items[cursor.right.index]
            if item.isVisible {
                if count < item.length { self.split(cursor.right, offset: count) }
                count -= min(count, item.length)
                self.delete(cursor.right)
            }
            cursor.advance(in: self)
        }
        guard start >= 0, self.branches[branch.index].hasFormatting else { return }
        self.cleanGap(from: start, to: cursor.right, startMarks, &cursor.marks)
    }

    /// Deletes the marks in a gap without live content that make no difference; returns how many.
    @discardableResult
    mutating func cleanGap(from start: Slot, to current: Slot, _ startMarks: Marks, _ marks: inout Marks) -> Int {
        var end = start
        var last: [ExactString: Slot] = [:]
        while end >= 0 {
            let item = self.items[end.index]
            guard !item.isVisible else { break }
            if item.kind == .format, !item.isDeleted { last[ExactString(self.format(item).key)] = end }
            end = item.right
        }
        var cleaned = 0
        var reached = false
        var slot = start
        while slot != end, slot >= 0 {
            if slot == current { reached = true }
            let item = self.items[slot.index]
            if item.kind == .format, !item.isDeleted {
                let mark = self.format(item)
                let before = startMarks[mark.key] ?? .null
                let isRedundant = before.isIdenticalPrimitive(mark.value)
                if last[ExactString(mark.key)] != slot || isRedundant {
                    self.delete(slot)
                    cleaned += 1
                    if !reached, !isRedundant, (marks[mark.key] ?? .null).isIdenticalPrimitive(mark.value) {
                        marks[mark.key] = before.isNull ? nil : before
                    }
                } else if !reached {
                    marks.apply(mark)
                }
            }
            slot = item.right
        }
        return cleaned
    }
}
