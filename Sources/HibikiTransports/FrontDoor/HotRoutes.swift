// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore

/// A path that is served on the event loop itself, without the router.
struct HotRoute: Sendable {
    let path: String
    /// Answers through the exchange, or gives the connection another role.
    let serve: @Sendable (RequestHead, HTTPExchange, Connection) -> Void
}

/// What the front door answers itself, and who answers everything else.
struct HotRoutes: Sendable {
    private let routes: [HotRoute]
    /// Serves every path; for a server that speaks nothing but WebSocket.
    private let catchAll: HotRoute?
    let service: any HTTPService

    init(_ routes: [HotRoute], catchAll: HotRoute? = nil, service: any HTTPService) {
        self.routes = routes
        self.catchAll = catchAll
        self.service = service
    }

    /// A path answers to every method but OPTIONS, and `POST /v1/events` is the router's, as all publishing over HTTP.
    func route(for head: RequestHead) -> HotRoute? {
        guard head.method != "OPTIONS" else { return nil }
        let path = head.path
        guard let route = self.routes.first(where: { $0.path == path }) else { return self.catchAll }
        return head.method == "POST" && path == EventsEndpoint.path ? nil : route
    }
}

extension HTTPExchange {
    /// Checks where the request comes from, and answers it if it may not.
    ///
    /// - Parameter needsOrigin: whether a request with a cookie has to say what page it comes from. Browsers always do
    ///   that when they open a WebSocket, and do not when a page asks its own server for something else.
    /// - Returns: whether the request may go on.
    func admits(_ head: RequestHead, policy: OriginPolicy, needsOrigin: Bool) -> Bool {
        let origins = head.values("origin")
        if needsOrigin, origins.isEmpty, head.has("cookie") {
            self.refuse(WireError(.originNotAllowed, "a request with a cookie has to have an Origin"))
            return false
        }
        switch policy.verdict(origins: origins, host: head.host) {
        case .sameOrigin:
            return true
        case .allowed(let origin):
            self.extraFields += OriginPolicy.responseFields(for: origin)
            return true
        case .refused:
            let help =
                "pages of \(origins.joined(separator: ", ")) may not use this server; allow them with --allowed-origin"
            self.refuse(WireError(.originNotAllowed, help))
            return false
        }
    }
}

extension OriginPolicy {
    /// What lets a page of another origin read a response (the Fetch standard, §3.3).
    package static func responseFields(for origin: String) -> [(name: String, value: String)] {
        [
            ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Expose-Headers", "Last-Event-ID, Retry-After"),
            ("Vary", "Origin"),
        ]
    }
}
