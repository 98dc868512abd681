// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
import HibikiTransports

/// A topic as it was when it was looked at.
public struct TopicRecord: Hashable, Sendable {
    public let topic: Topic
    /// `nil` for a topic that is followed, and nothing was published to.
    public let extent: TopicExtent?
    /// Connections, polls that wait, and sockets that follow it on this node.
    public let subscribers: Int
}

extension ServerDirectory {
    /// The topics that have events or subscribers, without those of the server itself, in the order of the bytes of their names.
    ///
    /// - Parameters:
    ///   - prefix: how their names begin.
    ///   - after: where the page before has ended.
    ///   - limit: at most ``mostListed``.
    ///   - isWanted: what else is asked of them.
    public func topics(
        prefix: String = "", after: Topic? = nil, limit: Int = 100,
        where isWanted: @escaping @Sendable (Topic) -> Bool = { _ in true }
    ) async -> Page<TopicRecord, Topic> {
        let selection = TopicSelection(
            limit: min(limit, Self.mostListed), prefix: prefix, after: after, where: isWanted)
        let page = self.hub.select(selection)
        return Page(items: await self.records(of: page.topics), next: page.hasMore ? page.topics.last : nil)
    }

    /// `nil` for one that the log does not know, and nobody follows.
    public func topic(_ topic: Topic) async -> TopicRecord? {
        guard let record = await self.records(of: [topic]).first else { return nil }
        return record.extent == nil && record.subscribers == 0 ? nil : record
    }

    /// Who follows a topic on this node.
    ///
    /// - Parameter limit: the most ids to list; at most ``mostListed``.
    public func presence(of topic: Topic, limit: Int = ServerDirectory.mostListed) async -> TopicPresence {
        await self.hub.presence(of: topic, limit: min(limit, Self.mostListed))
    }

    private func records(of topics: [Topic]) async -> [TopicRecord] {
        let now = Timestamp.now()
        let subscribers = await self.hub.listeners(of: topics)
        return zip(topics, subscribers).map { topic, subscribers in
            TopicRecord(
                topic: topic, extent: self.hub.broker.log.extent(of: topic, at: now), subscribers: subscribers)
        }
    }
}
