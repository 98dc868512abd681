// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiMessaging
import HibikiSocketIOCodec
import HibikiTransports
import HibikiUploads
import HibikiWire
import Hummingbird

/// `/v1/uploads`: the resumable protocol (tus 1.0) and what there is beside it.
struct UploadRoutes {
    private static let limits = 1...1_000

    let service: @Sendable () throws -> UploadService

    func add(to router: some RouterMethods<RouterContext>) {
        router.get("v1/uploads") { request, context in try await self.list(request, context) }
        router.post("v1/uploads") { request, context in try await self.create(request, context) }
        router.get("v1/uploads/{id}") { _, context in try await self.describe(context) }
        router.patch("v1/uploads/{id}") { request, context in try await self.append(request, context) }
        router.delete("v1/uploads/{id}") { request, context in try await self.terminate(request, context) }
        router.post("v1/uploads/{id}") { request, context in try await self.overridden(request, context) }
        router.post("v1/uploads/{id}/link") { request, context in try await self.link(request, context) }
    }

    // MARK: tus

    private func create(_ request: Request, _ context: RouterContext) async throws -> Response {
        let service = try self.service()
        var fields = TusCreation.Fields()
        fields.version = request.headers[text: "Tus-Resumable"]
        fields.length = request.headers[text: "Upload-Length"]
        fields.deferredLength = request.headers[text: "Upload-Defer-Length"]
        fields.metadata = request.headers[text: "Upload-Metadata"]
        fields.contentType = request.headers[.contentType]
        fields.contentLength = request.headers[.contentLength]
        fields.isChunked = request.headers[.transferEncoding] != nil
        let creation = try TusCreation(fields, service.limits)
        let checksum = try request.headers[text: "Upload-Checksum"].map(UploadChecksum.init)
        var upload = try await service.create(creation, by: context.principal)
        var offset = upload.state == .ready ? upload.length : 0
        if creation.hasBody, upload.state == .receiving {
            let patch = TusPatch(first: request.headers[.contentLength].flatMap { Int($0) }, checksum: checksum)
            (upload, offset) = try await service.append(
                patch, to: upload.id, by: context.principal, request.body)
        }
        var response = Response.json(Self.json(upload, offset, service.limits), status: .created)
        response.headers[.location] = "\(Uploads.path)/\(upload.id)"
        Self.describe(upload, offset, service.limits, in: &response)
        return response
    }

    private func describe(_ context: RouterContext) async throws -> Response {
        let service = try self.service()
        // HEAD is how a client asks where to go on. Whoever only looks does not stop the bytes that are on their way.
        let (upload, offset) = try await service.progress(
            of: try context.upload(), by: context.principal, interrupts: context.isHead)
        var response = Response.json(Self.json(upload, offset, service.limits))
        Self.describe(upload, offset, service.limits, in: &response)
        response.headers[text: "Upload-Length"] = "\(upload.length)"
        if !upload.metadata.isEmpty { response.headers[text: "Upload-Metadata"] = upload.metadata }
        return response
    }

    private func append(_ request: Request, _ context: RouterContext) async throws -> Response {
        let service = try self.service()
        var fields = TusPatch.Fields()
        fields.version = request.headers[text: "Tus-Resumable"]
        fields.offset = request.headers[text: "Upload-Offset"]
        fields.contentType = request.headers[.contentType]
        fields.contentLength = request.headers[.contentLength]
        fields.checksum = request.headers[text: "Upload-Checksum"]
        let patch = try TusPatch(fields)
        let (upload, offset) = try await service.append(
            patch, to: try context.upload(), by: context.principal, request.body)
        var response = Response(status: .noContent)
        Self.describe(upload, offset, service.limits, in: &response)
        return response
    }

    private func terminate(_ request: Request, _ context: RouterContext) async throws -> Response {
        try Tus.check(version: request.headers[text: "Tus-Resumable"])
        try await self.service().terminate(try context.upload(), by: context.principal)
        return Response(status: .noContent)
    }

    /// For clients behind something that knows only GET and POST.
    private func overridden(_ request: Request, _ context: RouterContext) async throws -> Response {
        switch request.headers[text: "X-HTTP-Method-Override"]?.uppercased() {
        case "PATCH": return try await self.append(request, context)
        case "DELETE": return try await self.terminate(request, context)
        default: throw UploadRefusal(405, .methodNotAllowed, "this wants PATCH, or that in X-HTTP-Method-Override")
        }
    }

    private static func describe(_ upload: Upload, _ offset: Int, _ limits: UploadLimits, in response: inout Response) {
        response.headers[text: "Upload-Offset"] = "\(offset)"
        response.headers[.cacheControl] = "no-store"
        if let expiry = upload.expiry(limits) {
            response.headers[text: "Upload-Expires"] = HTTPDate.format(expiry.milliseconds / 1_000)
        }
    }

    // MARK: Beside it

    private func list(_ request: Request, _ context: RouterContext) async throws -> Response {
        let service = try self.service()
        let limit = try RequestQuery(request).integer("limit", in: Self.limits) ?? 100
        let (uploads, holdings) = try await service.uploads(of: context.principal, limit: limit)
        var list: [JSON] = []
        for upload in uploads {
            list.append(Self.json(upload, try await service.stored(upload), service.limits))
        }
        return .json([
            "uploads": .array(list), "files": .count(holdings.files), "bytes": .count(holdings.bytes),
            "limit": .count(service.limits.principalBytes),
        ])
    }

    private func link(_ request: Request, _ context: RouterContext) async throws -> Response {
        let service = try self.service()
        let query = try RequestQuery(request)
        let longest = Int(clamping: service.limits.longestLink.components.seconds)
        let seconds = try query.integer("seconds", in: 1...max(1, longest)) ?? min(3_600, longest)
        let kind = try DownloadKind(query.text("kind"))
        let upload = try await service.open(try context.upload(), by: context.principal)
        let path = "\(Uploads.path)/\(upload.id)/\(kind.rawValue)"
        let link = service.link(to: path, for: context.principal, seconds: seconds)
        return .json(["url": .string("\(path)?\(link.query)"), "expiresAt": .integer(link.expiry * 1_000)])
    }

    private static func json(_ upload: Upload, _ offset: Int, _ limits: UploadLimits) -> JSON {
        var object: JSONObject = [
            "id": .string(upload.id.description), "name": .string(upload.name), "length": .count(upload.length),
            "offset": .count(offset), "state": .string(upload.state.rawValue),
            "thumbnail": .string(upload.thumbnail.rawValue), "createdAt": .integer(upload.created.milliseconds),
        ]
        if let type = upload.type { object["type"] = .string(type.mediaType) }
        if let size = upload.size {
            object["width"] = .count(size.width)
            object["height"] = .count(size.height)
        }
        if let expiry = upload.expiry(limits) { object["expiresAt"] = .integer(expiry.milliseconds) }
        return .object(object)
    }
}

/// What can be downloaded of an upload, as the path says it.
enum DownloadKind: String {
    case file, thumbnail

    init(_ text: String?) throws(WireError) {
        guard let kind = DownloadKind(rawValue: text ?? "file") else {
            throw WireError(.invalidMessage, "kind: expected file or thumbnail")
        }
        self = kind
    }
}

extension RouterContext {
    /// The upload that the path names. What is no id names none.
    func upload() throws -> UploadID {
        guard let id = self.parameters.get("id").flatMap({ UploadID($0) }) else { throw UploadRefusal.notFound }
        return id
    }
}
