// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiTransports
import HibikiWire
import Hummingbird

/// Refuses requests of pages that may not use the server, and lets allowed ones read the answers (CORS, the Fetch standard §3.3).
struct OriginMiddleware: RouterMiddleware {
    /// Of paths that are not there.
    private static let otherMethods = ["GET", "POST", "OPTIONS"]
    private static let allowedHeaders = "Content-Type, Authorization, Last-Event-ID, Idempotency-Key"
    /// How long a browser may remember the answer to a preflight, in seconds.
    private static let preflightAge = "600"

    /// Asked for each request, because it can be set anew while the server runs.
    let policy: @Sendable () -> OriginPolicy
    let routes: RouteTable
    /// What a feature adds for its paths.
    var features: [CrossOriginFeature] = []

    private func feature(_ path: String) -> CrossOriginFeature? { self.features.first { $0.has(path) } }

    func handle(
        _ request: Request, context: RouterContext, next: (Request, RouterContext) async throws -> Response
    ) async throws -> Response {
        // The clients are public: pages of any origin may load them, and are asked who they are when they connect. The dashboard
        // is for nobody but its own page, and has a gate of its own.
        let path = request.uri.path
        guard !path.hasPrefix(WebRoutes.clients), !AdminRoutes.isOwn(path) else {
            return try await next(request, context)
        }
        let origins = request.headers[values: .origin]
        let verdict = self.policy().verdict(
            origins: origins, host: request.head.authority, scheme: context.scheme)
        switch verdict {
        case .refused:
            return ErrorResponse.make(WireError(refusedOrigins: origins))
        case .sameOrigin:
            guard request.method != .options else { return self.preflight(request) }
            return try await next(request, context)
        case .allowed(let origin, let withCredentials):
            var response = request.method == .options ? self.preflight(request) : try await next(request, context)
            for field in OriginPolicy.responseFields(for: origin, withCredentials: withCredentials) {
                guard let name = HTTPField.Name(field.name) else { continue }
                response.headers[name] = field.value
            }
            if let exposed = self.feature(path)?.exposedHeaders {
                response.headers[.accessControlExposeHeaders, default: ""] += ", \(exposed)"
            }
            return response
        }
    }

    private func preflight(_ request: Request) -> Response {
        let methods = (self.routes.methods(of: request.uri.path) ?? Self.otherMethods).joined(separator: ", ")
        var headers = HTTPFields()
        headers[.allow] = methods
        headers[.accessControlAllowMethods] = methods
        headers[.accessControlAllowHeaders] = Self.allowedHeaders
        headers[.accessControlMaxAge] = Self.preflightAge
        if let feature = self.feature(request.uri.path) {
            headers[.accessControlAllowHeaders, default: ""] += ", \(feature.allowedHeaders)"
            for field in feature.optionsFields { headers[field.name] = field.value }
        }
        return Response(status: .noContent, headers: headers)
    }
}

/// What pages of other origins may send to the paths of a feature and read from them, and what it says to OPTIONS.
struct CrossOriginFeature: Sendable {
    /// All below it belongs to it.
    let path: String
    let allowedHeaders: String
    let exposedHeaders: String
    let optionsFields: HTTPFields

    func has(_ path: String) -> Bool { path == self.path || path.hasPrefix(self.path + "/") }
}

extension HTTPFields {
    fileprivate subscript(name: HTTPField.Name, default text: String) -> String {
        get { self[name] ?? text }
        set { self[name] = newValue }
    }
}
