// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Crypto
import HibikiMessaging
import Synchronization

/// The API keys that count now.
final class APIKeys: Sendable {
    private let keys: Mutex<[APIKey]>

    init(_ keys: [APIKey]) {
        self.keys = Mutex(keys)
    }

    var isEmpty: Bool { self.keys.withLock { $0.isEmpty } }

    /// Whoever has shown this key. All are compared, so that the time says nothing about them.
    func principal(of secret: String) throws(AuthenticationFailure) -> Principal {
        let digest = SHA256.hash(data: Array(secret.utf8))
        var found: KeyIdentity?
        for key in self.keys.withLock({ $0 }) where key.isDigest(digest) {
            found = key.identity
        }
        guard let found else { throw .invalid("this is no API key of this server") }
        return Principal(key: found)
    }

    /// Takes others in their place.
    ///
    /// - Returns: those that do not count any more, or not for the same.
    func replace(with keys: [APIKey]) -> [KeyIdentity] {
        let old = self.keys.withLock { current in
            defer { current = keys }
            return current
        }
        let kept = Set(keys)
        return old.filter { !kept.contains($0) }.map(\.identity)
    }
}

/// Takes API keys and the tokens of guests, and leaves other tokens to somebody else.
struct KeyedAuthenticator: Authenticator {
    let keys: APIKeys
    /// `nil` if there are no guests.
    let guests: Guests?
    let tokens: (any Authenticator)?

    func principal(of token: String, at now: Timestamp) async throws(AuthenticationFailure) -> Principal {
        guard !token.hasPrefix(AccessControl.keyPrefix) else { return try self.keys.principal(of: token) }
        if let guests = self.guests, token.hasPrefix(Guests.prefix) {
            return try guests.principal(of: token, at: now)
        }
        guard let tokens = self.tokens else { throw .noTokens }
        return try await tokens.principal(of: token, at: now)
    }
}

/// Where API keys come from.
public struct KeyConfiguration: Sendable {
    /// Those that stand in the settings themselves.
    public var listed: [APIKey] = []
    /// A file with one in each line; empty lines and those that begin with `#` mean nothing. Empty, the default, for none.
    public var file = ""
    /// What ``load()`` has read.
    private(set) var loaded: [APIKey] = []

    public init() {}

    public var all: [APIKey] { self.listed + self.loaded }

    /// Reads the file.
    public mutating func load() throws(SecretFile.Problem) {
        guard !self.file.isEmpty else {
            self.loaded = []
            return
        }
        let text = String(decoding: try SecretFile.read(self.file), as: UTF8.self)
        var keys: [APIKey] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.drop { $0 == " " }
            guard !line.isEmpty, line.utf8.first != UInt8(ascii: "#") else { continue }
            do throws(APIKey.Problem) {
                keys.append(try APIKey(String(line)))
            } catch {
                throw SecretFile.Problem(path: self.file, "line \(index + 1): \(error.description)")
            }
        }
        self.loaded = keys
    }

    /// A name that two keys have, which would make the log say nothing.
    public var repeatedName: String? {
        var names: Set<String> = []
        return self.all.map(\.identity.name).first { !names.insert($0).inserted }
    }
}
