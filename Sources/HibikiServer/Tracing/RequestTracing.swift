// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiTransports
import Hummingbird
import Tracing

/// A span for each request of the router, below that of the client if it has sent one.
///
/// Names and attributes are those of OpenTelemetry's conventions for HTTP. Queries and fields are left out, because a token may
/// stand there, and so are paths that no route has.
struct RequestTracing: RouterMiddleware {
    private static let methods: Set = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]

    let tracer: any Tracer

    func handle(
        _ request: Request, context: RouterContext, next: (Request, RouterContext) async throws -> Response
    ) async throws -> Response {
        var parent = InstrumentationContext.topLevel
        self.tracer.extract(request.headers, into: &parent, using: FieldExtractor())
        let method = request.method.rawValue
        let isKnown = Self.methods.contains(method)
        return try await self.tracer.withSpan(isKnown ? method : "HTTP", context: parent, ofKind: .server) { span in
            span.attributes["http.request.method"] = isKnown ? method : "_OTHER"
            span.attributes["url.scheme"] = (context.scheme ?? .http).rawValue
            span.attributes["client.address"] = context.remoteAddress
            let response = try await next(request, context)
            let status = Int(response.status.code)
            span.attributes["http.response.status_code"] = status
            // Without a route it is a word of the router's.
            if let route = context.endpointPath, route.hasPrefix("/") {
                span.operationName = "\(isKnown ? method : "HTTP") \(route)"
                span.attributes["http.route"] = route
                span.attributes["url.path"] = request.uri.path
            }
            if status >= 500 {
                span.attributes["error.type"] = "\(status)"
                span.setStatus(SpanStatus(code: .error))
            }
            return response
        }
    }
}

private struct FieldExtractor: Extractor {
    func extract(key: String, from fields: HTTPFields) -> String? {
        HTTPField.Name(key).flatMap { fields[$0] }
    }
}
