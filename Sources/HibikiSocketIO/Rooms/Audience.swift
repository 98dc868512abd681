// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire

/// Whom an emit is for, and how it travels.
package struct Audience: Hashable, Sendable {
    /// Members of any of these get it, each once; if there is none, all of the namespace. A socket's id is a room too.
    package var rooms: [String]
    /// Members of any of these do not get it.
    package var except: [String]
    /// The id of one more socket that does not get it: the one that emits.
    package var leftOut: String?
    /// For members on this node only.
    package var isLocal: Bool
    /// Dropped for whom it could not leave at once. No log keeps it.
    package var isVolatile: Bool
    /// Whether it is worth compressing.
    package var isCompressible: Bool

    package init(
        rooms: [String] = [], except: [String] = [], leftOut: String? = nil, isLocal: Bool = false,
        isVolatile: Bool = false, isCompressible: Bool = true
    ) {
        self.rooms = rooms
        self.except = except
        self.leftOut = leftOut
        self.isLocal = isLocal
        self.isVolatile = isVolatile
        self.isCompressible = isCompressible
    }

    /// By the bytes of the names: one run of events for two audiences would go to the rooms of the first.
    package static func == (one: Audience, other: Audience) -> Bool {
        one.isLocal == other.isLocal && one.isVolatile == other.isVolatile && one.isCompressible == other.isCompressible
            && one.rooms.elementsEqual(other.rooms) { $0.isExactly($1) }
            && one.except.elementsEqual(other.except) { $0.isExactly($1) }
            && one.leftOut.map(ExactString.init) == other.leftOut.map(ExactString.init)
    }

    package func hash(into hasher: inout Hasher) {
        for room in self.rooms { hasher.combine(ExactString(room)) }
        hasher.combine(self.rooms.count)
    }
}
