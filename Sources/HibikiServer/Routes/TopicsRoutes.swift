// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIOCodec
import HibikiTransports
import HibikiWire
import Hummingbird
import Logging
import NIOCore

/// `/v1/topics…`: what the log holds, and who follows it.
///
/// History and presence are for clients too, who may ask for them over a WebSocket as well; the rest is for back ends.
struct TopicsRoutes {
    /// The most bytes of events in one answer; what is left comes with the next.
    private static let historyBytes = 1 << 20
    private static let limits = 1...ServerDirectory.mostListed

    let hub: Hub
    let directory: @Sendable () throws -> ServerDirectory
    let audit: Audit

    func add(to router: some RouterMethods<RouterContext>) {
        router.get("v1/topics") { request, context in try await self.list(request, context) }
        router.get("v1/topics/{topic}") { _, context in try await self.describe(context) }
        router.get("v1/topics/{topic}/history") { request, context in try await self.history(request, context) }
        router.get("v1/topics/{topic}/presence") { request, context in try await self.presence(request, context) }
        router.delete("v1/topics/{topic}/subscribers/{principal}") { _, context in
            try context.principal.require(.manage)
            return try await self.unsubscribe(.principal(try context.user("principal")), context)
        }
        router.delete("v1/topics/{topic}/clients/{client}") { _, context in
            try context.principal.require(.manage)
            guard let client = ClientID(try context.parameter("client")) else {
                throw WireError(.invalidMessage, "client: expected the id of a client")
            }
            return try await self.unsubscribe(.client(client), context)
        }
    }

    // MARK: Looking

    private func list(_ request: Request, _ context: RouterContext) async throws -> Response {
        try context.principal.require(.read)
        let query = try RequestQuery(request)
        let limit = try query.integer("limit", in: Self.limits) ?? 100
        let after = try query.value("cursor", "what the answer before gave", TopicCursor.topic)
        let key = context.principal.key
        let page = try await self.directory().topics(
            prefix: query.text("prefix") ?? "", after: after, limit: limit, where: { key?.isFor($0) ?? false })
        var answer: JSONObject = ["topics": .array(page.items.map(JSON.init))]
        if let next = page.next { answer["cursor"] = .string(TopicCursor.text(next)) }
        return .json(.object(answer))
    }

    private func describe(_ context: RouterContext) async throws -> Response {
        try context.principal.require(.read)
        let topic = try context.topic()
        try context.principal.require(.read, for: topic)
        guard let record = try await self.directory().topic(topic) else {
            throw WireError(.notFound, "nobody has published to this topic, and nobody follows it")
        }
        return .json(JSON(record))
    }

    /// What `history` of the native protocol answers.
    private func history(_ request: Request, _ context: RouterContext) async throws -> Response {
        let topic = try context.topic()
        let query = try RequestQuery(request)
        let limit = try query.integer("limit", in: ClientMessage.historyLimits)
        try await self.hub.access.authorize(.history(topic), by: context.principal, at: .now())
        let start = query.text("since").map { Since($0).start(for: topic, alone: true) } ?? .earliest
        let slice = self.hub.read(
            topic, from: start, limit: limit ?? ClientMessage.historyLimits.upperBound, at: .now())
        var end = slice.end
        var hasMore = slice.hasMore
        var body = ByteBuffer()
        body.writeHistoryBegin()
        for (index, publication) in slice.publications.enumerated() {
            guard body.readableBytes < Self.historyBytes else {
                end.offset = publication.position.offset - 1
                hasMore = true
                break
            }
            body.writeListedEvent(EventFields(publication), isFirst: index == 0)
        }
        body.writeHistoryEnd(position: end.description, gap: slice.isGap, more: hasMore)
        return .json(body)
    }

    /// What `presence` of the native protocol answers.
    private func presence(_ request: Request, _ context: RouterContext) async throws -> Response {
        let topic = try context.topic()
        let limit = try RequestQuery(request).integer("limit", in: Self.limits)
        try await self.hub.access.authorize(.presence(topic), by: context.principal, at: .now())
        let presence = try await self.directory().presence(of: topic, limit: limit ?? Self.limits.upperBound)
        return .json([
            "topic": .string(topic.name), "count": .count(presence.count),
            "clients": .array(presence.clients.map { .string($0.description) }),
        ])
    }

    // MARK: Changing

    private func unsubscribe(_ follower: ServerDirectory.Follower, _ context: RouterContext) async throws -> Response {
        try context.principal.require(.manage)
        let topic = try context.topic()
        try context.principal.require(.manage, for: topic)
        let tally = try await self.directory().unsubscribe(follower, from: topic)
        self.audit.note("somebody was taken out of a topic", by: context.principal, ["topic": "\(topic)"], tally)
        return .json(JSON(tally))
    }
}

/// Where a page of topics ends: opaque, so that nobody builds one by hand.
enum TopicCursor {
    static func text(_ topic: Topic) -> String { Base64URL.encode(Array(topic.name.utf8)) }

    static func topic(_ text: String) -> Topic? {
        guard let bytes = Base64URL.decode(text.utf8), let name = String(validating: bytes, as: UTF8.self) else {
            return nil
        }
        return try? Topic(name)
    }
}

extension JSON {
    init(_ record: TopicRecord) {
        var object: JSONObject = [
            "topic": .string(record.topic.name), "subscribers": .count(record.subscribers),
            "events": .count(record.extent?.count ?? 0), "bytes": .count(record.extent?.bytes ?? 0),
        ]
        if let extent = record.extent {
            if let first = extent.first { object["first"] = .string(first.description) }
            object["last"] = .string(extent.last.description)
        }
        self = .object(object)
    }

    init(_ tally: ServerDirectory.Tally) {
        self = ["connections": .count(tally.connections), "sockets": .count(tally.sockets)]
    }
}
