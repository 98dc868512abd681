// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Makes the pieces anew that an operation touches, and leaves those before and after them alone.
///
/// Two neighbours that together are short enough become one piece wherever it has been, so that a document does not
/// fall apart into crumbs however it is edited.
struct PieceEditor<Piece: DocumentPiece> {
    private let pieces: [Piece]
    private var place = PiecePlace()
    /// Units that are kept as they are, once something follows that is not.
    private var kept = 0
    /// The first piece that is replaced; nil as long as nothing changed.
    private var start: Int?
    private var made: [Piece] = []

    init(_ pieces: [Piece]) { self.pieces = pieces }

    mutating func retain(_ count: Int) { self.kept += count }

    mutating func insert(_ piece: Piece) throws(OTError) {
        try self.reach()
        for part in piece.pieces { self.push(part) }
    }

    mutating func delete(_ count: Int) throws(OTError) {
        try self.reach()
        try self.place.skip(count, in: self.pieces)
    }

    /// Hands out the next units piece by piece; what becomes of them is then to be inserted.
    mutating func take(_ count: Int) throws(OTError) -> [Piece] {
        try self.reach()
        return try self.read(count)
    }

    private mutating func read(_ count: Int) throws(OTError) -> [Piece] {
        var parts: [Piece] = []
        var left = count
        while left > 0, let part = try self.place.next(left, in: self.pieces) {
            left -= part.length
            parts.append(part)
        }
        return parts
    }

    private mutating func reach() throws(OTError) {
        if self.start == nil {
            try self.place.skip(self.kept, in: self.pieces)
            self.begin()
        } else {
            for part in try self.read(self.kept) { self.push(part) }
        }
        self.kept = 0
    }

    /// Nothing changed so far: what is replaced starts with the piece that holds the place, or ends at it.
    private mutating func begin() {
        if self.place.offset > 0 {
            self.start = self.place.index
            self.made = [self.pieces[self.place.index].part(0..<self.place.offset)]
        } else if self.place.index > 0 {
            self.start = self.place.index - 1
            self.made = [self.pieces[self.place.index - 1]]
        } else {
            self.start = 0
        }
    }

    private mutating func push(_ piece: Piece) {
        guard piece.length > 0 else { return }
        if let last = self.made.indices.last, self.made[last].absorb(piece) { return }
        self.made.append(piece)
    }

    /// What is to be replaced, and by what; nil if nothing changed.
    mutating func finish() throws(OTError) -> (range: Range<Int>, pieces: [Piece])? {
        guard let start = self.start else { return nil }
        if self.place.offset > 0, let rest = try self.place.next(.max, in: self.pieces) { self.push(rest) }
        if let next = try self.place.next(.max, in: self.pieces) { self.push(next) }
        return (start..<self.place.index, self.made)
    }
}
