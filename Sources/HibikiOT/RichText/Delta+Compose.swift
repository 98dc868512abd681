// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension Delta {
    /// One operation that does what this and then `next` do.
    public func composed(with next: Delta) throws(OTError) -> Delta {
        var result = Delta()
        var first = DeltaReader(self)
        var second = DeltaReader(next)
        while !first.isAtEnd || !second.isAtEnd {
            if second.kind == .insert {
                try result.append(try second.read(second.length))
            } else if first.kind == .delete {
                try result.append(try first.read(first.length))
            } else {
                let count = min(first.length, second.length)
                switch (try first.read(count), try second.read(count)) {
                case (.insert(let content, let attributes), .retain(_, let changes)):
                    try result.insert(content, attributes.composed(with: changes, keepsNull: false))
                case (.retain(_, let attributes), .retain(_, let changes)):
                    try result.retain(count, attributes.composed(with: changes, keepsNull: true))
                case (.insert, _): break
                default: try result.delete(count)
                }
            }
        }
        result.chop()
        return result
    }

    /// The operation that takes this one back from what it makes of `document`.
    public func inverted(on document: RichTextDocument) throws(OTError) -> Delta {
        guard self.fits(document.length) else { throw .wrongLength(self.baseLength, actual: document.length) }
        var result = Delta()
        var place = PiecePlace()
        for component in self.components {
            switch component {
            case .insert(let content, _): try result.delete(content.length)
            case .retain(let count, let attributes) where attributes.isEmpty:
                try place.skip(count, in: document.list)
                try result.retain(count)
            case .retain(var count, let attributes):
                while count > 0, let run = try place.next(count, in: document.list) {
                    try result.retain(run.length, attributes.inverted(on: run.attributes))
                    count -= run.length
                }
            case .delete(var count):
                while count > 0, let run = try place.next(count, in: document.list) {
                    try result.insert(run.content, run.attributes)
                    count -= run.length
                }
            }
        }
        result.chop()
        return result
    }
}
