// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore

/// What a token says, once its signature has been checked.
struct TokenClaims {
    private static let mostAudiences = 64
    private static let mostRoles = 64
    private static let mostGrants = 64
    private static let roleBytes = 1...128

    var subject: String?
    var name: String?
    var issuer: String?
    var audiences: [String] = []
    var expiry: Timestamp?
    var notBefore: Timestamp?
    var roles: Set<String> = []
    var grants: [Grant] = []

    init(_ text: ByteBuffer) throws(AuthenticationFailure) {
        try text.readMembers { name, value, scanner throws(AuthenticationFailure) in
            switch name {
            case "sub": self.subject = try scanner.tokenString(value)
            // One that is none keeps nobody out: it is for people to read.
            case "name": self.name = Self.name(try? scanner.tokenString(value))
            case "iss": self.issuer = try scanner.tokenString(value)
            case "aud": self.audiences = try scanner.tokenStrings(value, most: Self.mostAudiences)
            case "exp": self.expiry = try scanner.tokenTime(value)
            case "nbf": self.notBefore = try scanner.tokenTime(value)
            case "roles": self.roles = Set(try scanner.tokenStrings(value, most: Self.mostRoles))
            case "permissions":
                self.grants = try Self.grants(scanner.tokenStrings(value, most: Self.mostGrants))
            default: break
            }
        }
        guard self.roles.allSatisfy({ Self.roleBytes.contains($0.utf8.count) }) else {
            throw .invalid("a role has 1 to 128 bytes")
        }
    }

    private static func name(_ text: String?) -> String? {
        guard let text, Principal.nameLengths.contains(text.utf8.count),
            !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else { return nil }
        return text
    }

    private static func grants(_ texts: [String]) throws(AuthenticationFailure) -> [Grant] {
        var grants: [Grant] = []
        for text in texts {
            do throws(Grant.Problem) {
                grants.append(try Grant(text))
            } catch {
                throw .invalid("the permissions of the token cannot be understood")
            }
        }
        return grants
    }

    /// Whose the token is, if it counts.
    func principal(at now: Timestamp, _ rules: TokenRules) throws(AuthenticationFailure) -> Principal {
        guard let subject = self.subject, Principal.idLengths.contains(subject.utf8.count) else {
            throw .invalid("a token has a sub of 1 to 255 bytes")
        }
        if let expiry = self.expiry {
            guard now < expiry.advanced(by: rules.leeway) else { throw .expired }
        } else if rules.requiresExpiry {
            throw .invalid("a token has an exp")
        }
        if let notBefore = self.notBefore, now.advanced(by: rules.leeway) < notBefore {
            throw .invalid("the token is not valid yet")
        }
        if let audience = rules.audience, !self.audiences.contains(where: { $0.utf8.elementsEqual(audience.utf8) }) {
            throw .invalid("the token is for somebody else: its aud is another")
        }
        if let issuer = rules.issuer, !(self.issuer?.utf8.elementsEqual(issuer.utf8) ?? false) {
            throw .invalid("the token is from somebody else: its iss is another")
        }
        return Principal(id: subject, name: self.name, roles: self.roles, expiry: self.expiry, grants: self.grants)
    }
}

/// What a token has to say beside being signed.
public struct TokenRules: Hashable, Sendable {
    /// What `aud` has to name; `nil`, the default, for whatever it names.
    public var audience: String?
    /// What `iss` has to be; `nil`, the default, for whatever it is.
    public var issuer: String?
    /// How far the clocks of who makes tokens and who checks them may be apart. Default 5 s.
    public var leeway: Duration = .seconds(5)
    /// Whether a token without `exp`, which would count for ever, is refused. Default on.
    public var requiresExpiry = true

    public init() {}
}
