// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire

/// What a listener has received, and so what it asks for next, in the spelling of each transport.
struct EventCursor {
    let topics: [String]
    private let start: StartingPoint
    private var positions: [String: String]
    /// What the last answer over HTTP said about all topics together.
    private var lastEventID: String?

    init(_ topics: [String], from start: StartingPoint) {
        var seen: Set<String> = []
        self.topics = topics.filter { seen.insert($0).inserted }
        self.start = start
        self.positions = if case .positions(let positions) = start { positions } else { [:] }
    }

    /// For `subscribe` over a WebSocket.
    func since(_ topic: String) -> String {
        if let position = self.positions[topic] { return position }
        return switch self.start {
        case .earliest: "earliest"
        case .latest, .positions: "latest"
        case .position(let position): position
        }
    }

    /// For a request over HTTP, which names all topics.
    var sinceAll: String {
        if let lastEventID { return lastEventID }
        switch self.start {
        case .earliest: return "earliest"
        case .latest: return "latest"
        case .position(let position): return position
        case .positions: break
        }
        if self.topics.count == 1, let topic = self.topics.first { return self.since(topic) }
        let pairs = self.topics.compactMap { topic in
            self.positions[topic].map { "\(PercentEncoding.encode(topic))=\(PercentEncoding.encode($0))" }
        }
        return pairs.isEmpty ? "latest" : pairs.joined(separator: ",")
    }

    /// Takes note of an event.
    ///
    /// - Returns: `false` for one that was received before, or whose topic was not asked for. One that no log keeps is new.
    mutating func accept(_ event: EventFields) -> Bool {
        guard self.topics.contains(event.topic) else { return false }
        guard let position = event.position else { return true }
        if let seen = self.positions[event.topic], Self.isSeen(position, seen) { return false }
        self.positions[event.topic] = position
        return true
    }

    /// All up to here was received.
    mutating func advance(to lastEventID: String) {
        guard !lastEventID.isEmpty else { return }
        self.lastEventID = lastEventID
    }

    /// Takes note of where a topic begins, where no event said so: after `latest`, or after a gap.
    mutating func settle(_ topic: String, at position: String, isGap: Bool) {
        let isLatest = self.since(topic) == "latest"
        if isGap || isLatest { self.positions[topic] = position }
    }

    /// Forgets where these topics were: the log no longer reaches back there.
    mutating func lose(_ topics: [String]) {
        for topic in topics { self.positions[topic] = nil }
    }

    /// Whether `position` is at or before `seen`. Only positions of one epoch can be compared.
    static func isSeen(_ position: String, _ seen: String) -> Bool {
        guard position != seen else { return true }
        guard let left = self.parts(position), let right = self.parts(seen), left.epoch == right.epoch else {
            return false
        }
        return left.offset <= right.offset
    }

    private static func parts(_ position: String) -> (epoch: Substring, offset: UInt64)? {
        guard let hyphen = position.lastIndex(of: "-"),
            let offset = UInt64(position[position.index(after: hyphen)...])
        else { return nil }
        return (position[..<hyphen], offset)
    }
}
