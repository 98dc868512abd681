// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The pieces of a document, with marks among them so that a place is found without walking over all that is before it.
struct PieceList<Piece: DocumentPiece>: Sendable {
    /// Where a piece begins.
    struct Mark: Sendable {
        var index: Int
        var position: Int
    }

    /// Pieces that take the place of others.
    struct Change {
        let range: Range<Int>
        let pieces: [Piece]
        /// What the list then holds.
        let weight: Int
    }

    private(set) var pieces: [Piece] = []
    private(set) var length = 0
    /// About how many bytes the pieces hold.
    private(set) var weight = 0
    /// In order, and about so many pieces apart.
    private var marks: [Mark] = []
    private static var distance: Int { 64 }

    init(_ pieces: [Piece] = []) {
        self.make(Change(range: 0..<0, pieces: pieces, weight: pieces.reduce(0) { $0 + $1.weight }))
    }

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

    func change(_ range: Range<Int>, _ pieces: [Piece]) -> Change {
        let weight = self.pieces[range].reduce(self.weight) { $0 - $1.weight }
        return Change(range: range, pieces: pieces, weight: pieces.reduce(weight) { $0 + $1.weight })
    }

    mutating func make(_ change: Change) {
        let before = self.pieces[change.range].reduce(0) { $0 + $1.length }
        let longer = change.pieces.reduce(-before) { $0 + $1.length }
        self.pieces.replaceSubrange(change.range, with: change.pieces)
        self.weight = change.weight
        self.length += longer
        self.moveMarks(change.range, count: change.pieces.count, by: longer)
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
