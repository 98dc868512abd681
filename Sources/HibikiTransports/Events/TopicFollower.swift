// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire

/// The topics that one connection follows, each from its own position.
///
/// A topic is first *behind*: what the log holds is read in small portions, as far as the outbound queue has room. Then it is
/// *live*: the hub delivers. The change between the two loses nothing and repeats nothing.
final class TopicFollower {
    private struct Followed {
        let topic: Topic
        /// The last event that was handed on.
        var position: StreamPosition
        /// `nil` while it is behind.
        var subscription: Subscription?
    }

    /// The most events that are read at once.
    private static let portion = 64

    private var followed: [Followed] = []

    var count: Int { self.followed.count }
    var topics: [Topic] { self.followed.map(\.topic) }
    var isBehind: Bool { self.followed.contains { $0.subscription == nil } }

    func follows(_ topic: Topic) -> Bool {
        self.followed.contains { $0.topic == topic }
    }

    /// Begins to follow a topic.
    ///
    /// - Returns: the position from which events will come, and whether there is a gap before it.
    func follow(
        _ topic: Topic, from start: LogStart, loop: TransportLoop
    ) -> (position: StreamPosition, newest: StreamPosition, isGap: Bool) {
        let slice = loop.hub.read(topic, from: start, limit: 0, at: loop.timestamp)
        let newest = loop.hub.read(topic, from: .latest, limit: 0, at: loop.timestamp).end
        switch start {
        case .after, .gone: loop.counters.recover(isGap: slice.isGap)
        case .earliest, .latest: break
        }
        self.followed.append(Followed(topic: topic, position: slice.end))
        return (slice.end, newest, slice.isGap)
    }

    func unfollow(_ topic: Topic, loop: TransportLoop) {
        guard let index = self.followed.firstIndex(where: { $0.topic == topic }) else { return }
        if let subscription = self.followed.remove(at: index).subscription {
            loop.members.unsubscribe(subscription)
        }
    }

    func unfollowAll(loop: TransportLoop) {
        for followed in self.followed {
            if let subscription = followed.subscription {
                loop.members.unsubscribe(subscription)
            }
        }
        self.followed = []
    }

    /// Reads on for those that are behind, until they are live or there is no room.
    ///
    /// - Parameters:
    ///   - emit: hands on one publication.
    ///   - gap: the log has moved on beyond a reader that was behind; it continues from the newest event.
    func catchUp(
        _ subscriber: any Subscriber, loop: TransportLoop, hasRoom: () -> Bool, emit: (Publication) -> Void,
        gap: (Topic, StreamPosition) -> Void
    ) {
        while hasRoom(), let index = self.followed.firstIndex(where: { $0.subscription == nil }) {
            let topic = self.followed[index].topic
            let (subscription, slice) = loop.members.subscribe(
                subscriber, to: topic, from: .after(self.followed[index].position), limit: Self.portion,
                at: loop.timestamp
            )
            self.followed[index].position = slice.end
            self.followed[index].subscription = slice.hasMore ? nil : subscription
            if slice.isGap {
                gap(topic, slice.end)
            }
            for publication in slice.publications {
                emit(publication)
                // Events may be large, so a portion ends where the queue is full.
                guard publication.position == slice.end || hasRoom() else {
                    loop.members.unsubscribe(subscription)
                    self.fallBehind(topic, at: publication.position)
                    break
                }
            }
        }
    }

    private func fallBehind(_ topic: Topic, at position: StreamPosition) {
        guard let index = self.followed.firstIndex(where: { $0.topic == topic }) else { return }
        self.followed[index].position = position
        self.followed[index].subscription = nil
    }

    /// Takes note of what the hub has delivered.
    func advance(_ topic: Topic, to position: StreamPosition) {
        guard let index = self.followed.firstIndex(where: { $0.topic == topic }) else { return }
        self.followed[index].position = position
    }

    /// Where the connection stands, in one string.
    ///
    /// - Parameter alone: whether it was one topic from the beginning. What is left of several is still named by a vector, because
    ///   the client comes back with all of them.
    func position(alone: Bool) -> String {
        if alone, let only = self.followed.first {
            return only.position.description
        }
        var vector = PositionVector()
        for followed in self.followed {
            vector[followed.topic] = followed.position
        }
        return vector.description
    }
}
