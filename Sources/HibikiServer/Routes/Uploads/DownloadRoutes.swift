// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiMessaging
import HibikiUploads
import HibikiWire
import Hummingbird

/// `/v1/uploads/{id}/file` and `/thumbnail`: the bytes.
struct DownloadRoutes {
    /// Nothing in a file may run, load or be framed, should a browser show it as a page.
    private static let securityPolicy = "sandbox; default-src 'none'; frame-ancestors 'none'"
    /// A file does not change, but who may have it does.
    private static let caching = "private, max-age=3600"

    /// How long the address of a store holds to which a download is sent, in seconds.
    private static let redirectSeconds = 300

    let service: @Sendable () throws -> UploadService
    /// Whether downloads are sent to the store itself, if that serves files.
    let redirects: Bool

    func add(to router: some RouterMethods<RouterContext>) {
        router.get("v1/uploads/{id}/file") { request, context in try await self.file(request, context) }
        router.get("v1/uploads/{id}/thumbnail") { request, context in try await self.thumbnail(request, context) }
    }

    private func file(_ request: Request, _ context: RouterContext) async throws -> Response {
        let service = try self.service()
        let upload = try await service.open(try context.upload(), by: context.principal)
        let type = upload.type ?? .unknown
        let wantsToSave = try RequestQuery(request).text("download") != nil
        let disposition = ContentDisposition.text(isInline: type.isInline && !wantsToSave, name: upload.name)
        // The address is signed for GET alone, and the store would refuse it for HEAD.
        if !context.isHead,
            let redirection = try await self.redirection(BlobKey(upload.id), type, disposition, service)
        {
            return redirection
        }
        return self.answer(
            request, context, BlobKey(upload.id), length: upload.length, type: type, disposition, service)
    }

    private func redirection(
        _ key: BlobKey, _ type: FileType, _ disposition: String, _ service: UploadService
    ) async throws -> Response? {
        guard self.redirects else { return nil }
        let fields = BlobFields(contentType: type.contentType, contentDisposition: disposition)
        let address = try await service.parts.store.address(of: key, seconds: Self.redirectSeconds, fields)
        return address.map { Response(status: .found, headers: [.location: $0, .cacheControl: "no-store"]) }
    }

    private func thumbnail(_ request: Request, _ context: RouterContext) async throws -> Response {
        let service = try self.service()
        let upload = try await service.open(try context.upload(), by: context.principal)
        guard let length = try await service.thumbnailBytes(of: upload) else {
            throw UploadRefusal(404, .notFound, "there is no thumbnail: \(upload.thumbnail.rawValue)")
        }
        return self.answer(
            request, context, BlobKey(upload.id, .thumbnail), length: length, type: .webp, "inline", service)
    }

    private func answer(
        _ request: Request, _ context: RouterContext, _ key: BlobKey, length: Int, type: FileType,
        _ disposition: String, _ service: UploadService
    ) -> Response {
        let tag = "\"\(key.id)-\(key.kind.rawValue)\""
        var conditions = DownloadConditions()
        conditions.range = request.headers[.range]
        conditions.ifRange = request.headers[.ifRange]
        conditions.ifMatch = request.headers[.ifMatch]
        conditions.ifNoneMatch = request.headers[.ifNoneMatch]
        var headers: HTTPFields = [
            .eTag: tag, .acceptRanges: "bytes", .cacheControl: Self.caching, .xContentTypeOptions: "nosniff",
            .contentSecurityPolicy: Self.securityPolicy, .contentDisposition: disposition,
        ]
        switch conditions.answer(tag: tag, length: length) {
        case .notModified:
            return Response(status: .notModified, headers: headers)
        case .preconditionFailed:
            return ErrorResponse.make(
                WireError(.invalidMessage, "the file is another one"), status: .preconditionFailed)
        case .unsatisfiable:
            return ErrorResponse.make(
                WireError(.invalidMessage, "the file has \(length) bytes"), status: .rangeNotSatisfiable,
                headers: [.contentRange: "bytes */\(length)"])
        case .whole:
            headers[.contentType] = type.contentType
            return Response(status: .ok, headers: headers, body: self.body(key, 0..<length, context, service))
        case .part(let part):
            headers[.contentType] = type.contentType
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(length)"
            return Response(
                status: .partialContent, headers: headers, body: self.body(key, part, context, service))
        }
    }

    /// The bytes as they are taken. Where nobody gets them they are not read either.
    private func body(
        _ key: BlobKey, _ range: Range<Int>, _ context: RouterContext, _ service: UploadService
    ) -> ResponseBody {
        let isHead = context.isHead
        return ResponseBody(contentLength: range.count) { writer in
            if !isHead {
                try await service.read(key, range) { part in try await writer.write(part) }
            }
            try await writer.finish(nil)
        }
    }
}

/// Lets a signed link stand for a credential.
struct LinkMiddleware: RouterMiddleware {
    let service: @Sendable () throws -> UploadService
    /// For requests without one.
    let authentication: AuthenticationMiddleware

    func handle(
        _ request: Request, context: RouterContext, next: (Request, RouterContext) async throws -> Response
    ) async throws -> Response {
        let query = try RequestQuery(request)
        guard let signature = query.text("signature") else {
            guard query.text("expires") == nil, query.text("for") == nil else {
                throw WireError(.invalidMessage, "expires and for are parts of a signed link, which has a signature")
            }
            return try await self.authentication.handle(request, context: context, next: next)
        }
        var context = context
        context.principal = try self.service().principal(
            ofLink: request.uri.path, expires: query.text("expires") ?? "", principal: query.text("for") ?? "",
            signature: signature)
        try context.budget?.spend(Spending(messages: 1), by: context.principal, at: .now())
        return try await next(request, context)
    }
}
