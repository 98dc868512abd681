// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Text that must neither end its line nor show as anything but itself.
enum SafeText {
    /// How a character is written that may not stand as it is.
    enum Escapes {
        /// `\n`, `\u{1b}`
        case people
        /// `\n`, `\u001b` (RFC 8259 §7)
        case json
    }

    static func append(_ text: String, _ escapes: Escapes, to line: inout [UInt8]) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": line.append(contentsOf: #"\n"#.utf8)
            case "\r": line.append(contentsOf: #"\r"#.utf8)
            case "\t": line.append(contentsOf: #"\t"#.utf8)
            case "\"": line.append(contentsOf: #"\""#.utf8)
            case "\\": line.append(contentsOf: #"\\"#.utf8)
            default:
                if Self.mustBeEscaped(scalar) {
                    Self.appendEscaped(scalar, escapes, to: &line)
                } else {
                    line.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
                }
            }
        }
    }

    /// Control characters (C0, DEL and C1, among which a terminal's sequences begin), what Unicode counts as the end of a line,
    /// and marks that turn the direction of writing, behind which a reader sees another text than there is.
    static func mustBeEscaped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029: true
        case 0x061C, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF: true
        default: false
        }
    }

    private static func appendEscaped(_ scalar: Unicode.Scalar, _ escapes: Escapes, to line: inout [UInt8]) {
        let digits = String(scalar.value, radix: 16)
        switch escapes {
        case .people:
            line.append(contentsOf: "\\u{\(digits)}".utf8)
        case .json:
            // All that must be escaped has at most four digits.
            line.append(contentsOf: "\\u".utf8)
            line.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, 4 - digits.utf8.count)))
            line.append(contentsOf: digits.utf8)
        }
    }
}
