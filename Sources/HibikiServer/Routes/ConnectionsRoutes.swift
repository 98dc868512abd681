// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiMessaging
import HibikiSocketIOCodec
import HibikiTransports
import HibikiWire
import Hummingbird
import Logging

/// `/v1/connections…` and `/v1/users/…`: who is connected, and how to end it. For back ends.
struct ConnectionsRoutes {
    let bodyBytes: Int
    let directory: @Sendable () throws -> ServerDirectory
    let audit: Audit

    func add(to router: some RouterMethods<RouterContext>) {
        router.get("v1/connections") { request, context in try await self.list(request, context) }
        router.get("v1/connections/{id}") { _, context in try await self.describe(context) }
        router.delete("v1/connections/{id}") { request, context in try await self.close(request, context) }
        router.post("v1/users/{id}/disconnect") { request, context in try await self.disconnect(request, context) }
    }

    private func list(_ request: Request, _ context: RouterContext) async throws -> Response {
        try context.principal.require(.manage)
        let query = try RequestQuery(request)
        let limit = try query.integer("limit", in: 1...ServerDirectory.mostListed) ?? 100
        let after = try query.value("cursor", "what the answer before gave") { ConnectionID($0) }
        let directory = try self.directory()
        let page = await directory.connections(try Self.filter(query), after: after, limit: limit)
        var answer: JSONObject = [
            "connections": .array(page.items.map(JSON.init)), "open": .count(directory.connectionCount),
        ]
        if let next = page.next { answer["cursor"] = .string(next.description) }
        return .json(.object(answer))
    }

    private static func filter(_ query: RequestQuery) throws(WireError) -> ConnectionFilter {
        var filter = ConnectionFilter()
        let transports = ConnectionRecord.Transport.allCases.map(\.rawValue).joined(separator: ", ")
        filter.transport = try query.value("transport", transports) { ConnectionRecord.Transport(rawValue: $0) }
        filter.route = query.text("route")
        filter.address = query.text("address")
        filter.principal = query.text("principal")
        filter.client = try query.value("client", "the id of a client") { ClientID($0) }
        filter.topic = try query.text("topic").map { name throws(WireError) in try Topic(name) }
        filter.text = query.text("search")
        return filter
    }

    private func describe(_ context: RouterContext) async throws -> Response {
        try context.principal.require(.manage)
        guard let record = try await self.directory().connection(try Self.id(context)), record.transport != .closing
        else { throw Self.gone }
        return .json(JSON(record))
    }

    private func close(_ request: Request, _ context: RouterContext) async throws -> Response {
        try context.principal.require(.manage)
        let id = try Self.id(context)
        let query = try RequestQuery(request)
        let dismissal = try Dismissal(
            code: try query.integer("code", in: Dismissal.codes), reason: query.text("reason"))
        guard try await self.directory().close(id, dismissal) else { throw Self.gone }
        self.audit.note("a connection was ended", by: context.principal, ["connection": "\(id)"])
        return Response(status: .noContent)
    }

    private func disconnect(_ request: Request, _ context: RouterContext) async throws -> Response {
        try context.principal.require(.manage)
        let user = try context.user("id")
        let body = try DisconnectRequest.parse(try await request.body.collect(upTo: self.bodyBytes))
        let dismissal = try Dismissal(code: body.code, reason: body.reason)
        let tally = try await self.directory().disconnect(principal: user, dismissal)
        self.audit.note("a user was disconnected", by: context.principal, ["user": "\(user)"], tally)
        return .json(JSON(tally))
    }

    private static func id(_ context: RouterContext) throws(WireError) -> ConnectionID {
        guard let id = ConnectionID(try context.parameter("id")) else { throw Self.gone }
        return id
    }

    private static let gone = WireError(.notFound, "there is no such connection, or not any more")
}

extension JSON {
    init(_ record: ConnectionRecord) {
        self = [
            "id": .string(record.id.description), "transport": .string(record.transport.rawValue),
            "route": .string(record.route), "address": .string(record.address),
            "clientId": .text(record.client?.description), "principal": .text(record.principal),
            "topics": .array(record.topics.map { .string($0.name) }),
            "sockets": .array(record.sockets.map(JSON.init)),
            "age": .count(record.age.milliseconds),
            "bytesIn": .count(record.bytesIn), "bytesOut": .count(record.bytesOut),
            "messagesIn": .count(record.messagesIn), "messagesOut": .count(record.messagesOut),
            "queuedBytes": .count(record.queuedBytes),
        ]
    }

    private init(_ socket: ConnectionRecord.Socket) {
        self = [
            "namespace": .string(socket.namespace), "id": .string(socket.id),
            "rooms": .array(socket.rooms.map(JSON.string)),
        ]
    }
}
