// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

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
        let pairs = self.query.map { (S3Encoding.encode($0.name), S3Encoding.encode($0.value)) }
        return pairs.sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    static func == (one: S3Request, other: S3Request) -> Bool {
        one.method == other.method && one.url == other.url
            && one.headers.elementsEqual(other.headers, by: ==)
    }
}

/// Percent-encoding as signatures want it: everything but the unreserved characters of RFC 3986 §2.3.
enum S3Encoding {
    private static let hexadecimal = Array("0123456789ABCDEF".utf8)

    /// - Parameter keepsSlashes: for a path.
    static func encode(_ text: String, keepsSlashes: Bool = false) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                bytes.append(byte)
            case UInt8(ascii: "/") where keepsSlashes:
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), self.hexadecimal[Int(byte >> 4)], self.hexadecimal[Int(byte & 0xF)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        String(
            decoding: bytes.flatMap { [self.hexadecimal[Int($0 >> 4)], self.hexadecimal[Int($0 & 0xF)]] }, as: UTF8.self
        )
        .lowercased()
    }
}
