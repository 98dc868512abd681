// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Replaces credentials in text that is on its way into a log: the one place where that is done.
///
/// - values behind a secret name, as in `?access_token=…`, `token%3D…`, `"token": "…"` and `Authorization: …`,
/// - what follows `Bearer` and `Basic`,
/// - whatever looks like a JSON Web Token, or an API key of this server, wherever it stands.
///
/// It takes too much rather than too little.
public enum Redaction {
    /// What stands in the place of a credential.
    public static let replacement = "[redacted]"

    /// Parts of the names of values that nobody may read.
    private static let secretNames = [
        "token", "authorization", "cookie", "password", "passwd", "secret", "apikey", "api_key", "api-key",
        "credential",
    ].map { Array($0.utf8) }
    private static let schemes = ["bearer", "basic"].map { Array($0.utf8) }
    /// With this begins every JSON object in base64: `{"`.
    private static let tokenStart = Array("eyJ".utf8)
    private static let keyStart = Array("hk_".utf8)
    /// Bytes of the shortest text with a credential in it, `token=x`.
    private static let least = 7
    /// Shorter than any token.
    private static let tokenBytes = 16

    /// Whether the whole value under this name is a secret.
    public static func isSecret(name: String) -> Bool {
        let name = name.utf8.map(Self.lowercased)
        return Self.secretNames.contains { secret in
            name.indices.contains { Self.matches(secret, in: name[...], at: $0) }
        }
    }

    public static func redact(_ text: String) -> String {
        guard text.utf8.count >= Self.least else { return text }
        let bytes = Array(text.utf8)
        guard let first = Self.nextSecret(in: bytes, from: 0) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var position = 0
        var secret: Range<Int>? = first
        while let found = secret {
            result.append(contentsOf: bytes[position..<found.lowerBound])
            result.append(contentsOf: Self.replacement.utf8)
            position = found.upperBound
            secret = Self.nextSecret(in: bytes, from: position)
        }
        result.append(contentsOf: bytes[position...])
        return String(decoding: result, as: UTF8.self)
    }

    /// Where the next credential is, at `start` or behind it. Never empty.
    private static func nextSecret(in bytes: [UInt8], from start: Int) -> Range<Int>? {
        var position = start
        while position < bytes.count {
            if let secret = Self.secret(in: bytes, at: position) { return secret }
            position += 1
        }
        return nil
    }

    private static func secret(in bytes: [UInt8], at position: Int) -> Range<Int>? {
        switch Self.lowercased(bytes[position]) {
        case UInt8(ascii: "e"), UInt8(ascii: "h"):
            let start = bytes[position] == UInt8(ascii: "h") ? Self.keyStart : Self.tokenStart
            guard bytes[position...].starts(with: start) else { return nil }
            let end = bytes[position...].firstIndex { !Self.isTokenByte($0) } ?? bytes.count
            return end - position >= Self.tokenBytes ? position..<end : nil
        case UInt8(ascii: "b"):
            for scheme in Self.schemes where Self.matches(scheme, in: bytes[...], at: position) {
                if let secret = Self.word(in: bytes, behind: position + scheme.count) { return secret }
            }
            return nil
        case UInt8(ascii: "t"), UInt8(ascii: "a"), UInt8(ascii: "c"), UInt8(ascii: "p"), UInt8(ascii: "s"):
            for name in Self.secretNames where Self.matches(name, in: bytes[...], at: position) {
                if let secret = Self.value(in: bytes, behind: position + name.count) { return secret }
            }
            return nil
        default:
            return nil
        }
    }

    /// What stands behind white space.
    private static func word(in bytes: [UInt8], behind position: Int) -> Range<Int>? {
        let start = Self.skip(bytes, from: position) { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "+") }
        guard start > position else { return nil }
        let end = bytes[start...].firstIndex(where: Self.endsValue) ?? bytes.count
        return end > start ? start..<end : nil
    }

    /// What stands behind `=`, `:` or `%3D`, in quotes or to the next separator.
    private static func value(in bytes: [UInt8], behind position: Int) -> Range<Int>? {
        // A name may go on, as `token2` does, and may be in quotes, which may be escaped.
        let name = Self.skip(bytes, from: position) { Self.isTokenByte($0) && $0 != UInt8(ascii: ".") }
        let quoted = Self.skip(bytes, from: name, while: Self.isQuoteOrSpace)
        guard let assigned = Self.assignment(in: bytes, at: quoted) else { return nil }
        // `token-leeway: expected seconds` is a setting, and words about it.
        if bytes[quoted] == UInt8(ascii: ":"), quoted == name, bytes[position..<name].contains(UInt8(ascii: "-")) {
            return nil
        }
        let spaced = Self.skip(bytes, from: assigned) { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\\") }
        guard spaced < bytes.count else { return nil }
        let quote = bytes[spaced]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            var end = bytes[spaced...].firstIndex(where: Self.endsValue) ?? bytes.count
            // `Authorization: Bearer abc` has its secret in the second word.
            if Self.schemes.contains(bytes[spaced..<end].map(Self.lowercased)),
                let word = Self.word(in: bytes, behind: end)
            {
                end = word.upperBound
            }
            return end > spaced ? spaced..<end : nil
        }
        let start = spaced + 1
        guard start < bytes.count else { return nil }
        let end = bytes[start...].firstIndex { $0 == quote || $0 == UInt8(ascii: "\\") } ?? bytes.count
        return end > start ? start..<end : nil
    }

    private static func assignment(in bytes: [UInt8], at position: Int) -> Int? {
        guard position < bytes.count else { return nil }
        switch bytes[position] {
        case UInt8(ascii: "="), UInt8(ascii: ":"):
            return position + 1
        case UInt8(ascii: "%") where Self.matches(Array("%3d".utf8), in: bytes[...], at: position),
            UInt8(ascii: "%") where Self.matches(Array("%3a".utf8), in: bytes[...], at: position):
            return position + 3
        default:
            return nil
        }
    }

    private static func skip(_ bytes: [UInt8], from position: Int, while isSkipped: (UInt8) -> Bool) -> Int {
        guard position < bytes.count else { return bytes.count }
        return bytes[position...].firstIndex { !isSkipped($0) } ?? bytes.count
    }

    private static func matches(_ word: [UInt8], in bytes: ArraySlice<UInt8>, at position: Int) -> Bool {
        guard bytes.count - position >= word.count else { return false }
        return zip(word, bytes[position...]).allSatisfy { $0 == Self.lowercased($1) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    private static func isQuoteOrSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\")
            || byte == UInt8(ascii: " ")
    }

    /// Base64 for addresses (RFC 4648 §5), and the points between a token's parts.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default:
            false
        }
    }

    private static func endsValue(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...UInt8(ascii: " "), UInt8(ascii: "&"), UInt8(ascii: "#"), UInt8(ascii: ";"), UInt8(ascii: ","),
            UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
            true
        default:
            false
        }
    }
}
