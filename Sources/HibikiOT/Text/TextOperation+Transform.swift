// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension TextOperation {
    /// Both of two operations on one document as they have to be after the other, so that
    /// `a` and then the second result makes the same document as `b` and then the first result.
    ///
    /// Of two insertions at one place that of `a` goes left.
    public static func transform(
        _ a: TextOperation, _ b: TextOperation
    ) throws(OTError) -> (
        TextOperation, TextOperation
    ) {
        (try a.transformed(over: b, goesLeft: true), try b.transformed(over: a, goesLeft: false))
    }

    /// This operation as it has to be after `other`, which was made for the same document.
    ///
    /// `goesLeft` says whether its insertion goes left of one of `other` at the same place; whoever transforms `other`
    /// over this one says the opposite.
    ///
    /// To transform over what `other` and a third are composed to is not the same as to transform over one and then
    /// the other, so history is never composed.
    public func transformed(over other: TextOperation, goesLeft: Bool) throws(OTError) -> TextOperation {
        guard self.fits(other.baseLength) else { throw .wrongLength(self.baseLength, actual: other.baseLength) }
        var result = TextOperation()
        var mine = TextReader(self)
        var theirs = TextReader(other)
        while true {
            if case (.insert, let count)? = mine.next, goesLeft || theirs.next?.kind != .insert {
                try result.insert(try mine.text(count))
            } else if case (.insert, let count)? = theirs.next {
                try theirs.skip(count)
                try result.retain(count)
            } else if let left = mine.next, let right = theirs.next {
                let count = min(left.length, right.length)
                try mine.skip(count)
                try theirs.skip(count)
                switch (left.kind, right.kind) {
                case (_, .delete): break
                case (.retain, _): try result.retain(count)
                default: try result.delete(count)
                }
            } else {
                return result
            }
        }
    }

    public func rebased(over applied: TextOperation) throws(OTError) -> TextOperation {
        try self.transformed(over: applied, goesLeft: true)
    }

    public func advanced(past pending: TextOperation) throws(OTError) -> TextOperation {
        try self.transformed(over: pending, goesLeft: false)
    }

    public func transform(position: Int, staysBefore: Bool = false) -> Int {
        var walk = PositionWalk(position, staysBefore: staysBefore)
        for component in self.components {
            switch component {
            case .retain(let count): walk.retain(count)
            case .insert(let text): walk.insert(text.count)
            case .delete(let count): walk.delete(count)
            }
            if walk.isPast { break }
        }
        return walk.position
    }

    public var singleEdit: SingleEdit? {
        var edits = self.components
        var position = 0
        if case .retain(let count)? = edits.first {
            position = count
            edits.removeFirst()
        }
        if case .retain? = edits.last { edits.removeLast() }
        guard edits.count == 1 else { return nil }
        switch edits[0] {
        case .retain: return nil
        case .insert(let text): return SingleEdit(kind: .insertion, position: position, length: text.count)
        case .delete(let count): return SingleEdit(kind: .deletion, position: position, length: count)
        }
    }
}
