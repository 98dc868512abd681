// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
import HibikiWire

/// The token that a request shows: in `Authorization: Bearer` (RFC 6750 §2.1), in the query as `access_token` (§2.3), or in the
/// cookie that the server was told of.
package enum RequestToken: Equatable, Sendable {
    case none
    case one(String)
    /// RFC 6750 §2 forbids it, and two readers could choose differently.
    case several

    /// - Parameters:
    ///   - cookies: the values of `Cookie`, if the page that asks may use them.
    ///   - cookie: the name of the one that holds a token.
    package init(authorization: [String], query: Substring, cookies: [String], cookie: String?) {
        var tokens = authorization.compactMap(Self.bearer) + Self.parameters(query)
        if let cookie, tokens.isEmpty {
            tokens = cookies.flatMap { Self.cookies($0, named: cookie) }
        }
        guard let token = tokens.first else {
            self = .none
            return
        }
        self = tokens.count == 1 ? .one(token) : .several
    }

    /// Another scheme is somebody else's: a proxy's in front, for example.
    private static func bearer(_ value: String) -> String? {
        let scheme = value.utf8.prefix { $0 != UInt8(ascii: " ") }
        guard scheme.lazy.map(\.asciiLowercased).elementsEqual("bearer".utf8) else { return nil }
        // The parser of heads takes off spaces at the end, so an empty token leaves the scheme alone.
        return String(decoding: value.utf8.dropFirst(scheme.count).drop { $0 == UInt8(ascii: " ") }, as: UTF8.self)
    }

    private static func parameters(_ query: Substring) -> [String] {
        query.utf8.split(separator: UInt8(ascii: "&")).compactMap { pair in
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].elementsEqual("access_token".utf8) else { return nil }
            // What cannot be decoded is a token too, and one that nobody accepts. So is an API key: addresses are kept by many, and
            // whoever has a key can set a header.
            let token = PercentEncoding.decode(parts[1]) ?? ""
            return token.hasPrefix(AccessControl.keyPrefix) ? "" : token
        }
    }

    private static func cookies(_ value: String, named name: String) -> [String] {
        value.utf8.split(separator: UInt8(ascii: ";")).compactMap { pair in
            let parts = pair.trimmingSpaces().split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].elementsEqual(name.utf8) else { return nil }
            return String(decoding: parts[1], as: UTF8.self)
        }
    }
}

extension OriginPolicy {
    /// Whether a cookie of this request says who has sent it: a page that may act for its visitor has, and the browser says so, in
    /// `Origin` or, where a page asks its own server, in `Sec-Fetch-Site` (Fetch Metadata Request Headers §2.3).
    package func trustsCookies(origins: [String], host: String?, fetchSite: String?) -> Bool {
        switch self.verdict(origins: origins, host: host) {
        case .sameOrigin: !origins.isEmpty || fetchSite == "same-origin"
        case .allowed(_, let withCredentials): withCredentials
        case .refused: false
        }
    }
}

extension RequestToken {
    package init(_ head: RequestHead, _ configuration: TransportConfiguration, _ access: AccessControl) {
        let trustsCookies =
            access.cookie != nil
            && configuration.origins.trustsCookies(
                origins: head.values("origin"), host: head.host, fetchSite: head.first("sec-fetch-site"))
        self.init(
            authorization: head.values("authorization"), query: head.query,
            cookies: trustsCookies ? head.values("cookie") : [], cookie: access.cookie)
    }
}

extension AuthenticationFailure {
    /// What an answer that refuses says about it (RFC 6750 §3).
    package var responseFields: [(name: String, value: String)] {
        switch self.code {
        case .permissionDenied:
            []
        case .authenticationUnavailable, .authorizationUnavailable:
            [(name: "Retry-After", value: "1")]
        case .authenticationRequired:
            [(name: "WWW-Authenticate", value: "Bearer")]
        case .invalidMessage:
            [(name: "WWW-Authenticate", value: "Bearer error=\"invalid_request\"")]
        default:
            [
                (
                    name: "WWW-Authenticate",
                    value: "Bearer error=\"invalid_token\", error_description=\"\(self.message)\""
                )
            ]
        }
    }
}
