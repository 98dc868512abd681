// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Moves a position along with what an operation does before it.
struct PositionWalk {
    private(set) var position: Int
    /// How far the operation has come in the document as it makes it.
    private var reached = 0
    private let staysBefore: Bool

    init(_ position: Int, staysBefore: Bool) {
        self.position = min(max(position, 0), Length.most)
        self.staysBefore = staysBefore
    }

    /// Whether nothing that follows can move it.
    var isPast: Bool { self.reached > self.position }

    mutating func retain(_ count: Int) { self.reached = min(self.reached + count, Length.most) }

    mutating func insert(_ count: Int) {
        if self.reached < self.position || !self.staysBefore { self.position = min(self.position + count, Length.most) }
        self.reached = min(self.reached + count, Length.most)
    }

    mutating func delete(_ count: Int) { self.position -= min(count, max(self.position - self.reached, 0)) }
}
