// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A struct of a document as it is kept: for tools that look inside, and for tests.
package struct YStruct {
    package enum Parent: Hashable {
        case root(String)
        case item(YID)
    }

    package let id: YID
    package let length: Int
    /// The number of the content on the wire; 0 for what was collected.
    package let kind: UInt8
    package let isDeleted: Bool
    package let origin: YID?
    package let rightOrigin: YID?
    package let parent: Parent?
    package let key: String?
    package let units: [UInt16]
    package let outputs: [YOutput]
    package let mark: (key: String, value: YValue)?
}

extension YDocument {
    /// All structs, the highest client first.
    package var structs: [YStruct] {
        self.store.clients.sorted { $0.id > $1.id }.flatMap { client in
            client.entries.map { self.structure(of: $0.slot) }
        }
    }

    private func structure(of slot: Slot) -> YStruct {
        let item = self.store.items[slot.index]
        let branch = item.parent >= 0 ? self.store.branches[item.parent.index] : nil
        let parent: YStruct.Parent? = branch.map { branch in
            branch.root >= 0
                ? .root(self.store.names[branch.root.index])
                : .item(branch.item >= 0 ? self.store.id(branch.item) : YID(client: 0, clock: 0))
        }
        func id(_ client: Slot, _ clock: Int) -> YID? {
            client < 0 ? nil : YID(client: self.store.clients[client.index].id, clock: clock)
        }
        return YStruct(
            id: self.store.id(slot), length: item.length, kind: item.kind.rawValue, isDeleted: item.isDeleted,
            origin: id(item.originClient, item.originClock), rightOrigin: id(item.rightClient, item.rightClock),
            parent: parent, key: item.key < 0 ? nil : self.store.names[item.key.index],
            units: item.kind == .string ? Array(self.store.text(item)) : [],
            outputs: item.isDeleted ? [] : self.outputs(of: item),
            mark: item.kind == .format ? self.store.format(item) : nil)
    }
}
