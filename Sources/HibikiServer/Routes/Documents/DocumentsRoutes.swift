// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiCollaboration
import HibikiMessaging
import HibikiSocketIOCodec
import HibikiTransports
import HibikiWire
import HibikiYjs
import Hummingbird
import Logging
import NIOCore

/// `/v1/documents…`: documents for back ends, and for programs that do not speak Yjs.
struct DocumentsRoutes {
    private static let limits = 1...1_000

    let service: DocumentService
    let access: AccessControl
    let bodyBytes: Int
    let audit: Audit

    func add(to router: some RouterMethods<RouterContext>) {
        router.get("v1/documents") { request, context in try await self.list(request, context) }
        router.get("v1/documents/{document}") { _, context in try await self.describe(context) }
        router.put("v1/documents/{document}") { request, context in try await self.create(request, context) }
        router.delete("v1/documents/{document}") { _, context in try await self.delete(context) }
        router.get("v1/documents/{document}/state") { request, context in try await self.state(request, context) }
        router.get("v1/documents/{document}/content") { request, context in try await self.content(request, context) }
        router.post("v1/documents/{document}/updates") { request, context in try await self.append(request, context) }
    }

    /// The document of the path, if the principal has this access to it.
    private func document(_ context: RouterContext, _ wanted: DocumentAccess) async throws -> DocumentName {
        try await self.documentAndAccess(context, wanted).name
    }

    private func documentAndAccess(
        _ context: RouterContext, _ wanted: DocumentAccess
    ) async throws -> (name: DocumentName, access: DocumentAccess) {
        let name = try DocumentName(context.parameter("document"))
        let level = try await DocumentRights(self.access).level(of: context.principal, on: name, at: .now()).get()
        guard level >= wanted else {
            let action = wanted == .write ? Action.publish(name.topic) : .subscribe(name.topic)
            throw self.access.denial(of: action, to: context.principal)
        }
        return (name, level)
    }

    // MARK: Looking

    private func list(_ request: Request, _ context: RouterContext) async throws -> Response {
        try context.principal.require(.read)
        let query = try RequestQuery(request)
        let limit = try query.integer("limit", in: Self.limits) ?? 100
        let cursor = try query.value("cursor", "what the answer before gave", TopicCursor.topic)
        let after = cursor.flatMap { try? DocumentName($0.name) }
        let prefix = query.text("prefix") ?? ""
        guard prefix.utf8.count <= DocumentName.maximumBytes else {
            throw WireError(.invalidMessage, "prefix: expected at most \(DocumentName.maximumBytes) bytes")
        }
        let found = try await self.service.store.list(prefix: prefix, after: after, limit: limit)
        let key = context.principal.key
        let visible = found.filter { key?.isFor($0.name.topic) ?? false }
        var answer: JSONObject = ["documents": .array(visible.map { JSON($0) })]
        if found.count == limit, let last = found.last, let topic = try? Topic(last.name.text) {
            answer["cursor"] = .string(TopicCursor.text(topic))
        }
        return .json(.object(answer))
    }

    private func describe(_ context: RouterContext) async throws -> Response {
        let (name, access) = try await self.documentAndAccess(context, .read)
        guard let summary = try await self.service.store.summary(of: name) else { throw Self.nothing }
        guard case .object(var object) = JSON(summary) else { throw Self.nothing }
        object["access"] = .string("\(access)")
        return .json(.object(object))
    }

    private static let nothing = WireError(.notFound, "there is no such document")

    /// What a replica lacks, or all there is.
    private func state(_ request: Request, _ context: RouterContext) async throws -> Response {
        let name = try await self.document(context, .read)
        let query = try RequestQuery(request)
        let format = try self.format(query)
        let vector = try query.value("vector", "a state vector in base64url") { text -> YStateVector? in
            Base64URL.decode(text.utf8).flatMap { try? YStateVector(encoded: $0) }
        }
        guard try await self.service.store.summary(of: name) != nil else { throw Self.nothing }
        let bytes = try await self.service.look(at: name) { document in
            document.encodeState(from: vector ?? YStateVector(), format: format)
        }
        return Response(
            status: .ok, headers: [.contentType: "application/octet-stream", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private func content(_ request: Request, _ context: RouterContext) async throws -> Response {
        let name = try await self.document(context, .read)
        let query = try RequestQuery(request)
        let form = try query.value("as", "one of \(DocumentContent.Form.words)", DocumentContent.Form.init(rawValue:))
        guard let type = query.text("name") else { throw WireError(.invalidMessage, "name: expected a shared type") }
        guard try await self.service.store.summary(of: name) != nil else { throw Self.nothing }
        let state = try await self.service.look(at: name) { $0.encodeState() }
        switch try await DocumentContent.read(type, as: form ?? .text, from: state) {
        case .json(let json): return .json(json)
        case .text(let text):
            return Response(
                status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
    }

    private func format(_ query: RequestQuery) throws(WireError) -> YUpdateFormat {
        try query.value("format", "v1 or v2") { ["v1": YUpdateFormat.v1, "v2": .v2][$0] } ?? .v1
    }

    // MARK: Writing

    /// A document that is not there yet, of what the body holds; or an empty one.
    private func create(_ request: Request, _ context: RouterContext) async throws -> Response {
        let name = try await self.document(context, .write)
        let body = try await request.body.collect(upTo: self.bodyBytes)
        guard try await self.service.store.summary(of: name) == nil else {
            throw WireError(.conflict, "there is a document of this name")
        }
        try await self.take(body, try self.format(RequestQuery(request)), into: name)
        guard let summary = try await self.service.store.summary(of: name) else { throw Self.nothing }
        return .json(JSON(summary), status: .created)
    }

    private func append(_ request: Request, _ context: RouterContext) async throws -> Response {
        let name = try await self.document(context, .write)
        let body = try await request.body.collect(upTo: self.bodyBytes)
        guard body.readableBytes > 0 else { throw WireError(.invalidMessage, "the body is an update of Yjs") }
        try await self.take(body, try self.format(RequestQuery(request)), into: name)
        return Response(status: .noContent)
    }

    private func take(_ body: ByteBuffer, _ format: YUpdateFormat, into name: DocumentName) async throws {
        guard body.readableBytes > 0 else {
            _ = try await self.service.store.append([], to: name, at: .now())
            return
        }
        try await self.service.apply(Array(body.readableBytesView), format: format, to: name)
    }

    private func delete(_ context: RouterContext) async throws -> Response {
        try context.principal.require(.manage)
        let name = try DocumentName(context.parameter("document"))
        try context.principal.require(.manage, for: name.topic)
        guard try await self.service.delete(name) else { throw Self.nothing }
        self.audit.note("a document was deleted", by: context.principal, ["document": "\(name)"])
        return Response(status: .noContent)
    }
}

extension JSON {
    fileprivate init(_ summary: DocumentSummary) {
        self = [
            "document": .string(summary.name.text), "createdAt": .integer(summary.createdAt.milliseconds),
            "changedAt": .integer(summary.changedAt.milliseconds), "bytes": .count(summary.size.bytes),
            "updates": .count(summary.size.updates),
        ]
    }
}
