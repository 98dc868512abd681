// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Crypto
import HibikiMessaging
import HibikiWire
import Logging
import NIOCore

/// Whether people whom nobody knows may have an id.
public struct GuestConfiguration: Hashable, Sendable {
    /// Default off. The command has it on, except in production.
    public var isOn = false
    /// How long a guest's token counts. It can be renewed as long as it does. Default 1 hour.
    public var lifetime: Duration = .seconds(3_600)

    public init() {}
}

/// Gives people whom nobody knows an id and a token of their own, and knows them again by it.
///
/// The token is `hg_CLAIMS.SIGNATURE`, both in base64url, with an HMAC of SHA-256. It is no JSON Web Token, so that no key of another
/// kind can make one.
struct Guests: Sendable {
    /// How these tokens begin, and no other does.
    static let prefix = "hg_"
    /// How their ids begin.
    static let idPrefix = "guest-"
    /// What rules call them.
    static let role = "guest"
    /// The name of somebody who has not said another.
    static let defaultName = "Guest"

    struct Pass: Sendable {
        let id: String
        let name: String
        let token: String
        let expiry: Timestamp
    }

    private let key: SymmetricKey
    let lifetime: Duration

    init(secret: [UInt8], lifetime: Duration) {
        self.key = SymmetricKey(data: secret)
        self.lifetime = lifetime
    }

    static func makeID() -> String {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<12).map { _ in UInt8.random(in: 0...255, using: &generator) }
        return Self.idPrefix + Base64URL.encode(bytes)
    }

    func pass(for id: String, named name: String, at now: Timestamp) -> Pass {
        let seconds = now.advanced(by: self.lifetime).milliseconds / 1_000
        var claims = ByteBuffer(string: #"{"sub":"#)
        claims.writeJSONString(id)
        claims.writeStaticString(#","name":"#)
        claims.writeJSONString(name)
        claims.writeString(#","exp":\#(seconds)}"#)
        let text = Base64URL.encode(claims.readableBytesView)
        let signature = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: self.key)
        return Pass(
            id: id, name: name, token: "\(Self.prefix)\(text).\(Base64URL.encode(Array(signature)))",
            expiry: Timestamp(milliseconds: seconds * 1_000))
    }

    /// - Parameter token: one that begins with ``prefix``.
    func principal(of token: String, at now: Timestamp) throws(AuthenticationFailure) -> Principal {
        let parts = token.utf8.dropFirst(Self.prefix.utf8.count)
            .split(separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 2, let claims = Base64URL.decode(parts[0]), let signature = Base64URL.decode(parts[1]),
            HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: Array(parts[0]), using: self.key)
        else { throw .invalid("this is no guest's token of this server, or it has forgotten its guests") }
        var rules = TokenRules()
        rules.leeway = .zero
        let known = try TokenClaims(ByteBuffer(bytes: claims)).principal(at: now, rules)
        guard let id = known.id, id.hasPrefix(Self.idPrefix) else { throw .invalid("this is no guest's token") }
        return Principal(id: id, name: known.name, roles: [Self.role], expiry: known.expiry)
    }
}

extension ServerConfiguration {
    /// `nil` if there are to be none. A folder that cannot be written is no reason not to serve.
    func makeGuests(logger: Logger) -> Guests? {
        guard self.guests.isOn else { return nil }
        do throws(SecretFile.Problem) {
            return Guests(secret: try SecretFile.guestSecret(in: self.data), lifetime: self.guests.lifetime)
        } catch {
            logger.warning(
                "the secret of guests' tokens cannot be kept: guests are forgotten when the server stops",
                metadata: ["problem": "\(error)"])
            return Guests(secret: SecretFile.random(), lifetime: self.guests.lifetime)
        }
    }
}

extension SecretFile {
    /// What guests' tokens are signed with: the secret of a folder, or one that the server forgets when it stops.
    static func guestSecret(in folder: String) throws(Problem) -> [UInt8] {
        guard !folder.isEmpty else { return self.random() }
        return try self.read(try self.makeUnlessThere(in: folder, named: "guest-secret").path)
    }
}
