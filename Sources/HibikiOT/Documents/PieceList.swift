// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The pieces of a document, with marks among them so that a place is found without walking over all that is before it.
struct PieceList<Piece: DocumentPiece>: Sendable {
    /// Where a piece begins.
    struct Mark: Sendable {
        var index: Int
        var position: Int
    }

    private(set) var pieces: [Piece] = []
    private(set) var length = 0
    /// About how many bytes the pieces hold.
    private(set) var weight = 0
    /// In order, and about so many pieces apart.
    private var marks: [Mark] = []
    private static var distance: Int { 64 }

    /// The last mark at or before a position.
    func mark(before position: Int) -> Mark {
        let next = self.firstMark { $0.position > position }
        return next > 0 ? self.marks[next - 1] : Mark(index: 0, position: 0)
    }

    /// The number of marks before the first that fulfils a condition which all after it fulfil too.
    private func firstMark(_ isReached: (Mark) -> Bool) -> Int {
        var low = 0
        var high = self.marks.count
        while low < high {
            let middle = (low + high) / 2
            if isReached(self.marks[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Replaces pieces, unless all together would then hold more than `limit` bytes.
    mutating func replace(_ range: Range<Int>, with new: [Piece], weightLimit limit: Int) throws(OTError) {
        let weight = new.reduce(self.weight - self.pieces[range].reduce(0) { $0 + $1.weight }) { $0 + $1.weight }
        guard weight <= max(limit, self.weight) else {
            throw .limitExceeded("what the document holds in memory", limit)
        }
        let change = new.reduce(-self.pieces[range].reduce(0) { $0 + $1.length }) { $0 + $1.length }
        self.pieces.replaceSubrange(range, with: new)
        self.weight = weight
        self.length += change
        self.moveMarks(range, count: new.count, by: change)
    }

    private mutating func moveMarks(_ range: Range<Int>, count: Int, by change: Int) {
        let first = self.firstMark { $0.index >= range.lowerBound }
        let end = self.firstMark { $0.index >= range.upperBound }
        for index in end..<self.marks.count {
            self.marks[index].index += count - range.count
            self.marks[index].position += change
        }
        self.marks.replaceSubrange(first..<end, with: [])
        self.mark(from: first)
    }

    /// Sets marks where too many pieces lie between two, and takes one away that stands too close.
    private mutating func mark(from first: Int) {
        var mark = first > 0 ? self.marks[first - 1] : Mark(index: 0, position: 0)
        if first < self.marks.count, self.marks[first].index - mark.index < Self.distance / 2 {
            self.marks.remove(at: first)
        }
        let end = first < self.marks.count ? self.marks[first].index : self.pieces.count
        var missing: [Mark] = []
        while end - mark.index >= 2 * Self.distance {
            for piece in self.pieces[mark.index..<(mark.index + Self.distance)] { mark.position += piece.length }
            mark.index += Self.distance
            missing.append(mark)
        }
        self.marks.insert(contentsOf: missing, at: first)
    }
}
