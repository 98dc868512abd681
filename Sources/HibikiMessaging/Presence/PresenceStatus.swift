// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Whether somebody is there, whatever that one's devices are.
public enum PresenceStatus: String, Hashable, Sendable, CaseIterable {
    /// At least one device is there, and has not said that nobody looks at it.
    case online
    /// Devices are there, and all of them have said so.
    case away
    case offline
}

/// What others are told about somebody.
public struct Presence: Hashable, Sendable {
    public var status: PresenceStatus
    /// When something was heard of that one's devices last; `nil` for somebody who is there, or was not seen as far back as is
    /// remembered.
    public var lastSeen: Timestamp?

    public init(_ status: PresenceStatus, lastSeen: Timestamp? = nil) {
        self.status = status
        self.lastSeen = lastSeen
    }

    public static let unknown = Presence(.offline)
}

/// Somebody has come, gone, or looked away.
public struct PresenceChange: Hashable, Sendable {
    public var person: String
    public var presence: Presence

    public init(_ person: String, _ presence: Presence) {
        self.person = person
        self.presence = presence
    }
}

/// One of the devices of a person, as long as it is there: a connection, or everything that comes in requests of their own.
public struct PresenceDevice: Hashable, Sendable {
    /// Whether somebody says when it has gone. If not, it has gone when its time to live is over.
    public let isConnection: Bool
    private let number: UInt64

    /// - Parameter number: another one for each connection.
    public static func connection(_ number: UInt64) -> PresenceDevice {
        PresenceDevice(isConnection: true, number: number)
    }

    /// A connection that has a name rather than a number.
    public static func connection(named name: String) -> PresenceDevice {
        .connection(name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 })
    }

    /// What comes in single requests: polls, and commands over HTTP.
    public static let requests = PresenceDevice(isConnection: false, number: 0)
}
