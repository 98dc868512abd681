// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import JWTKit

/// A key that tokens are signed with, and the one algorithm that it is for.
///
/// What a token says about its algorithm is compared with the key's and never followed. So neither `none` nor a public key that is
/// taken for a secret (RFC 8725 §2.1) is anything but a bad signature.
public struct TokenKey: Sendable {
    /// The shortest secret, in bytes: as long as the hash (RFC 7518 §3.2).
    public static let secretBytes = 32

    /// What tokens call the key; `nil` for one that has no name, and is tried for every token of its algorithm.
    let id: String?
    private let algorithm: any JWTAlgorithm

    var algorithmName: String { self.algorithm.name }

    /// Why there is no key in what was to be one. The words never quote it.
    public struct Problem: Error, CustomStringConvertible {
        public let description: String
    }

    private init(id: String? = nil, _ fill: (JWTKeyCollection) async throws -> Void) async throws {
        let keys = JWTKeyCollection()
        try await fill(keys)
        self.id = id
        self.algorithm = try await keys.getKey()
    }

    /// A secret that both sides know, for HS256.
    public static func secret(_ bytes: [UInt8]) async throws -> TokenKey {
        guard bytes.count >= Self.secretBytes else {
            throw Problem(description: "a secret has at least \(Self.secretBytes) bytes")
        }
        return try await TokenKey { await $0.add(hmac: HMACKey(from: bytes), digestAlgorithm: .sha256) }
    }

    /// A public key in PEM: RSA for RS256, P-256 for ES256, P-384 for ES384, Ed25519 for EdDSA.
    public static func publicKey(pem: String) async throws -> TokenKey {
        if let key = try? EdDSA.PublicKey(pem: pem) { return try await TokenKey { await $0.add(eddsa: key) } }
        if let key = try? ES256PublicKey(pem: pem) { return try await TokenKey { await $0.add(ecdsa: key) } }
        if let key = try? ES384PublicKey(pem: pem) { return try await TokenKey { await $0.add(ecdsa: key) } }
        if let key = try? Insecure.RSA.PublicKey(pem: pem) {
            return try await TokenKey { await $0.add(rsa: key, digestAlgorithm: .sha256) }
        }
        throw Problem(
            description: "no public key in PEM of RSA with 2048 bits or more, P-256, P-384 or Ed25519 is in there")
    }

    /// A private key in PEM, of the same kinds, which can sign too.
    public static func privateKey(pem: String) async throws -> TokenKey {
        if let key = try? EdDSA.PrivateKey(pem: pem) { return try await TokenKey { await $0.add(eddsa: key) } }
        if let key = try? ES256PrivateKey(pem: pem) { return try await TokenKey { await $0.add(ecdsa: key) } }
        if let key = try? ES384PrivateKey(pem: pem) { return try await TokenKey { await $0.add(ecdsa: key) } }
        if let key = try? Insecure.RSA.PrivateKey(pem: pem) {
            return try await TokenKey { await $0.add(rsa: key, digestAlgorithm: .sha256) }
        }
        throw Problem(
            description: "no private key in PEM of RSA with 2048 bits or more, P-256, P-384 or Ed25519 is in there")
    }

    /// A key of a JSON Web Key Set (RFC 7517). `nil` for one that signs no tokens, or in a way that is not understood here.
    static func jwk(json: String) async -> TokenKey? {
        guard var jwk = try? JWK(json: json), let algorithm = jwk.signatureAlgorithm else { return nil }
        let id = jwk.keyIdentifier?.string
        jwk.algorithm = algorithm
        // The collection wants a name, and a set that has a private key has it by mistake.
        jwk.keyIdentifier = "key"
        jwk.privateExponent = nil
        let key = jwk
        return try? await TokenKey(id: id) { try await $0.add(jwk: key) }
    }

    /// Whether a token may have been signed with it.
    func suits(_ header: TokenText.Header) -> Bool {
        guard header.algorithm.utf8.elementsEqual(self.algorithmName.utf8) else { return false }
        guard let id = self.id, let wanted = header.keyID else { return true }
        return id.utf8.elementsEqual(wanted.utf8)
    }

    func isSignature(_ signature: [UInt8], of bytes: [UInt8]) -> Bool {
        (try? self.algorithm.verify(signature, signs: bytes)) ?? false
    }

    func sign(_ bytes: [UInt8]) throws -> [UInt8] {
        try self.algorithm.sign(bytes)
    }
}

extension JWK {
    /// What the key is for: what it says itself, if that suits its kind, or else what is usual for that.
    fileprivate var signatureAlgorithm: Algorithm? {
        let possible: [Algorithm]
        switch self.keyType {
        case .rsa: possible = [.rs256, .rs384, .rs512, .ps256, .ps384, .ps512]
        case .octetKeyPair: possible = [.eddsa]
        case .ecdsa:
            switch self.curve?.rawValue {
            case "P-256": possible = [.es256]
            case "P-384": possible = [.es384]
            case "P-521": possible = [.es512]
            default: return nil
            }
        default: return nil
        }
        guard let own = self.algorithm else { return possible.first }
        return possible.contains(own) ? own : nil
    }
}
