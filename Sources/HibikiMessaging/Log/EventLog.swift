// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWire
public import NIOCore

/// Ordered logs, one for each topic.
///
/// The contract, which `EventLogContract` in the tests holds every implementation to:
/// - Offsets of a topic count from 1 without a hole, in the order of the appends.
/// - A read from a position returns every later event that was appended before the read, once and in order, or says
///   that there is a gap. It is never partial.
/// - A topic whose events were forgotten never reuses a position: either its offsets go on or its epoch changes.
///
/// Calls do not wait for I/O. A log behind a network keeps its newest events here, fed by its ``Broker``.
public protocol EventLog: Sendable {
    /// Stores a draft and gives it the next position of its topic.
    ///
    /// - Parameters:
    ///   - now: the time of the publication, which decides about retention and the idempotency window too.
    ///   - deliver: called with what was stored, before any later append to this topic is stored. It must be short, and
    ///     must not call the log. Not called for a duplicate.
    /// - Throws: `overloaded` when ``LogRetention/totalBytes`` or ``LogRetention/topics`` is reached; nothing is stored then.
    func append(
        _ draft: Draft, at now: Timestamp, deliver: (Publication) -> Void
    ) throws(WireError) -> PublishReceipt

    /// Reads at most `limit` events.
    func read(_ topic: Topic, from start: LogStart, limit: Int, at now: Timestamp) -> LogSlice

    /// Forgets what is older than the retention allows, in topics that nobody touches too. To be called now and then.
    func sweep(at now: Timestamp)

    /// Writes payloads anew where they stand: positions, names and times stay as they are, and what was read before is not called back.
    /// It takes time in proportion to what the log holds of these topics, so it is not for event loops.
    ///
    /// - Parameter payload: what is to stand in the place of a publication's payload; `nil` if that stays. It must not call the log.
    func rewrite(_ scope: LogScope, _ payload: (Publication) -> ByteBuffer?)

    /// What the log holds at this moment.
    var size: LogSize { get }

    /// Publications that it has taken since it began, whether it still holds them or not.
    var appended: UInt64 { get }

    /// Has a selection look at every topic that the log knows, without those of the server itself. It takes time in proportion
    /// to all topics, so it is not for event loops.
    func select(into selection: inout TopicSelection)

    /// What the log holds of a topic; `nil` for one that it does not know.
    func extent(of topic: Topic, at now: Timestamp) -> TopicExtent?
}

/// Of which topics.
public enum LogScope: Sendable {
    case topic(Topic)
    /// All whose names begin so; with it the log looks at the names of all.
    case prefix(String)
}

/// What a publisher learns.
public struct PublishReceipt: Hashable, Sendable {
    public var position: StreamPosition
    /// The idempotency key had been seen: the position is that of the first publication with it.
    public var isDuplicate: Bool

    public init(position: StreamPosition, isDuplicate: Bool) {
        self.position = position
        self.isDuplicate = isDuplicate
    }
}

/// A run of events of one topic.
public struct LogSlice: Sendable {
    public var publications: [Publication]
    /// Where to go on: the last event of this slice, or where it began if it is empty, or the newest event after a gap.
    public var end: StreamPosition
    /// The log no longer reaches back to where the reader wanted to begin; no publications are returned.
    public var isGap: Bool
    /// The limit was reached, and more is there.
    public var hasMore: Bool

    public init(publications: [Publication], end: StreamPosition, isGap: Bool = false, hasMore: Bool = false) {
        self.publications = publications
        self.end = end
        self.isGap = isGap
        self.hasMore = hasMore
    }
}

/// What a log holds of one topic.
public struct TopicExtent: Hashable, Sendable {
    /// Where the oldest event stands that can be read; `nil` if none can.
    public var first: StreamPosition?
    /// Where the newest event stands, even if it cannot be read any more.
    public var last: StreamPosition
    /// The events that can be read.
    public var count: Int
    /// What they take, in bytes, with the idempotency keys that are remembered.
    public var bytes: Int

    public init(first: StreamPosition?, last: StreamPosition, count: Int, bytes: Int) {
        self.first = first
        self.last = last
        self.count = count
        self.bytes = bytes
    }
}

public struct LogSize: Hashable, Sendable {
    public var topics: Int
    public var publications: Int
    public var bytes: Int

    public init(topics: Int = 0, publications: Int = 0, bytes: Int = 0) {
        self.topics = topics
        self.publications = publications
        self.bytes = bytes
    }
}
