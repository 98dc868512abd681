// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Crypto
public import HibikiMessaging

/// The key of signed links: whoever has it can make them.
public struct LinkKey: Sendable {
    private let key: SymmetricKey

    /// - Parameter bytes: 32, of a good source.
    public init(_ bytes: some Collection<UInt8>) {
        self.key = SymmetricKey(data: Array(bytes))
    }

    /// HMAC-SHA256 of a path, the end of the link and whom it is for. The lengths stand before what varies, so that no two different links have
    /// the same bytes.
    fileprivate func signature(_ path: String, _ expiry: Int64, _ principal: String) -> HMAC<SHA256>.MAC {
        let text = "hibiki-link-1\n\(path.utf8.count) \(path)\n\(expiry)\n\(principal.utf8.count) \(principal)"
        return HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: self.key)
    }

    fileprivate func isSignature(_ mac: [UInt8], of path: String, _ expiry: Int64, _ principal: String) -> Bool {
        let text = "hibiki-link-1\n\(path.utf8.count) \(path)\n\(expiry)\n\(principal.utf8.count) \(principal)"
        // In constant time.
        return HMAC<SHA256>.isValidAuthenticationCode(mac, authenticating: Array(text.utf8), using: self.key)
    }
}

/// A link that stands for a credential: it names one path, one principal and a time.
///
/// Whether the principal may still have the file is asked again when the link is used.
public struct SignedLink: Sendable {
    public let path: String
    /// In seconds since 1970.
    public let expiry: Int64
    /// Empty for nobody whom we know.
    public let principal: String

    public init(path: String, expiry: Int64, principal: String) {
        self.path = path
        self.expiry = expiry
        self.principal = principal
    }

    /// The query that makes a credential of the path.
    public func query(_ key: LinkKey) -> String {
        let signature = Base64URL.encode(Array(key.signature(self.path, self.expiry, self.principal)))
        return "expires=\(self.expiry)&for=\(Self.encode(self.principal))&signature=\(signature)"
    }

    /// Everything but the unreserved characters of RFC 3986 §2.3.
    private static func encode(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                String(UnicodeScalar(byte))
            default:
                "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }

    /// Checks what a request brings.
    ///
    /// - Returns: `nil` unless the key has signed exactly this, and its time has not come.
    public init?(
        path: String, expires: String, principal: String, signature: String, key: LinkKey, at now: Timestamp
    ) {
        guard expires.utf8.allSatisfy(\.isDigit), let expiry = Int64(expires),
            let mac = Base64URL.decode(signature.utf8),
            key.isSignature(mac, of: path, expiry, principal), now.milliseconds / 1_000 < expiry
        else { return nil }
        self.init(path: path, expiry: expiry, principal: principal)
    }
}
