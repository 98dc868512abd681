// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire

/// `Content-Disposition` of a download (RFC 6266), with a name of any characters (RFC 8187).
public enum ContentDisposition {
    /// - Parameters:
    ///   - isInline: whether a browser may show the file; it saves it otherwise.
    ///   - name: empty for none.
    public static func text(isInline: Bool, name: String) -> String {
        let kind = isInline ? "inline" : "attachment"
        guard !name.isEmpty else { return kind }
        let isPlain = name.utf8.allSatisfy { (0x20...0x7E) ~= $0 && $0 != 0x22 && $0 != 0x5C && $0 != 0x25 }
        // Old readers take the plain form, and some of them undo a percent in it.
        let plain = String(
            decoding: name.unicodeScalars.map { scalar -> UInt8 in
                let byte = UInt8(exactly: scalar.value) ?? 0
                return (0x20...0x7E) ~= byte && byte != 0x22 && byte != 0x5C && byte != 0x25 ? byte : UInt8(ascii: "_")
            }, as: UTF8.self)
        let first = "\(kind); filename=\"\(plain)\""
        return isPlain ? first : "\(first); filename*=UTF-8''\(self.encode(name))"
    }

    /// Everything but `attr-char` (RFC 8187 §3.2.1).
    static func encode(_ name: String) -> String {
        PercentEncoding.encode(name) { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default:
                "!#$&+-.^_`|~".utf8.contains(byte)
            }
        }
    }
}
