// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A document inside a document: its identity and options, for the content itself travels apart.
struct SubdocumentRecord {
    let guid: String
    let options: YValue
    var slot = Slot.none
    /// The transaction that brought it.
    var transaction = 0
}

extension Store {
    mutating func add(_ record: SubdocumentRecord) -> Slot {
        self.documents.append(record)
        return Slot(truncatingIfNeeded: self.documents.count - 1)
    }

    mutating func addDocument(_ slot: Slot) {
        let document = self.items[slot.index].payload
        self.documents[document.index].slot = slot
        self.documents[document.index].transaction = self.transaction
        self.changes.documentsAdded.append(document)
    }

    mutating func removeDocument(_ slot: Slot) {
        let document = self.items[slot.index].payload
        guard self.documents.indices.contains(document.index) else { return }
        self.documents[document.index].slot = .none
        // One that came in the same transaction is left out of those added when that is over.
        if self.documents[document.index].transaction != self.transaction {
            self.changes.documentsRemoved.append(document)
        }
    }
}
