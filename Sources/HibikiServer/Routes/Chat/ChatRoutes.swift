// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiChat
import HibikiMessaging
import HibikiSocketIOCodec
import HibikiTransports
import HibikiWire
import Hummingbird
import NIOCore

/// `/v1/rooms…`, `/v1/search` and `/v1/presence`: the commands of the chat over HTTP.
struct ChatRoutes {
    private static let counts = 0...1_000_000_000_000

    let desk: ChatDesk
    let bodyBytes: Int

    func add(to router: some RouterMethods<RouterContext>) {
        for route in ChatRoute.all {
            router.on(RouterPath(route.path), method: route.method) { request, context in
                try await self.answer(route, request, context)
            }
        }
        router.get("v1/rooms") { request, context in try await self.rooms(request, context) }
        router.post("v1/rooms/{room}/typing") { request, context in try await self.typing(request, context) }
        router.get("v1/rooms/{room}/export") { _, context in try await self.export(context) }
        router.post("v1/presence") { request, context in try await self.presence(request, context) }
    }

    // MARK: Commands

    private func answer(_ route: ChatRoute, _ request: Request, _ context: RouterContext) async throws -> Response {
        var members: JSONObject = [:]
        if route.hasBody {
            members = try JSONBody(try await request.body.collect(upTo: self.bodyBytes)).members
        }
        try self.readQuery(of: request, for: route, into: &members)
        try self.readPath(for: route, context, into: &members)
        if route.command == ChatCommand.Name.send.rawValue, let key = try IdempotencyKey(request.headers),
            members["clientId"]?.isNull ?? true
        {
            members["clientId"] = .string(key.text)
        }
        return .json(try await self.handle(route.command, members, context), status: route.status)
    }

    private func handle(
        _ command: String, _ members: JSONObject, _ context: RouterContext
    ) async throws -> ByteBuffer {
        let cost = self.desk.cost(of: command)
        if cost != CommandCost() { try context.budget?.spend(cost.spending, by: context.principal, at: .now()) }
        let command = FeatureCommand(command, of: ChatDesk.feature, payload: JSON.object(members).text)
        return try await self.desk.handle(command, by: Caller(context.principal))
    }

    private func readQuery(of request: Request, for route: ChatRoute, into members: inout JSONObject) throws(WireError)
    {
        let query = try RequestQuery(request)
        for (name, kind) in route.query {
            switch kind {
            case .text: members[name] = query.text(name).map(JSON.string)
            case .integer: members[name] = try query.integer(name, in: Self.counts).map { .integer(Int64($0)) }
            case .flag:
                members[name] = try query.value(name, "true or false") { Bool($0) }.map(JSON.bool)
            }
        }
        // An anchor is a word or a number, as it is in JSON.
        if let anchor = query.text("anchor"), let sequence = Int64(anchor) { members["anchor"] = .integer(sequence) }
    }

    private func readPath(
        for route: ChatRoute, _ context: RouterContext, into members: inout JSONObject
    ) throws(WireError) {
        if route.path.contains("{room}") { members["roomId"] = .string(try context.parameter("room")) }
        if route.path.contains("{user}") { members["userId"] = .string(try context.parameter("user")) }
        if route.path.contains("{id}") { members["userId"] = .string(try context.user("id")) }
        if route.path.contains("{invite}") { members["invite"] = .string(try context.parameter("invite")) }
        if route.path.contains("{emoji}") { members["emoji"] = .string(try context.parameter("emoji")) }
        if route.path.contains("{number}") { members["number"] = .integer(try self.number("number", context)) }
        guard route.path.contains("{sequence}") else { return }
        let (room, sequence) = (try context.parameter("room"), try context.parameter("sequence"))
        members["messageId"] = .string("\(room)-\(sequence)")
    }

    private func number(_ name: String, _ context: RouterContext) throws(WireError) -> Int64 {
        guard let number = Int64(try context.parameter(name)), number > 0 else {
            throw WireError(.invalidMessage, "\(name): expected 1 or more")
        }
        return number
    }

    // MARK: Others

    /// With `kind=public` those that anybody may join, and otherwise one's own.
    private func rooms(_ request: Request, _ context: RouterContext) async throws -> Response {
        let query = try RequestQuery(request)
        let isPublic = try query.value("kind", "public") { $0 == "public" ? true : nil } ?? false
        var members: JSONObject = [:]
        members["after"] = query.text("after").map(JSON.string)
        members["limit"] = try query.integer("limit", in: Self.counts).map { .integer(Int64($0)) }
        let command = isPublic ? ChatCommand.Name.publicRooms : .rooms
        return .json(try await self.handle(command.rawValue, members, context))
    }

    private func typing(_ request: Request, _ context: RouterContext) async throws -> Response {
        let body = try JSONBody(try await request.body.collect(upTo: self.bodyBytes))
        let command: ChatCommand.Name
        switch body.members["typing"] {
        case nil, .null, .bool(true): command = .typing
        case .bool(false): command = .stopTyping
        default: throw WireError(.invalidMessage, "typing: expected true or false")
        }
        let room: JSONObject = ["roomId": .string(try context.parameter("room"))]
        return .json(try await self.handle(command.rawValue, room, context))
    }

    private func presence(_ request: Request, _ context: RouterContext) async throws -> Response {
        let body = try JSONBody(try await request.body.collect(upTo: self.bodyBytes))
        return .json(try await self.handle(PresenceRequest.command, body.members, context))
    }

    /// A room as JSON lines, read and sent in parts.
    private func export(_ context: RouterContext) async throws -> Response {
        guard let room = RoomID(rawValue: try context.parameter("room")) else {
            throw WireError(.notFound, "no such room")
        }
        let principal = context.principal
        let cost = self.desk.cost(of: ChatCommand.Name.export.rawValue)
        try context.budget?.spend(cost.spending, by: principal, at: .now())
        // The first part says whether it may be read at all.
        let first = try await self.desk.perform(.export(room, from: 1), by: principal)
        let body = ResponseBody { writer in
            var part = first
            while case .exported(let lines, let next) = part {
                try await writer.write(lines)
                guard let next else { break }
                part = try await self.desk.perform(.export(room, from: next), by: principal)
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok, headers: [.contentType: "application/x-ndjson", .cacheControl: "no-store"], body: body)
    }
}
