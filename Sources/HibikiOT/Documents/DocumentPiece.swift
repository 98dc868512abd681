// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A document is held in pieces, so that an edit within a long text copies one piece of it rather than all.
protocol DocumentPiece: Sendable {
    var length: Int { get }

    /// Whether one may cut there without cutting a surrogate pair. The ends are boundaries.
    func isBoundary(at offset: Int) -> Bool

    /// A part between two boundaries.
    func part(_ range: Range<Int>) -> Self

    /// Takes in what follows, if the two may be one piece.
    mutating func absorb(_ next: Self) -> Bool
}

extension DocumentPiece {
    /// Units in a piece at most, so that copying one costs little.
    static var longest: Int { 4096 }

    /// The piece cut into ones that are not too long.
    var pieces: [Self] {
        guard self.length > Self.longest else { return [self] }
        var pieces: [Self] = []
        var start = 0
        while start < self.length {
            var end = min(start + Self.longest / 2, self.length)
            if !self.isBoundary(at: end) { end -= 1 }
            pieces.append(self.part(start..<end))
            start = end
        }
        return pieces
    }
}

/// A place between the units of a document.
struct PiecePlace {
    private(set) var index = 0
    private(set) var offset = 0

    /// The next units, as many as stand in one piece and at most `count`; nil at the end of the document.
    mutating func next<Piece: DocumentPiece>(_ count: Int, in pieces: [Piece]) throws(OTError) -> Piece? {
        guard self.index < pieces.count else { return nil }
        let piece = pieces[self.index]
        let end = min(piece.length - self.offset, count) + self.offset
        guard piece.isBoundary(at: end) else { throw .splitsSurrogatePair }
        let part = piece.part(self.offset..<end)
        self.move(to: end, of: piece.length)
        return part
    }

    /// Moves on by `count` units, or to the end of the document.
    mutating func skip<Piece: DocumentPiece>(_ count: Int, in pieces: [Piece]) throws(OTError) {
        var count = count
        while count > 0, self.index < pieces.count {
            let length = pieces[self.index].length
            let end = min(length - self.offset, count) + self.offset
            guard pieces[self.index].isBoundary(at: end) else { throw .splitsSurrogatePair }
            count -= end - self.offset
            self.move(to: end, of: length)
        }
    }

    private mutating func move(to offset: Int, of length: Int) {
        if offset < length {
            self.offset = offset
        } else {
            self.index += 1
            self.offset = 0
        }
    }
}
