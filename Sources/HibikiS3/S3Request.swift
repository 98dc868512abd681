// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire

/// A request to a store, before it is signed.
struct S3Request: Equatable, Sendable {
    var method: String
    /// `https` or `http`.
    var scheme: String
    /// With the port where it is not that of the scheme.
    var host: String
    /// Encoded.
    var path: String
    /// Not encoded.
    var query: [(name: String, value: String)] = []
    /// With names in lower case.
    var headers: [(name: String, value: String)] = []

    /// What the address says, with its query in the order in which it is signed.
    var url: String {
        let query = self.canonicalQuery
        return "\(self.scheme)://\(self.host)\(self.path)\(query.isEmpty ? "" : "?\(query)")"
    }

    var canonicalQuery: String {
        let pairs = self.query.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
        return pairs.sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    static func encode(path: String) -> String {
        PercentEncoding.encode(path) { PercentEncoding.isUnreserved($0) || $0 == UInt8(ascii: "/") }
    }

    static func == (one: S3Request, other: S3Request) -> Bool {
        one.method == other.method && one.url == other.url
            && one.headers.elementsEqual(other.headers, by: ==)
    }
}
