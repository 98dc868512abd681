// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a transaction has done so far.
struct Changes {
    /// Deleted runs, in the order of their deletion.
    var deleted: [(client: Slot, range: Range<Int>)] = []
    /// Clients that have new units; what they had before stands with them.
    var touched: [Slot] = []
    /// Where items were cut or may be joined again.
    var seams: [(client: Slot, clock: Int)] = []
    /// Keys that changed by branch; `none` stands for the list.
    var branches: [Slot: Set<Slot>] = [:]
    var documentsAdded: [Slot] = []
    var documentsRemoved: [Slot] = []

    var isEmpty: Bool { self.deleted.isEmpty && self.touched.isEmpty }

    mutating func delete(_ item: Item) {
        if let last = self.deleted.last, last.client == item.client, last.range.upperBound == item.clock {
            self.deleted[self.deleted.count - 1].range = last.range.lowerBound..<item.end
        } else {
            self.deleted.append((item.client, item.clock..<item.end))
        }
    }
}
