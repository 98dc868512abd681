// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiWeb
import Hummingbird
import NIOCore

/// The browser clients at `/client/…`, the demo page at `/`, the chat at `/chat/`, and the page for documents at `/documents/`.
struct WebRoutes {
    /// Nothing but what this server serves is loaded or connected to.
    private static let securityPolicy =
        "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'"

    /// Where the browser clients are.
    static let clients = "/client/"

    let hasDemo: Bool
    let documents: DocumentsConfiguration

    func add(to router: some RouterMethods<RouterContext>) {
        router.get("client/**") { request, _ in try Self.file(request.uri.path, request) }
        guard self.hasDemo else { return }
        router.get("/") { request, _ in try Self.file("/demo/index.html", request) }
        router.get("demo/**") { request, _ in try Self.file(request.uri.path, request) }
        router.get("chat") { request, _ in
            guard request.uri.path != "/chat" else {
                return Response(status: .permanentRedirect, headers: [.location: "/chat/"])
            }
            return try Self.file("/chat/chat.html", request)
        }
        router.get("chat/**") { request, _ in try Self.file(request.uri.path, request) }
        if self.documents.isOn { self.addDocuments(to: router) }
    }

    private func addDocuments(to router: some RouterMethods<RouterContext>) {
        router.get("documents") { request, _ in
            guard request.uri.path != "/documents" else {
                return Response(status: .permanentRedirect, headers: [.location: "/documents/"])
            }
            return try Self.file("/documents/documents.html", request)
        }
        let yjs = self.documents.yjs.asset
        router.get("documents/yjs.js") { request, _ in
            guard let yjs else { throw HTTPError(.notFound) }
            return Self.response(yjs, request)
        }
        router.get("documents/**") { request, _ in try Self.file(request.uri.path, request) }
    }

    /// Whether one of the tags that a cache holds is this one, by weak comparison (RFC 9110 §13.1.2).
    private static func names(_ tag: String, in values: [String]) -> Bool {
        values.contains { value in
            value.split(separator: ",").contains { part in
                let held = part.drop { $0 == " " }.prefix { $0 != " " }
                return held == "*" || held == tag || held == "W/" + tag
            }
        }
    }

    static func file(_ path: String, _ request: Request) throws -> Response {
        guard let asset = WebAssets.asset(at: path) else { throw HTTPError(.notFound) }
        var response = self.response(asset, request)
        if path.hasPrefix(Self.clients) {
            response.headers[.accessControlAllowOrigin] = "*"
        }
        return response
    }

    private static func response(_ asset: WebAssets.Asset, _ request: Request) -> Response {
        let headers: HTTPFields = [
            .contentType: asset.contentType,
            .eTag: asset.entityTag,
            .cacheControl: "no-cache",
            .xContentTypeOptions: "nosniff",
            .contentSecurityPolicy: self.securityPolicy,
        ]
        if Self.names(asset.entityTag, in: request.headers[values: .ifNoneMatch]) {
            return Response(status: .notModified, headers: headers)
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
    }
}
