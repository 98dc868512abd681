// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
import HibikiWire
import NIOCore

/// What a token is to say, for those who make one: `hibiki token`, and tests.
public struct TokenDraft: Sendable {
    public var subject: String
    /// What people call the user; `nil`, the default, for nothing.
    public var name: String?
    public var roles: [String]
    /// What the token allows beside the rules of the server.
    public var permissions: [Grant]
    /// `nil` for a token that counts for ever.
    public var lifetime: Duration?
    public var audience: String?
    public var issuer: String?

    public init(
        subject: String, name: String? = nil, roles: [String] = [], permissions: [Grant] = [],
        lifetime: Duration? = .seconds(3_600),
        audience: String? = nil,
        issuer: String? = nil
    ) {
        self.subject = subject
        self.name = name
        self.roles = roles
        self.permissions = permissions
        self.lifetime = lifetime
        self.audience = audience
        self.issuer = issuer
    }

    /// The token in its compact form.
    ///
    /// - Throws: if the key is a public one.
    public func signed(with key: TokenKey, at now: Timestamp) throws -> String {
        var header = ByteBuffer(string: #"{"typ":"JWT","alg":"#)
        header.writeJSONString(key.algorithmName)
        header.writeString("}")
        let signed =
            Base64URL.encode(header.readableBytesView) + "." + Base64URL.encode(self.claims(at: now).readableBytesView)
        return signed + "." + Base64URL.encode(try key.sign(Array(signed.utf8)))
    }

    private func claims(at now: Timestamp) -> ByteBuffer {
        let seconds = now.milliseconds / 1_000
        var text = ByteBuffer(string: #"{"sub":"#)
        text.writeJSONString(self.subject)
        for (name, texts) in [("roles", self.roles), ("permissions", self.permissions.map(\.text))] {
            guard !texts.isEmpty else { continue }
            text.writeString(#","\#(name)":["#)
            for (index, element) in texts.enumerated() {
                if index > 0 { text.writeString(",") }
                text.writeJSONString(element)
            }
            text.writeString("]")
        }
        for (name, value) in [("name", self.name), ("aud", self.audience), ("iss", self.issuer)] {
            guard let value else { continue }
            text.writeString(#","\#(name)":"#)
            text.writeJSONString(value)
        }
        text.writeString(#","iat":\#(seconds)"#)
        if let lifetime = self.lifetime {
            text.writeString(#","exp":\#(now.advanced(by: lifetime).milliseconds / 1_000)"#)
        }
        text.writeString("}")
        return text
    }
}
