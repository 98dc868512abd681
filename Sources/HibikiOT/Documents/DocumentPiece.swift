// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A document is held in pieces, so that an edit within a long text copies one piece of it rather than all.
protocol DocumentPiece: Sendable {
    var length: Int { get }

    /// About how many bytes it holds in memory.
    var weight: Int { get }

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

    /// The piece cut into ones that are not too long, with room to grow.
    var pieces: [Self] {
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
