// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore

/// A JSON Web Token in its compact form (RFC 7519, RFC 7515 §7.1), read but not believed.
///
/// Read by the bytes, once, and strictly: what two readers could understand differently is refused. That is why it is not left to
/// a decoder, which would take the last of two claims of one name.
struct TokenText {
    /// What names the key, in the part of a token that nobody has vouched for yet.
    struct Header: Equatable {
        let algorithm: String
        let keyID: String?
    }

    /// The longest name of a key, in bytes.
    private static let keyIDBytes = 256

    let header: Header
    /// The JSON text of the claims.
    let claims: ByteBuffer
    /// What the signature is of.
    let signed: [UInt8]
    let signature: [UInt8]

    init(_ token: String) throws(AuthenticationFailure) {
        guard token.utf8.count <= AccessControl.longestToken else { throw .tooLong }
        let parts = token.utf8.split(separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .invalid("a token has three parts") }
        self.header = try Self.header(try Self.json(parts[0]))
        self.claims = try Self.json(parts[1])
        guard let signature = Base64URL.decode(parts[2]), !signature.isEmpty else {
            throw .invalid("the token is not signed")
        }
        self.signature = signature
        self.signed = Array(token.utf8[..<parts[1].endIndex])
    }

    private static func json(_ part: Substring.UTF8View) throws(AuthenticationFailure) -> ByteBuffer {
        guard let bytes = Base64URL.decode(part) else { throw .invalid("a part of the token is not base64url") }
        let text = ByteBuffer(bytes: bytes)
        guard text.isValidUTF8 else { throw .invalid("a part of the token is not UTF-8") }
        return text
    }

    private static func header(_ text: ByteBuffer) throws(AuthenticationFailure) -> Header {
        var algorithm: String?
        var keyID: String?
        try text.readMembers { name, value, scanner throws(AuthenticationFailure) in
            switch name {
            case "alg": algorithm = try scanner.tokenString(value)
            case "kid": keyID = try scanner.tokenString(value)
            // RFC 7515 §4.1.11: what it names has to be understood, and nothing of that is.
            case "crit": throw .invalid("the token has critical extensions, and none is understood here")
            default: break
            }
        }
        guard let algorithm else { throw .invalid("the token does not name its algorithm") }
        guard (keyID?.utf8.count ?? 0) <= Self.keyIDBytes else { throw .invalid("the name of the key is too long") }
        return Header(algorithm: algorithm, keyID: keyID)
    }
}

extension ByteBuffer {
    /// The most members of one object of a token.
    private static let mostMembers = 256

    /// Goes through the members of the object that the bytes are. A name that comes twice is refused, whatever it means.
    func readMembers(
        _ body: (JSONText, JSONValue, JSONScanner) throws(AuthenticationFailure) -> Void
    ) throws(AuthenticationFailure) {
        try self.withJSONScanner { scanner throws(AuthenticationFailure) in
            var names: Set<[UInt8]> = []
            do throws(JSONSyntaxError) {
                try scanner.enterObject()
            } catch {
                throw .invalid("a part of the token is no JSON object")
            }
            while let (name, value) = try scanner.nextOfToken() {
                guard names.count < Self.mostMembers else { throw .invalid("the token has too many claims") }
                guard names.insert(Array(name.string.utf8)).inserted else {
                    throw .invalid("the token says something twice")
                }
                try body(name, value, scanner)
            }
            do throws(JSONSyntaxError) {
                try scanner.finish()
            } catch {
                throw .invalid("a part of the token is no JSON object")
            }
        }
    }
}

extension JSONScanner {
    fileprivate mutating func nextOfToken() throws(AuthenticationFailure) -> (JSONText, JSONValue)? {
        do throws(JSONSyntaxError) {
            guard let name = try self.nextMember() else { return nil }
            return (name, try self.readValue())
        } catch {
            throw .invalid("a part of the token is not JSON")
        }
    }

    func tokenString(_ value: JSONValue) throws(AuthenticationFailure) -> String {
        guard value.kind == .string else { throw .invalid("something in the token is no text that has to be one") }
        return self.text(of: value).string
    }

    /// A list of texts, or one text alone.
    func tokenStrings(_ value: JSONValue, most: Int) throws(AuthenticationFailure) -> [String] {
        guard value.kind == .array else { return [try self.tokenString(value)] }
        var scanner = self.rewound(to: value)
        var strings: [String] = []
        do throws(JSONSyntaxError) {
            try scanner.enterArray()
            while try scanner.nextElement() {
                strings.append(try scanner.readString())
                guard strings.count <= most else { break }
            }
        } catch {
            throw .invalid("something in the token is no list of texts that has to be one")
        }
        guard strings.count <= most else { throw .invalid("a list in the token is too long") }
        return strings
    }

    /// A time in seconds since 1970, which may have a fraction (RFC 7519 §2).
    func tokenTime(_ value: JSONValue) throws(AuthenticationFailure) -> Timestamp {
        // Until the year 9999.
        let range = 0.0...253_402_300_799
        guard value.kind == .number, let seconds = self.double(of: value), range.contains(seconds) else {
            throw .invalid("something in the token is no time that has to be one")
        }
        return Timestamp(milliseconds: Int64(seconds * 1_000))
    }
}
