// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Base64 with padding (RFC 4648 §4).
enum Base64 {
    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    static func encode(_ bytes: UnsafeRawBufferPointer) -> String {
        let length = (bytes.count + 2) / 3 * 4
        return String(unsafeUninitializedCapacity: length) { text in
            for group in 0..<(length / 4) {
                let bytes = bytes[(group * 3)..<min(group * 3 + 3, bytes.count)]
                let word = bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32((3 - bytes.count) * 8)
                for position in 0..<4 {
                    let index = Int(word >> (18 - 6 * UInt32(position)) & 0x3F)
                    let isPadding = position > bytes.count
                    text[group * 4 + position] = isPadding ? UInt8(ascii: "=") : self.alphabet.utf8Start[index]
                }
            }
            return length
        }
    }
}

extension UInt8 {
    var isBase64Byte: Bool {
        switch self {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default:
            false
        }
    }
}
