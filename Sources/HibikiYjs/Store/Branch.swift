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
    /// The items of each key.
    var entries: [Slot: Chain] = [:]
    /// Live units in the list.
    var length = 0
    var hasFormatting = false
    var index: PositionIndex?
    /// The document that it is, if it is one.
    var document = Slot.none
}

/// The items that were set under one key, one behind the other. The last one counts.
///
/// Both ends are kept: an item without neighbours goes to the left end, and a chain is as long as the network likes.
struct Chain {
    var first: Slot
    var last: Slot
}
