// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension Store {
    mutating func set(_ input: YInput, for key: String, in branch: Slot, by author: Author) throws(YError) {
        let name = self.name(key)
        let left = self.branches[branch.index].entries[name]?.last ?? .none
        try self.insert(input, left: left, right: .none, in: branch, key: name, by: author)
    }

    mutating func removeValue(for key: String, in branch: Slot) {
        guard let name = self.existingName(key), let slot = self.branches[branch.index].entries[name]?.last else {
            return
        }
        self.delete(slot)
    }

    /// The live item of a key.
    func entry(_ key: String, in branch: Slot) -> Slot? {
        guard let name = self.existingName(key), let slot = self.branches[branch.index].entries[name]?.last,
            !self.items[slot.index].isDeleted
        else { return nil }
        return slot
    }

    /// The keys that have a value, in the order in which the document first met their names.
    func keys(of branch: Slot) -> [(key: String, slot: Slot)] {
        self.branches[branch.index].entries.sorted { $0.key < $1.key }
            .filter { !self.items[$0.value.last.index].isDeleted }
            .map { (self.names[$0.key.index], $0.value.last) }
    }
}
