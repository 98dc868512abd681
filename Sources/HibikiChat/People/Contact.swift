// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging

/// Whom somebody has listed: the contact hears when that person comes and goes, and not the other way round.
public struct ContactKey: Hashable, Sendable {
    public let person: UserID
    public let contact: UserID

    public init(_ person: UserID, _ contact: UserID) {
        self.person = person
        self.contact = contact
    }
}

/// An entry of a contact list: one row.
public struct Contact: Hashable, Sendable {
    public let key: ContactKey
    public let addedAt: Timestamp

    public init(_ key: ContactKey, addedAt: Timestamp) {
        self.key = key
        self.addedAt = addedAt
    }
}
