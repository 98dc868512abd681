// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The name of an upload: 128 random bits, written as 32 hexadecimal digits in lower case.
///
/// It is a name of a file too, so nothing else is ever taken for one.
public struct UploadID: Hashable, Sendable, CustomStringConvertible {
    private static let digits = Array("0123456789abcdef".utf8)

    public let description: String

    public init(using generator: inout some RandomNumberGenerator) {
        let bits: [UInt64] = [generator.next(), generator.next()]
        self.description = bits.map { word in
            let nibbles = (0..<16).map { Self.digits[Int(word >> UInt64(60 - $0 * 4) & 0xF)] }
            return String(decoding: nibbles, as: UTF8.self)
        }.joined()
    }

    public static func random() -> UploadID {
        var generator = SystemRandomNumberGenerator()
        return UploadID(using: &generator)
    }

    /// `nil` for what no upload is called.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 32, text.utf8.allSatisfy(Self.digits.contains) else { return nil }
        self.description = String(text)
    }

    /// The folder that it stands in, so that none gets too many names.
    package var shelf: String { String(self.description.prefix(2)) }
}
