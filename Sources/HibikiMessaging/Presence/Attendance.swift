// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWire
import Synchronization

/// Who is there and who is typing on this node, for every thread: a ``PresenceTable`` and a ``TypingTable`` behind a lock, which is
/// taken when somebody comes, goes or says something about it, and never for what passes on a connection.
public final class Attendance: Sendable {
    private let presence: Mutex<PresenceTable>
    private let typing: Mutex<TypingTable>

    public init(
        _ presence: PresenceTable.Configuration = PresenceTable.Configuration(),
        typing: TypingTable.Configuration = TypingTable.Configuration()
    ) {
        self.presence = Mutex(PresenceTable(presence))
        self.typing = Mutex(TypingTable(typing))
    }

    /// The people who are there.
    public var count: Int { self.presence.withLock { $0.count } }

    /// How somebody is at the moment.
    public func presence(of person: String) -> Presence {
        self.presence.withLock { $0.presence(of: person) }
    }

    /// Of these people, those who are there.
    public func present(among people: some Sequence<String>) -> Set<ExactString> {
        self.presence.withLock { table in
            Set(people.filter { table.presence(of: $0).status != .offline }.map(ExactString.init))
        }
    }

    /// A device says whether somebody looks at it.
    public func set(away isAway: Bool, _ device: PresenceDevice, of person: String, at now: Timestamp) {
        self.presence.withLock { $0.set(away: isAway, device, of: person, at: now) }
    }

    /// Takes what a look at all connections has found; see ``PresenceTable/keepConnections(of:lookedSince:at:)``.
    public func keepConnections(
        of found: [ExactString: Set<PresenceDevice>], lookedSince began: Timestamp, at now: Timestamp
    ) {
        self.presence.withLock { $0.keepConnections(of: found, lookedSince: began, at: now) }
    }

    /// Of whom others are to be told now.
    public func changes(at now: Timestamp) -> [PresenceChange] {
        self.presence.withLock { $0.step(at: now) }
    }

    // MARK: Typing

    /// - Returns: whether others are to be told.
    public func started(_ typist: TypingTable.Typist, at now: Timestamp) -> Bool {
        self.typing.withLock { $0.started(typist, at: now) }
    }

    /// - Returns: whether others are to be told.
    public func stopped(_ typist: TypingTable.Typist) -> Bool {
        self.typing.withLock { $0.stopped(typist) }
    }

    /// Those who have stopped without a word.
    public func silent(at now: Timestamp) -> [TypingTable.Typist] {
        self.typing.withLock { $0.step(at: now) }
    }
}

extension Attendance: Doorkeeper {
    public func saw(_ device: PresenceDevice, of principal: Principal, at now: Timestamp) {
        guard let person = principal.id else { return }
        self.presence.withLock { $0.saw(device, of: person, at: now) }
    }

    public func lost(_ device: PresenceDevice, of principal: Principal, at now: Timestamp) {
        guard let person = principal.id else { return }
        self.presence.withLock { $0.lost(device, of: person, at: now) }
    }
}
