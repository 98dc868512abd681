// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiTransports
import HibikiWire
import Hummingbird
import NIOCore

/// Topics, as the dashboard lists and shows them.
struct AdminTopicRoutes {
    /// Events that a tail begins with, and those that it reads at once.
    private static let tailBegin: UInt64 = 50
    private static let tailLimit = 200
    private static let clients = 200

    let directory: @Sendable () throws -> ServerDirectory
    let hub: Hub

    func add(to router: some RouterMethods<RouterContext>) {
        router.get("admin/api/topics") { request, _ in try await self.list(AdminQuery(request)) }
        router.get("admin/api/topic") { request, _ in try await self.show(AdminQuery(request)) }
        router.get("admin/api/topic/events") { request, _ in try self.tail(AdminQuery(request)) }
    }

    private func list(_ query: AdminQuery) async throws -> Response {
        let text = try query.text("text")?.lowercased()
        let after = try query.text("after") == nil ? nil : try query.topic("after")
        let page = await (try self.directory()).topics(after: after, limit: AdminQuery.limit) { topic in
            text.map { topic.name.lowercased().contains($0) } ?? true
        }
        return JSONWriter.response { writer in
            writer.object { writer in
                writer.member("items") { writer in
                    writer.array(page.items) { writer, record in writer.object { Self.write(record, to: &$0) } }
                }
                writer.member("next", page.next?.name)
            }
        }
    }

    private func show(_ query: AdminQuery) async throws -> Response {
        let topic = try query.topic("name")
        let directory = try self.directory()
        guard let record = await directory.topic(topic) else {
            throw WireError(.notFound, "nothing was published to this topic, and nobody follows it")
        }
        let presence = await directory.presence(of: topic, limit: Self.clients)
        return JSONWriter.response { writer in
            writer.object { writer in
                Self.write(record, to: &writer)
                writer.member("clients") { $0.array(presence.clients) { $0.string($1.description) } }
            }
        }
    }

    private static func write(_ record: TopicRecord, to writer: inout JSONWriter) {
        writer.member("topic", record.topic.name)
        writer.member("subscribers", record.subscribers)
        writer.member("events", record.extent?.count ?? 0)
        writer.member("bytes", record.extent?.bytes ?? 0)
        writer.member("first", record.extent?.first?.description)
        writer.member("last", record.extent?.last.description)
    }

    /// Reads the log, and follows nothing: whoever looks at a topic here is not seen by those who follow it.
    private func tail(_ query: AdminQuery) throws -> Response {
        let topic = try query.topic("name")
        let now = Timestamp.now()
        let start = try self.start(of: topic, since: query.text("since"), at: now)
        let slice = self.hub.read(topic, from: start, limit: Self.tailLimit, at: now)
        return JSONWriter.response { writer in
            writer.object { writer in
                writer.member("gap", slice.isGap)
                writer.member("last", slice.end.description)
                writer.member("events") { writer in
                    writer.array(slice.publications) { writer, publication in
                        writer.object {
                            $0.member("position", publication.position.description)
                            $0.member("event", publication.event)
                            $0.member("timestamp", publication.timestamp.milliseconds)
                            $0.member("from", publication.from?.description)
                            $0.member("payload", json: publication.payload)
                        }
                    }
                }
            }
        }
    }

    private func start(of topic: Topic, since: String?, at now: Timestamp) -> LogStart {
        if let since { return StreamPosition(since).map(LogStart.after) ?? .gone }
        guard let extent = self.hub.broker.log.extent(of: topic, at: now), let first = extent.first else {
            return .latest
        }
        let last = extent.last
        guard last.offset > Self.tailBegin, last.offset - Self.tailBegin >= first.offset else { return .earliest }
        return .after(StreamPosition(epoch: last.epoch, offset: last.offset - Self.tailBegin))
    }
}
