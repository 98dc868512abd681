// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension Delta {
    /// `other`, which was made for the same document, as it has to be after this one: Quill's `this.transform(other)`.
    ///
    /// With `priority` this one counts as the first: at the same place its insertion stays left, and what both set as
    /// an attribute stays as this one set it. Whoever transforms this one over `other` says the opposite.
    ///
    /// To transform over what this and a third are composed to is not the same as to transform over one and then the
    /// other, so history is never composed.
    public func transform(_ other: Delta, priority: Bool) throws(OTError) -> Delta {
        var result = Delta()
        var mine = DeltaReader(self)
        var theirs = DeltaReader(other)
        while !theirs.isAtEnd {
            if mine.kind == .insert, priority || theirs.kind != .insert {
                let count = mine.length
                _ = try mine.read(count)
                try result.retain(count)
            } else if theirs.kind == .insert {
                try result.append(try theirs.read(theirs.length))
            } else {
                let count = min(mine.length, theirs.length)
                switch (try mine.read(count), try theirs.read(count)) {
                case (.delete, _): break
                case (_, .delete): try result.delete(count)
                case (.retain(_, let first), .retain(_, let attributes)):
                    try result.retain(count, priority ? attributes.without(first) : attributes)
                default: break
                }
            }
        }
        result.chop()
        return result
    }

    public func rebased(over applied: Delta) throws(OTError) -> Delta {
        try applied.transform(self, priority: true)
    }

    public func advanced(past pending: Delta) throws(OTError) -> Delta {
        try pending.transform(self, priority: false)
    }

    public func transform(position: Int, staysBefore: Bool = false) -> Int {
        var walk = PositionWalk(position, staysBefore: staysBefore)
        for component in self.components {
            switch component {
            case .retain(let count, _): walk.retain(count)
            case .insert(let content, _): walk.insert(content.length)
            case .delete(let count): walk.delete(count)
            }
            if walk.isPast { break }
        }
        return walk.position
    }

    public var singleEdit: SingleEdit? {
        var edits = self.components
        var position = 0
        if case .retain(let count, let attributes)? = edits.first, attributes.isEmpty {
            position = count
            edits.removeFirst()
        }
        guard edits.count == 1 else { return nil }
        switch edits[0] {
        case .retain: return nil
        case .insert(let content, _): return SingleEdit(kind: .insertion, position: position, length: content.length)
        case .delete(let count): return SingleEdit(kind: .deletion, position: position, length: count)
        }
    }
}
