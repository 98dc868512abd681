// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

extension ByteBuffer {
    /// Whether the readable bytes are well-formed UTF-8 (RFC 3629 §4): nothing overlong, no surrogates, nothing
    /// above U+10FFFF.
    public var isValidUTF8: Bool {
        self.withUnsafeReadableBytes { $0.isValidUTF8 }
    }
}

extension UnsafeRawBufferPointer {
    /// The same for memory.
    var isValidUTF8: Bool {
        var offset = 0
        while true {
            skipASCII(self, &offset)
            guard offset < self.count else { return true }
            guard let length = sequenceLength(self, offset) else { return false }
            offset += length
        }
    }
}

@inline(__always)
private func skipASCII(_ bytes: UnsafeRawBufferPointer, _ offset: inout Int) {
    while bytes.count - offset >= 8 {
        guard bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 else { break }
        offset += 8
    }
    while offset < bytes.count, bytes[offset] < 0x80 { offset += 1 }
}

/// The length of the sequence of two to four bytes at `offset`, or `nil` if there is none.
private func sequenceLength(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int? {
    let (length, second): (Int, ClosedRange<UInt8>)
    switch bytes[offset] {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return nil
    }
    guard bytes.count - offset >= length, second.contains(bytes[offset + 1]) else { return nil }
    for index in offset + 2..<offset + length where bytes[index] & 0xC0 != 0x80 { return nil }
    return length
}
