// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire

/// Where a reader of one topic wants to begin.
public enum LogStart: Hashable, Sendable {
    /// With the oldest event that the log still holds.
    case earliest
    /// With what happens next.
    case latest
    /// With the first event after this one.
    case after(StreamPosition)
    /// After an event that nobody can name any more: `since` held something that is no position. The reader is told
    /// that there is a gap, as for a position that the log has left behind.
    case gone
}

/// The `since` of a request, for all of its topics.
public enum Since: Hashable, Sendable {
    case every(LogStart)
    case vector(PositionVector)
    /// `since=topic=position,topic2=position2`, with the topics percent-encoded: for clients that hold a position per topic.
    case pairs([Topic: StreamPosition])

    /// Reads the text of `since` or of `Last-Event-ID`. Never fails: what is no position is ``LogStart/gone``.
    public init(_ text: String) {
        if text == "earliest" {
            self = .every(.earliest)
        } else if text == "latest" {
            self = .every(.latest)
        } else if let position = StreamPosition(text) {
            self = .every(.after(position))
        } else if let vector = PositionVector(text) {
            self = .vector(vector)
        } else if let pairs = Self.pairs(in: text) {
            self = .pairs(pairs)
        } else {
            self = .every(.gone)
        }
    }

    /// Where to begin in `topic`; a topic that a list of positions does not name begins at ``LogStart/latest``.
    ///
    /// - Parameter alone: whether the request names no other topic. The position of one topic says nothing about
    ///   another, so in a request for several it is ``LogStart/gone``.
    public func start(for topic: Topic, alone: Bool) -> LogStart {
        switch self {
        case .every(.after) where !alone: .gone
        case .every(let start): start
        case .vector(let vector): vector[topic].map(LogStart.after) ?? .latest
        case .pairs(let pairs): pairs[topic].map(LogStart.after) ?? .latest
        }
    }

    private static func pairs(in text: String) -> [Topic: StreamPosition]? {
        guard text.utf8.contains(UInt8(ascii: "=")) else { return nil }
        var pairs: [Topic: StreamPosition] = [:]
        for pair in text.utf8.split(separator: UInt8(ascii: ","), maxSplits: PositionVector.maximumEntries) {
            guard let equals = pair.lastIndex(of: UInt8(ascii: "=")),
                let topic = PercentEncoding.decode(pair[..<equals]).flatMap({ try? Topic($0) }),
                let position = StreamPosition(Substring(pair[pair.index(after: equals)...]))
            else { return nil }
            pairs[topic] = position
        }
        return pairs
    }
}
