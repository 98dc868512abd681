// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension TextOperation {
    /// One operation that does what this and then `next` do. `next` must be for a document of ``targetLength``.
    public func composed(with next: TextOperation) throws(OTError) -> TextOperation {
        guard next.fits(self.targetLength) else { throw .wrongLength(next.baseLength, actual: self.targetLength) }
        var result = TextOperation()
        var first = TextReader(self)
        var second = TextReader(next)
        while true {
            if case (.delete, let count)? = first.next {
                try first.skip(count)
                try result.delete(count)
            } else if case (.insert, let count)? = second.next {
                try result.insert(try second.text(count))
            } else if let left = first.next, let right = second.next {
                let count = min(left.length, right.length)
                switch (left.kind, right.kind) {
                case (.insert, .retain): try result.insert(try first.text(count))
                case (.insert, _): try first.skip(count)
                case (_, .retain):
                    try first.skip(count)
                    try result.retain(count)
                default:
                    try first.skip(count)
                    try result.delete(count)
                }
                try second.skip(count)
            } else {
                return result
            }
        }
    }

    /// The operation that takes this one back from what it makes of `document`.
    public func inverted(on document: TextDocument) throws(OTError) -> TextOperation {
        guard self.fits(document.length) else { throw .wrongLength(self.baseLength, actual: document.length) }
        var result = TextOperation()
        var place = PiecePlace()
        for component in self.components {
            switch component {
            case .retain(let count):
                try place.skip(count, in: document.list)
                try result.retain(count)
            case .insert(let text): try result.delete(text.count)
            case .delete(var count):
                while count > 0, let part = try place.next(count, in: document.list) {
                    try result.insert(part)
                    count -= part.count
                }
            }
        }
        return result
    }
}
