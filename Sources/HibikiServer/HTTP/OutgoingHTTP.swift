// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Tracing

/// Requests that the server sends itself.
enum OutgoingHTTP {
    /// One for the process, which never ends it. It makes no spans of its own, because it would put queries into them.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration.singletonConfiguration
        configuration.tracing.tracer = nil
        return HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
    }()

    /// Sends a request that belongs to something which may be traced: it has a span, and says in `traceparent` below which.
    ///
    /// - Parameter deadline: for the head of the answer and its body.
    static func send(_ request: HTTPClientRequest, deadline: NIODeadline) async throws -> HTTPClientResponse {
        guard let tracer = InstrumentationSystem.tracerOfProcess else {
            return try await self.sendUntraced(request, deadline: deadline)
        }
        let method = request.method.rawValue
        return try await tracer.withSpan(method, ofKind: .client) { span in
            span.attributes["http.request.method"] = method
            OutgoingAddress(request.url).describe(span)
            var request = request
            tracer.inject(span.context, into: &request.headers, using: HeaderInjector())
            let response = try await self.sendUntraced(request, deadline: deadline)
            span.attributes["http.response.status_code"] = Int(response.status.code)
            if response.status.code >= 400 {
                span.attributes["error.type"] = "\(response.status.code)"
                span.setStatus(SpanStatus(code: .error))
            }
            return response
        }
    }

    /// Sends a request that no span is about.
    static func sendUntraced(_ request: HTTPClientRequest, deadline: NIODeadline) async throws -> HTTPClientResponse {
        try await self.client.execute(request, deadline: deadline)
    }
}

private struct HeaderInjector: Injector {
    func inject(_ value: String, forKey key: String, into headers: inout HTTPHeaders) {
        headers.replaceOrAdd(name: key, value: value)
    }
}
