// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// The answer to a poll, short or long.
public struct PollAnswer: Equatable, Sendable {
    public var events: [EventFields]
    /// What to give as `since` next time.
    public var lastEventID: String
    /// Whether the log no longer reached back to `since`.
    public var gap: Bool

    public init(events: [EventFields], lastEventID: String, gap: Bool = false) {
        self.events = events
        self.lastEventID = lastEventID
        self.gap = gap
    }

    public init(parsing body: ByteBuffer) throws(WireError) {
        self = try body.withServerText { reader throws(WireError) in
            try reader.readObject()
            try reader.finish()
            return PollAnswer(
                events: try reader.events(in: body),
                lastEventID: try reader.string(reader.members.lastEventID, "lastEventId"),
                gap: try reader.flag(reader.members.gap, "gap")
            )
        }
    }
}

extension EventFields {
    /// Reads an array of events, such as that of a reply to `history`. Payloads are slices of `text`.
    public static func list(parsing text: ByteBuffer) throws(WireError) -> [EventFields] {
        try text.withServerText { reader throws(WireError) in
            let events = try reader.readList { element throws(WireError) in try element.event(in: text) }
            try reader.finish()
            return events
        }
    }
}

extension ByteBuffer {
    /// Begins the answer to a poll. `writeListedEvent` follows, as often as there are events, then
    /// `writePollAnswerEnd`.
    public mutating func writePollAnswerBegin() {
        self.writeStaticString(#"{"events":["#)
    }

    public mutating func writePollAnswerEnd(lastEventID: String, gap: Bool = false) {
        self.writeMember(#"],"lastEventId":"#, lastEventID)
        self.writeStaticString(gap ? #","gap":true}"# : "}")
    }
}
