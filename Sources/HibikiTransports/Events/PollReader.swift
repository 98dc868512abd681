// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore

/// Reads the log for one poll.
struct PollReader {
    /// The most bytes of events in one answer; what is left comes with the next.
    private static let bytes = 1 << 20

    private let topics: [Topic]
    private var starts: [LogStart]
    private let limit: Int
    private let loop: TransportLoop

    init(_ request: EventsRequest, loop: TransportLoop) {
        self.topics = request.topics
        self.starts = request.topics.map(request.start)
        self.limit = request.limit
        self.loop = loop
    }

    /// Answers with what is there.
    ///
    /// - Parameters:
    ///   - atOnce: answer even if nothing is there.
    ///   - signals: what no log keeps, to be told with it.
    /// - Returns: whether an answer was sent. If not, the reader stands where it began, so that what comes next is found.
    @discardableResult
    mutating func answer(_ exchange: HTTPExchange, atOnce: Bool, _ signals: [EventFields] = []) -> Bool {
        let slices = zip(self.topics, self.starts).map { topic, start in
            self.loop.hub.read(topic, from: start, limit: self.limit, at: self.loop.timestamp)
        }
        let isGap = slices.contains(where: \.isGap)
        guard atOnce || isGap || !signals.isEmpty || slices.contains(where: { !$0.publications.isEmpty }) else {
            self.starts = slices.map { .after($0.end) }
            return false
        }
        var answer = ByteBuffer()
        answer.writePollAnswerBegin()
        var count = 0
        let ends = isGap ? self.endsAfterGap(slices) : self.write(slices, to: &answer, &count)
        for signal in isGap ? [] : signals {
            answer.writeListedEvent(signal, isFirst: count == 0)
            count += 1
        }
        let position = self.text(of: ends)
        answer.writePollAnswerEnd(lastEventID: position, gap: isGap)
        exchange.respond(status: 200, fields: Self.fields(position, isJSON: true), body: answer)
        return true
    }

    /// The answer at the end of a wait in which nothing happened.
    func answerNothing(_ exchange: HTTPExchange) {
        let ends = zip(self.topics, self.starts).map { topic, start in
            self.loop.hub.read(topic, from: start, limit: 0, at: self.loop.timestamp).end
        }
        exchange.respond(status: 204, fields: Self.fields(self.text(of: ends), isJSON: false), body: ByteBuffer())
    }

    /// Joins every topic where the reader stands.
    func join(_ subscriber: any Subscriber) -> [Subscription] {
        zip(self.topics, self.starts).map { topic, start in
            let slice = self.loop.members.subscribe(
                subscriber, to: topic, from: start, limit: 0, at: self.loop.timestamp)
            return slice.0
        }
    }

    private static func fields(_ position: String, isJSON: Bool) -> [(name: String, value: String)] {
        var fields = [(name: "Cache-Control", value: "no-store"), (name: "Last-Event-ID", value: position)]
        if isJSON {
            fields.append((name: "Content-Type", value: "application/json"))
        }
        return fields
    }

    /// A topic that was left behind goes on at its newest event, and the others stay where they were.
    private func endsAfterGap(_ slices: [LogSlice]) -> [StreamPosition] {
        zip(slices, zip(self.topics, self.starts)).map { slice, reader in
            guard !slice.isGap else { return slice.end }
            return self.loop.hub.read(reader.0, from: reader.1, limit: 0, at: self.loop.timestamp).end
        }
    }

    private func write(_ slices: [LogSlice], to answer: inout ByteBuffer, _ count: inout Int) -> [StreamPosition] {
        var ends = slices.map(\.end)
        for (index, slice) in slices.enumerated() {
            for publication in slice.publications {
                guard count < self.limit, count == 0 || answer.readableBytes < Self.bytes else {
                    ends[index].offset = publication.position.offset - 1
                    break
                }
                answer.writeListedEvent(EventFields(publication), isFirst: count == 0)
                count += 1
            }
        }
        return ends
    }

    private func text(of positions: [StreamPosition]) -> String {
        if positions.count == 1, let only = positions.first {
            return only.description
        }
        var vector = PositionVector()
        for (topic, position) in zip(self.topics, positions) {
            vector[topic] = position
        }
        return vector.description
    }
}
