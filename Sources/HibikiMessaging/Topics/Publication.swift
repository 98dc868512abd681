// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// Milliseconds since 1970, as every format of the protocol writes them.
public struct Timestamp: Hashable, Comparable, Sendable {
    public var milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    public static func < (one: Timestamp, other: Timestamp) -> Bool {
        one.milliseconds < other.milliseconds
    }

    /// How long ago `earlier` was; zero if the clock was set back in between.
    public func since(_ earlier: Timestamp) -> Duration {
        .milliseconds(max(0, self.milliseconds.subtractingReportingOverflow(earlier.milliseconds).partialValue))
    }
}

/// What somebody wants to publish: a ``Publication`` that has no position yet.
public struct Draft: Sendable {
    public var topic: Topic
    /// The event's name, 1 to 255 bytes.
    public var event: String
    /// The text of one JSON value, handed on byte for byte.
    public var payload: ByteBuffer
    /// The connection that publishes; `nil` over HTTP.
    public var from: ClientID?
    /// The idempotency key: a second draft with the same key on the same topic within the window is not stored again.
    public var key: String?

    public init(topic: Topic, event: String, payload: ByteBuffer, from: ClientID? = nil, key: String? = nil) {
        self.topic = topic
        self.event = event
        self.payload = payload
        self.from = from
        self.key = key
    }
}

/// One event of one topic. Immutable, and shared by the log and by every delivery.
public final class Publication: Sendable {
    public let topic: Topic
    public let position: StreamPosition
    public let event: String
    public let payload: ByteBuffer
    public let from: ClientID?
    public let timestamp: Timestamp

    public init(_ draft: Draft, position: StreamPosition, timestamp: Timestamp) {
        self.topic = draft.topic
        self.position = position
        self.event = draft.event
        // The payload of a draft is a slice of what was received. Kept as it is, it would hold on to all of that.
        self.payload = ByteBuffer(bytes: draft.payload.readableBytesView)
        self.from = draft.from
        self.timestamp = timestamp
    }

    /// What the publication takes in memory, in bytes; the constant stands for its objects.
    package var cost: Int {
        self.payload.readableBytes + self.event.utf8.count + 192
    }
}
