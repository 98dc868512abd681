// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging

/// What to look for, after its operators were taken apart.
public struct SearchQuery: Hashable, Sendable {
    public enum Feature: String, Hashable, Sendable, CaseIterable {
        case image, file, link, reaction, pin
    }

    public var reader: UserID
    /// Words, all of which must occur, as whole words and without regard to case. None where only operators were given.
    public var words: [String]
    public var from: UserID?
    public var room: RoomID?
    public var features: Set<Feature>
    /// Messages before this time.
    public var before: Timestamp?
    /// Messages of this time or later.
    public var after: Timestamp?
    /// Goes on after the last message of the page before.
    public var cursor: SearchCursor?
    public var limit: Int

    public init(
        reader: UserID, words: [String] = [], from: UserID? = nil, room: RoomID? = nil, features: Set<Feature> = [],
        before: Timestamp? = nil, after: Timestamp? = nil, cursor: SearchCursor? = nil, limit: Int
    ) {
        self.reader = reader
        self.words = words
        self.from = from
        self.room = room
        self.features = features
        self.before = before
        self.after = after
        self.cursor = cursor
        self.limit = limit
    }
}

/// The place of a message in the order of a search: by time, then by room and sequence, the newest first.
public struct SearchCursor: Hashable, Sendable {
    public var timestamp: Timestamp
    public var message: MessageID

    public init(timestamp: Timestamp, message: MessageID) {
        self.timestamp = timestamp
        self.message = message
    }
}
