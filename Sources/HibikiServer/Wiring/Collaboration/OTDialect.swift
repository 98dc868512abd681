// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Crypto
import HibikiCollaboration
import HibikiMessaging
import HibikiWebSocketCodec
import HibikiWire

/// The protocol of `Documentation/ot.md`: operations as JSON.
struct OTDialect: DocumentDialect {
    /// How long a client's secret is, in bytes.
    private static let secretBytes = 16...200

    let opcode = WebSocketOpcode.text
    let format = DocumentFrames.text
    private var kind = OTKind.text
    private var client = Self.name(of: (0..<32).map { _ in .random(in: .min ... .max) })

    /// - Parameter query: `type` is the kind of the document, and `secret` what the client alone knows: its name is made of it.
    init(query: Substring) throws(WireError) {
        for pair in query.utf8.split(separator: UInt8(ascii: "&"), maxSplits: 100) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let value = PercentEncoding.decode(parts[1]) else { continue }
            if parts[0].elementsEqual("type".utf8) { self.kind = try Self.kind(value) }
            if parts[0].elementsEqual("secret".utf8) { self.client = try Self.client(value) }
        }
    }

    private static func kind(_ value: String) throws(WireError) -> OTKind {
        guard let kind = OTKind(rawValue: value) else {
            throw WireError(.invalidMessage, "type: expected one of \(OTKind.allCases.map(\.rawValue))")
        }
        return kind
    }

    private static func client(_ secret: String) throws(WireError) -> String {
        guard self.secretBytes ~= secret.utf8.count else {
            throw WireError(.invalidMessage, "secret: expected \(self.secretBytes) bytes")
        }
        return self.name(of: Array(secret.utf8))
    }

    /// Everybody sees the name, and only whoever knows the secret can have it: so nobody writes as another, and a client that comes back,
    /// to a server that has started again too, has its own.
    private static func name(of secret: [UInt8]) -> String {
        Base64URL.encode(Array(SHA256.hash(data: secret).prefix(12)))
    }

    func open(
        _ name: DocumentName, of service: DocumentService, for peer: any DocumentPeer, _ access: DocumentAccess
    ) throws(WireError) -> DocumentSeat {
        try service.open(name, as: self.kind, for: peer, called: self.client, access)
    }

    /// The end of the connection says it.
    func denial(_ words: String) -> [UInt8]? { nil }
}
