// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Makes the pieces anew that an operation touches, and leaves those before and after them alone.
///
/// Two neighbours that together are short enough become one piece wherever it has been, so that a document does not
/// fall apart into crumbs however it is edited.
struct PieceEditor<Piece: DocumentPiece> {
    private let list: PieceList<Piece>
    private var place = PiecePlace()
    /// Units that are kept as they are, once something follows that is not.
    private var kept = 0
    /// The first piece that is replaced; nil as long as nothing changed.
    private var start: Int?
    private var made: [Piece] = []
    /// How many bytes may be made, so that a short operation cannot make a giant of a document of many runs.
    private var room: Int
    private let limit: Int

    init(_ list: PieceList<Piece>, weightLimit: Int) {
        self.list = list
        self.limit = weightLimit
        // One that has grown beyond the limit may still be edited.
        self.room = max(weightLimit, list.weight)
    }

    mutating func retain(_ count: Int) { self.kept += count }

    mutating func insert(_ piece: Piece) throws(OTError) {
        try self.reach()
        if piece.length <= Piece.longest { return try self.push(piece) }
        for part in piece.pieces { try self.push(part) }
    }

    mutating func delete(_ count: Int) throws(OTError) {
        try self.reach()
        try self.place.skip(count, in: self.list)
    }

    /// Hands out the next units piece by piece; what becomes of them is then to be inserted.
    mutating func take(_ count: Int) throws(OTError) -> [Piece] {
        try self.reach()
        return try self.read(count)
    }

    private mutating func read(_ count: Int) throws(OTError) -> [Piece] {
        var parts: [Piece] = []
        var left = count
        while left > 0, let part = try self.place.next(left, in: self.list) {
            left -= part.length
            parts.append(part)
        }
        return parts
    }

    private mutating func reach() throws(OTError) {
        if self.start == nil {
            try self.place.skip(self.kept, in: self.list)
            self.begin()
        } else {
            for part in try self.read(self.kept) { try self.push(part) }
        }
        self.kept = 0
    }

    /// Nothing changed so far: what is replaced starts with the piece that holds the place, or ends at it.
    private mutating func begin() {
        if self.place.offset > 0 {
            self.start = self.place.index
            self.made = [self.list.pieces[self.place.index].part(0..<self.place.offset)]
        } else if self.place.index > 0 {
            self.start = self.place.index - 1
            self.made = [self.list.pieces[self.place.index - 1]]
        } else {
            self.start = 0
        }
    }

    private mutating func push(_ piece: Piece) throws(OTError) {
        guard piece.length > 0 else { return }
        self.room -= piece.weight
        guard self.room >= 0 else { throw self.tooHeavy }
        if let last = self.made.indices.last, self.made[last].absorb(piece) { return }
        self.made.append(piece)
    }

    private var tooHeavy: OTError { .limitExceeded("what the document holds in memory", self.limit) }

    /// What is to be replaced, and by what; nil if nothing changed.
    mutating func finish() throws(OTError) -> PieceList<Piece>.Change? {
        guard let start = self.start else { return nil }
        if self.place.offset > 0, let rest = try self.place.next(.max, in: self.list) { try self.push(rest) }
        if let next = try self.place.next(.max, in: self.list) { try self.push(next) }
        let change = self.list.change(start..<self.place.index, self.made)
        guard change.weight <= max(self.limit, self.list.weight) else { throw self.tooHeavy }
        return change
    }
}
