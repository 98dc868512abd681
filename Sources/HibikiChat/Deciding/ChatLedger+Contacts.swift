// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire

extension ChatLedger {
    mutating func addContact(_ contact: UserID, _ order: ChatOrder) throws(WireError) -> ChatResult {
        let key = ContactKey(order.person.id, contact)
        guard contact != order.person.id else { throw .invalid("userId: nobody is a contact of himself") }
        guard self.facts.contacts[key] == nil else { return .done }
        guard self.facts.contactCounts[key.person] ?? 0 < self.limits.contacts else {
            throw .tooMany("the contact list is full")
        }
        self.put(Contact(key, addedAt: order.now), at: key)
        self.tell(.listed(key, isListed: true))
        return .done
    }

    mutating func removeContact(_ contact: UserID, _ order: ChatOrder) -> ChatResult {
        let key = ContactKey(order.person.id, contact)
        guard self.facts.contacts[key] != nil else { return .done }
        self.put(nil, at: key)
        self.tell(.listed(key, isListed: false))
        return .done
    }
}
