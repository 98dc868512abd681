// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import Hummingbird
import Synchronization

/// Which paths there are, and which methods each of them answers to.
final class RouteTable: Sendable {
    /// One path, as `/v1/topics/{topic}`.
    struct Route: Hashable, Sendable {
        let path: String
        /// As they stand in an `Allow` (RFC 9110 §10.2.1).
        let methods: [String]

        fileprivate func matches(_ segments: [Substring]) -> Bool {
            let own = self.path.split(separator: "/")
            guard own.last != "**" else {
                return segments.count >= own.count && zip(own.dropLast(), segments).allSatisfy { $0 == $1 }
            }
            return own.count == segments.count
                && zip(own, segments).allSatisfy { $0.utf8.first == UInt8(ascii: "{") || $0 == $1 }
        }
    }

    private let filled = Mutex<[Route]>([])

    var routes: [Route] { self.filled.withLock { $0 } }

    /// Takes what a router knows, and what is served before it.
    func fill(from router: Router<RouterContext>, _ others: [String: [String]]) {
        var methods = others.mapValues(Set.init)
        for route in router.routes {
            methods[route.path.description, default: []].insert(route.method.rawValue)
        }
        let routes = methods.sorted { $0.key < $1.key }.map { path, methods in
            Route(path: path, methods: Self.complete(methods, of: path))
        }
        self.filled.withLock { $0 = routes }
    }

    /// Whatever answers to GET answers to HEAD, and the API answers to the questions of browsers.
    private static func complete(_ methods: Set<String>, of path: String) -> [String] {
        let order = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        var methods = methods
        if methods.contains("GET"), path != "/ws" { methods.insert("HEAD") }
        if path.hasPrefix("/v1/") { methods.insert("OPTIONS") }
        return order.filter(methods.contains) + methods.subtracting(order).sorted()
    }

    /// The methods of a path that is there; `nil` for any other.
    func methods(of path: String) -> [String]? {
        let segments = path.split(separator: "/")
        return self.routes.first { $0.matches(segments) }?.methods
    }

    /// What answers are counted under: paths, and for those with something variable in them what stands before it.
    static func labels(of routes: [Route]) -> [String] {
        let labels = routes.map { route in
            route.path.prefix { $0 != "{" && $0 != "*" }
        }
        return Set(labels.map(String.init)).sorted()
    }
}
