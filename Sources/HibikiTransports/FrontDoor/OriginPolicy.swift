// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Which pages may talk to the server (RFC 6454; RFC 6455 §10.2).
///
/// A browser says in `Origin` which page a request comes from. Without a check, any page could open a WebSocket with the
/// cookies of its visitor.
public struct OriginPolicy: Sendable, Hashable {
    public enum Verdict: Hashable, Sendable {
        /// No page is involved, or it comes from this server.
        case sameOrigin
        /// A page of an origin that is on the list. It may send cookies if it is named there, not if any origin is allowed.
        case allowed(origin: String, withCredentials: Bool)
        case refused
    }

    /// Origins beside the server's own, as browsers write them: `https://app.example.com`, or `*` for any. Default none.
    public var allowed: Set<String>

    /// Whether a page counts as the server's own only if it was loaded by an address or a name of this machine. For a
    /// server that listens on this machine alone: any website could otherwise have its own name point here, and would then
    /// be of the same origin (DNS rebinding). Default off; the server sets it when its host is a loopback one.
    public var trustsLocalHostsOnly = false

    public init(allowed: Set<String> = []) {
        self.allowed = allowed
    }

    /// - Parameters:
    ///   - origins: the values of `Origin`; more than one is refused.
    ///   - host: the value of `Host`.
    ///   - scheme: how the client has reached the server, if that is known; a page of the other scheme is of another origin then.
    public func verdict(origins: [String], host: String?, scheme: RequestScheme? = nil) -> Verdict {
        guard let origin = origins.first else { return .sameOrigin }
        guard origins.count == 1 else { return .refused }
        if let host, self.trusts(host), Self.isSame(origin: origin, host: host, scheme: scheme) {
            return .sameOrigin
        }
        if self.allowed.contains(origin) {
            return .allowed(origin: origin, withCredentials: true)
        }
        if self.allowed.contains("*"), origin != "null" {
            return .allowed(origin: origin, withCredentials: false)
        }
        return .refused
    }

    private func trusts(_ host: String) -> Bool {
        guard self.trustsLocalHostsOnly, !host.hasPrefix("[") else { return true }
        let name = String(host.prefix { $0 != ":" })
        return LoopbackHost.isLoopback(name) || LoopbackHost.isAddress(name)
    }

    /// Whether the origin's authority is the one that the request was sent to; the default port of its scheme counts as no
    /// port. A scheme that is not known is not compared, because a proxy in front may speak TLS for us.
    private static func isSame(origin: String, host: String, scheme: RequestScheme?) -> Bool {
        for (known, port) in [(RequestScheme.http, ":80"), (.https, ":443")] where scheme == nil || scheme == known {
            let prefix = known.rawValue + "://"
            guard origin.utf8.starts(with: prefix.utf8) else { continue }
            let authority = origin.dropFirst(prefix.utf8.count).lowercased()
            return self.without(port, authority) == self.without(port, host.lowercased())
        }
        return false
    }

    private static func without(_ port: String, _ authority: String) -> String {
        authority.hasSuffix(port) ? String(authority.dropLast(port.utf8.count)) : authority
    }
}
