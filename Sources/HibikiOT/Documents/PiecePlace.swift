// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A place between the units of a document.
struct PiecePlace {
    /// The piece that holds it.
    private(set) var index = 0
    /// How far into the piece it lies; less than the piece is long.
    private(set) var offset = 0
    /// How far into the document it lies.
    private var position = 0

    /// The next units, as many as stand in one piece and at most `count`; nil at the end of the document.
    mutating func next<Piece>(_ count: Int, in list: PieceList<Piece>) throws(OTError) -> Piece? {
        guard self.index < list.pieces.count else { return nil }
        let piece = list.pieces[self.index]
        let start = self.offset
        let end = min(piece.length - start, count) + start
        guard piece.isBoundary(at: end) else { throw .splitsSurrogatePair }
        self.move(to: end, of: piece.length)
        return piece.part(start..<end)
    }

    /// Moves on by `count` units, or to the end of the document.
    mutating func skip<Piece>(_ count: Int, in list: PieceList<Piece>) throws(OTError) {
        let target = self.position + min(count, list.length - self.position)
        let mark = list.mark(before: target)
        if mark.index > self.index {
            self.index = mark.index
            self.offset = 0
            self.position = mark.position
        }
        while self.position < target {
            let length = list.pieces[self.index].length
            let end = min(length - self.offset, target - self.position) + self.offset
            guard list.pieces[self.index].isBoundary(at: end) else { throw .splitsSurrogatePair }
            self.move(to: end, of: length)
        }
    }

    private mutating func move(to offset: Int, of length: Int) {
        self.position += offset - self.offset
        if offset < length {
            self.offset = offset
        } else {
            self.index += 1
            self.offset = 0
        }
    }
}
