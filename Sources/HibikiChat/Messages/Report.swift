// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging

/// Which report is meant.
public struct ReportKey: Hashable, Sendable {
    public let room: RoomID
    public let number: Int64

    public init(_ room: RoomID, _ number: Int64) {
        self.room = room
        self.number = number
    }
}

/// Somebody's complaint about a message, for moderators: one row.
public struct Report: Hashable, Sendable {
    /// Whether reports are listed that wait for somebody, or those that do not.
    public enum State: String, Hashable, Sendable, CaseIterable {
        case open, settled
    }

    /// What came of a report.
    public enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// There was nothing to be done.
        case dismissed
        /// Something was done about it: the message was deleted, its author spoken to…
        case acted
    }

    /// Who settled a report, when and how. It stands: nobody settles a report twice.
    public struct Settlement: Hashable, Sendable {
        public var by: UserID
        public let timestamp: Timestamp
        public let outcome: Outcome
        public let note: String

        public init(by: UserID, timestamp: Timestamp, outcome: Outcome, note: String) {
            self.by = by
            self.timestamp = timestamp
            self.outcome = outcome
            self.note = note
        }
    }

    /// Counts from 1 in the room of the message.
    public let number: Int64
    public let message: MessageID
    public var reporter: UserID
    /// In the words of the reporter; nothing once that one was erased.
    public var reason: String
    public let timestamp: Timestamp
    /// `nil` as long as the report is open.
    public var settlement: Settlement?

    public init(
        number: Int64, message: MessageID, reporter: UserID, reason: String, timestamp: Timestamp,
        settlement: Settlement? = nil
    ) {
        self.number = number
        self.message = message
        self.reporter = reporter
        self.reason = reason
        self.timestamp = timestamp
        self.settlement = settlement
    }

    public var key: ReportKey { ReportKey(self.message.room, self.number) }
    public var state: State { self.settlement == nil ? .open : .settled }
}
