// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore

/// A path that is served on the event loop itself, without the router.
package struct HotRoute: Sendable {
    package let path: String
    /// Whether everything below the path belongs to it too.
    package var isPrefix = false
    /// `nil` for a route that says itself what it thinks of a method.
    package var methods: Set<String>?
    /// Whether a request may have a body. The route then asks for it with ``HTTPExchange/receiveBody(limit:_:)``, or the
    /// connection ends with the answer, because what follows can not be told from the body.
    package var takesBody = false
    /// Whether requests are answered on a connection that is to end because the server stops: for a protocol that tells its
    /// clients in messages of its own.
    package var outlivesFarewell = false
    /// Answers through the exchange, or gives the connection another role.
    package let serve: @Sendable (RequestHead, HTTPExchange, Connection) -> Void

    package init(
        path: String, isPrefix: Bool = false, methods: Set<String>? = nil, takesBody: Bool = false,
        outlivesFarewell: Bool = false,
        serve: @escaping @Sendable (RequestHead, HTTPExchange, Connection) -> Void
    ) {
        self.path = path
        self.isPrefix = isPrefix
        self.methods = methods
        self.takesBody = takesBody
        self.outlivesFarewell = outlivesFarewell
        self.serve = serve
    }

    var label: RequestLabel { RequestLabel(self.path.isEmpty ? "/" : self.path) }

    fileprivate func serves(_ path: Substring, _ method: String) -> Bool {
        guard self.isPrefix ? path.utf8.starts(with: self.path.utf8) : path == self.path else { return false }
        return self.methods?.contains(method) ?? true
    }
}

/// Paths that a library serves on the event loops, beside the front door's own.
public struct Mount: Sendable {
    package let routes: [HotRoute]

    package init(_ routes: [HotRoute]) {
        self.routes = routes
    }
}

/// What the front door answers itself, and who answers everything else.
struct HotRoutes: Sendable {
    private let routes: [HotRoute]
    /// Serves every path; for a server that speaks nothing but WebSocket.
    private let catchAll: HotRoute?
    let service: any HTTPService
    /// The service's own paths, as answers are counted; a path that ends in a slash stands for all below it.
    private let servicePaths: [String]
    /// Those of which the service takes bodies as they come; all below one belongs to it.
    private let flowPaths: [String]

    init(
        _ routes: [HotRoute], catchAll: HotRoute? = nil, service: any HTTPService, servicePaths: [String] = [],
        flowPaths: [String] = []
    ) {
        self.servicePaths = servicePaths
        self.flowPaths = flowPaths
        self.routes = routes
        self.catchAll = catchAll
        self.service = service
    }

    /// What an answer of the service is counted under. Clients choose paths, so an unknown one has no name of its own.
    func label(of path: Substring) -> RequestLabel {
        let known = self.servicePaths.first { known in
            known == path || known.utf8.count > 1 && known.utf8.last == UInt8(ascii: "/") && path.hasPrefix(known)
        }
        return known.map(RequestLabel.init) ?? .other
    }

    /// Whether the service takes the body of a request as it comes.
    func flows(_ head: RequestHead) -> Bool {
        guard !self.flowPaths.isEmpty else { return false }
        let path = head.path.utf8
        return self.flowPaths.contains { flowing in
            path.starts(with: flowing.utf8)
                && (path.count == flowing.utf8.count
                    || path[path.index(path.startIndex, offsetBy: flowing.utf8.count)] == UInt8(ascii: "/"))
        }
    }

    /// `nil` for what the router answers.
    func route(for head: RequestHead) -> HotRoute? {
        let path = head.path
        return self.routes.first { $0.serves(path, head.method) } ?? self.catchAll
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
        switch policy.verdict(origins: origins, host: head.host, scheme: self.scheme) {
        case .sameOrigin:
            return true
        case .allowed(let origin, let withCredentials):
            self.extraFields += OriginPolicy.responseFields(for: origin, withCredentials: withCredentials)
            return true
        case .refused:
            self.refuse(WireError(refusedOrigins: origins))
            return false
        }
    }
}
