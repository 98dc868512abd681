// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging

/// Somebody's complaint about a message, for moderators: one row.
public struct Report: Hashable, Sendable {
    /// Counts from 1 in the room of the message.
    public let number: Int64
    public let message: MessageID
    public var reporter: UserID
    public var reason: String
    public let timestamp: Timestamp

    public init(number: Int64, message: MessageID, reporter: UserID, reason: String, timestamp: Timestamp) {
        self.number = number
        self.message = message
        self.reporter = reporter
        self.reason = reason
        self.timestamp = timestamp
    }
}
