// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A shared type: a list of items, a map of items, or both.
struct Branch {
    /// Nil for a root that nobody has yet opened as a type.
    var kind: YTypeKind?
    /// The node name of an XML element, the name of a hook.
    var name = ""
    /// The item that holds it, or the name of the root that it is.
    var item = Slot.none
    var root = Slot.none
    var start = Slot.none
    var end = Slot.none
    /// The rightmost item of each key.
    var entries: [Slot: Slot] = [:]
    /// Live units in the list.
    var length = 0
    var hasFormatting = false
    var index: PositionIndex?
    /// The document that it is, if it is one.
    var document = Slot.none
}

/// The structs of one client, in the order of their clocks and without holes.
struct ClientStructs {
    struct Entry {
        var clock: Int
        var slot: Slot
    }

    let id: Int
    var entries: [Entry] = []
    /// The clock of the next unit.
    var state = 0
    /// The state before the transaction with the number `transaction`.
    var stateBefore = 0
    var transaction = 0
}
