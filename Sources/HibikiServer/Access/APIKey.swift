// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Crypto
public import HibikiMessaging

/// An API key as the settings have it: its name, what it allows, and its SHA-256. Whoever reads the settings cannot use it.
///
/// Its text is `billing publish+read sha256:9f86… orders/** invoices/*`: the name, the scopes with a plus between them, the digest,
/// and the patterns of the topics that it is for, all topics if there are none.
public struct APIKey: Hashable, Sendable {
    /// Why a text is no key's.
    public struct Problem: Error, CustomStringConvertible {
        public let description: String
    }

    private static let digestMark = "sha256:"
    private static let names = 1...64

    public let text: String
    public let identity: KeyIdentity
    private let digest: [UInt8]

    public init(_ text: String) throws(Problem) {
        let words = text.split(separator: " ").map(String.init)
        guard words.count >= 3 else {
            throw Problem(description: "a key is NAME SCOPES sha256:DIGEST PATTERN…; hibiki key makes one")
        }
        guard words[2].hasPrefix(Self.digestMark),
            let digest = Self.bytes(ofHex: words[2].dropFirst(Self.digestMark.count))
        else { throw Problem(description: "behind \(Self.digestMark) stand 64 hexadecimal digits") }
        self.text = text
        self.digest = digest
        do {
            self.identity = try KeyIdentity(
                name: Self.name(words[0]), scopes: Self.scopes(words[1]), patterns: Array(words[3...]))
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(description: "\(error)")
        }
    }

    private static func name(_ text: String) throws(Problem) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isPlain, Self.names.contains(text.utf8.count) else {
            throw Problem(description: "the name of a key has 1 to 64 letters, digits, points, hyphens and underscores")
        }
        return text
    }

    /// Reads `publish+read`.
    private static func scopes(_ text: String) throws(Problem) -> Set<KeyScope> {
        var scopes: Set<KeyScope> = []
        for word in text.split(separator: "+", omittingEmptySubsequences: false) {
            guard let scope = KeyScope(rawValue: String(word)) else {
                let known = KeyScope.allCases.map(\.rawValue).joined(separator: ", ")
                throw Problem(description: "a scope is one of \(known)")
            }
            scopes.insert(scope)
        }
        return scopes
    }

    private static func bytes(ofHex text: Substring) -> [UInt8]? {
        let digits = text.utf8.compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
            default: nil
            }
        }
        guard digits.count == 64, text.utf8.count == 64 else { return nil }
        return stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// Takes the same time whatever the difference is.
    func isDigest(_ other: SHA256Digest) -> Bool {
        zip(self.digest, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension APIKey {
    /// Makes a key.
    ///
    /// - Parameters:
    ///   - scopes: with a plus or a comma between them.
    ///   - patterns: of the topics that it is for; none for all.
    /// - Returns: the key, 256 random bits, which only whoever uses it is to know, and what belongs into the settings.
    public static func make(
        name: String, scopes: String, patterns: [String]
    ) throws(Problem) -> (secret: String, key: APIKey) {
        guard !patterns.contains(where: { $0.utf8.contains(UInt8(ascii: " ")) || $0.isEmpty }) else {
            throw Problem(description: "a pattern of a key has no spaces")
        }
        let secret = AccessControl.keyPrefix + String(decoding: SecretFile.random(), as: UTF8.self)
        let digest = SHA256.hash(data: Array(secret.utf8)).map { byte in
            String(repeating: "0", count: byte < 16 ? 1 : 0) + String(byte, radix: 16)
        }
        let words = [
            name, scopes.split(separator: ",").joined(separator: "+"), Self.digestMark + digest.joined(),
        ]
        return (secret, try APIKey((words + patterns).joined(separator: " ")))
    }
}
