// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A place in the arrays of a store; `none` stands for no place.
typealias Slot = Int32

extension Slot {
    static let none: Slot = -1
    var index: Int { Int(self) }
}

/// A run of units that one client made one after the other, and its place among its neighbours.
///
/// Plain numbers only, 80 bytes: a document is an array of these, so that nothing is counted or chased. What a run
/// holds stands elsewhere: text in the store's units, all else in its contents or branches.
struct Item {
    var clock: Int
    var length: Int
    /// The neighbours when the run was made; their clients are indices into the store's clients, or `none`.
    var originClock = 0
    var rightClock = 0
    var originClient = Slot.none
    var rightClient = Slot.none
    var client: Slot
    /// The neighbours now.
    var left = Slot.none
    var right = Slot.none
    var parent = Slot.none
    /// The key in a map; `none` in a list.
    var key = Slot.none
    /// The first unit of text, or an index into contents or branches.
    var payload = Slot.none
    /// Units reserved for text.
    var capacity: Int32 = 0
    /// The block of the parent's position index that the run belongs to.
    var block = Slot.none
    /// When a search for a place last passed here.
    var mark: UInt32 = 0
    var kind: StructKind
    private var flags: UInt8 = 0

    init(client: Slot, clock: Int, length: Int, kind: StructKind) {
        self.client = client
        self.clock = clock
        self.length = length
        self.kind = kind
    }

    @inline(__always)
    var end: Int { self.clock + self.length }

    var isDeleted: Bool {
        @inline(__always) get { self.flags & 1 != 0 || self.kind == .collected }
        set { self.flags = newValue ? self.flags | 1 : self.flags & ~1 }
    }

    /// Whether the undo manager wants the content kept after its deletion.
    var isKept: Bool {
        get { self.flags & 2 != 0 }
        set { self.flags = newValue ? self.flags | 2 : self.flags & ~2 }
    }

    /// Whether the store remembers what took its place when its deletion was undone.
    var isRedone: Bool {
        get { self.flags & 4 != 0 }
        set { self.flags = newValue ? self.flags | 4 : self.flags & ~4 }
    }

    @inline(__always)
    var isVisible: Bool { self.flags & 1 == 0 && self.kind.isCountable }

    /// Units of the parent's length.
    @inline(__always)
    var liveLength: Int { self.isVisible ? self.length : 0 }
}
