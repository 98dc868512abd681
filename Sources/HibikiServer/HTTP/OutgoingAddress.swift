// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Tracing

/// What a span may say about an address (RFC 3986 §3): neither user nor query, where a secret of the operator's may stand.
struct OutgoingAddress: Equatable {
    let host: String
    /// `nil` if it is that of the scheme.
    let port: Int?
    /// Without user, query and fragment.
    let url: String

    init(_ text: String) {
        let parts = text.prefix { $0 != "?" && $0 != "#" }
        let scheme = parts.firstRange(of: "://").map { parts[..<$0.upperBound] } ?? ""
        let rest = parts[scheme.endIndex...]
        let authority = rest.prefix { $0 != "/" }
        let place = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        let colon = place.lastIndex(of: ":").flatMap { place[$0...].contains("]") ? nil : $0 }
        self.host = String(place[..<(colon ?? place.endIndex)])
        self.port = colon.flatMap { Int(place[place.index(after: $0)...]) }
        self.url = "\(scheme)\(place)\(rest[authority.endIndex...])"
    }

    func describe(_ span: some Span) {
        span.attributes["server.address"] = self.host
        span.attributes["server.port"] = self.port
        span.attributes["url.full"] = self.url
    }
}
