// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The address of a server, `https://host:port` for instance, with a path if the server stands behind one.
///
/// `http` and `ws` mean the same, and so do `https` and `wss`, which speak TLS: which transport is spoken is chosen elsewhere.
public struct HibikiURL: Hashable, Sendable {
    /// A name or an address; an IPv6 address without its brackets.
    public let host: String
    /// Where the address names none 80, or 443 with TLS.
    public let port: Int
    /// Without a slash at the end; empty for the root.
    public let path: String
    /// Whether TLS is spoken.
    public let isSecure: Bool
    /// Who may vouch for the server; only with TLS.
    public var trust: ServerTrust

    /// - Throws: ``HibikiClientError/Code/invalidURL``, with words that say what is wrong.
    public init(_ text: String, trust: ServerTrust = .system) throws(HibikiClientError) {
        let (isSecure, rest) = try Self.scheme(of: text)
        self.isSecure = isSecure
        self.trust = trust
        guard !rest.contains(where: { $0 == 0x3F || $0 == 0x23 }) else {
            throw Self.invalid(text, "it must have no query and no fragment")
        }
        let authority = rest.prefix { $0 != UInt8(ascii: "/") }
        guard !authority.contains(UInt8(ascii: "@")) else { throw Self.invalid(text, "it must have no user name") }
        (self.host, self.port) = try Self.hostAndPort(authority, default: isSecure ? 443 : 80, in: text)
        var path = rest[authority.endIndex...]
        while path.last == UInt8(ascii: "/") { path.removeLast() }
        guard path.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Self.invalid(text, "the path must be percent-encoded ASCII")
        }
        self.path = String(decoding: path, as: UTF8.self)
    }

    /// What the header `Host` says: the port stands there unless it is that of the scheme (RFC 9110 §7.2).
    var authority: String {
        let host = self.host.utf8.contains(UInt8(ascii: ":")) ? "[\(self.host)]" : self.host
        return self.port == (self.isSecure ? 443 : 80) ? host : "\(host):\(self.port)"
    }

    /// The target of a request to `path` below this address; `path` begins with a slash.
    func target(_ path: String) -> String {
        self.path + path
    }

    /// The target of a request to this address itself.
    var ownTarget: String {
        self.path.isEmpty ? "/" : self.path
    }
}

extension HibikiURL: CustomStringConvertible {
    public var description: String {
        "\(self.isSecure ? "https" : "http")://\(self.authority)\(self.path)"
    }
}

extension HibikiURL {
    private static func scheme(
        of text: String
    ) throws(HibikiClientError) -> (isSecure: Bool, rest: ArraySlice<UInt8>) {
        let bytes = Array(text.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8) else {
            throw self.invalid(text, "it must begin with http:// or https://")
        }
        let rest = bytes[(colon + 3)...]
        switch String(decoding: bytes[..<colon], as: UTF8.self).lowercased() {
        case "http", "ws": return (false, rest)
        case "https", "wss": return (true, rest)
        default: throw self.invalid(text, "it must begin with http:// or https://, or ws:// or wss://")
        }
    }

    private static func hostAndPort(
        _ authority: ArraySlice<UInt8>, default scheme: Int, in text: String
    ) throws(HibikiClientError) -> (String, Int) {
        var host = authority
        var port: ArraySlice<UInt8>?
        if authority.first == UInt8(ascii: "["), let bracket = authority.firstIndex(of: UInt8(ascii: "]")) {
            host = authority[(authority.startIndex + 1)..<bracket]
            let rest = authority[(bracket + 1)...]
            guard rest.isEmpty || rest.first == UInt8(ascii: ":") else {
                throw self.invalid(text, "its host is malformed")
            }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = authority.firstIndex(of: UInt8(ascii: ":")) {
            host = authority[..<colon]
            port = authority[(colon + 1)...]
        }
        guard !host.isEmpty, host.allSatisfy(self.isHostByte) else { throw self.invalid(text, "its host is malformed") }
        return (String(decoding: host, as: UTF8.self), try self.port(port, in: text) ?? scheme)
    }

    private static func port(_ digits: ArraySlice<UInt8>?, in text: String) throws(HibikiClientError) -> Int? {
        guard let digits, !digits.isEmpty else { return nil }
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(String(decoding: digits, as: UTF8.self)), (1...65_535).contains(port)
        else { throw self.invalid(text, "its port must be a number from 1 to 65535") }
        return port
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: ":"), UInt8(ascii: "%"):
            true
        default:
            false
        }
    }

    private static func invalid(_ text: String, _ reason: String) -> HibikiClientError {
        HibikiClientError(.invalidURL, "\"\(text)\" is no address of a server: \(reason)")
    }
}
