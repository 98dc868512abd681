// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The exclusive-or of RFC 6455 §5.3.
///
/// A key is held as its four bytes lie in memory, whatever the byte order of the machine, and 0 stands for "no mask".
enum Masking {
    /// The key for bytes that begin `offset` bytes into the payload.
    static func rotated(_ key: UInt32, by offset: Int) -> UInt32 {
        let bits = UInt32(truncatingIfNeeded: offset & 3) * 8
        let number = UInt32(bigEndian: key)
        return (number << bits | number >> (32 - bits)).bigEndian
    }

    /// Masks or unmasks `source` into `target`, which may be the same memory and is at least as long.
    static func apply(_ key: UInt32, from source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer) {
        guard let from = source.baseAddress, let to = target.baseAddress, target.count >= source.count else { return }
        let count = source.count
        let word = UInt64(key) | UInt64(key) << 32
        let wide = SIMD4<UInt64>(repeating: word)
        var index = 0
        while count - index >= 32 {
            let bytes = from.loadUnaligned(fromByteOffset: index, as: SIMD4<UInt64>.self)
            to.storeBytes(of: bytes ^ wide, toByteOffset: index, as: SIMD4<UInt64>.self)
            index &+= 32
        }
        while count - index >= 8 {
            let bytes = from.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            to.storeBytes(of: bytes ^ word, toByteOffset: index, as: UInt64.self)
            index &+= 8
        }
        if count - index >= 4 {
            let bytes = from.loadUnaligned(fromByteOffset: index, as: UInt32.self)
            to.storeBytes(of: bytes ^ key, toByteOffset: index, as: UInt32.self)
            index &+= 4
        }
        withUnsafeBytes(of: key) { key in
            while index < count {
                let byte = from.load(fromByteOffset: index, as: UInt8.self)
                to.storeBytes(of: byte ^ key[index & 3], toByteOffset: index, as: UInt8.self)
                index &+= 1
            }
        }
    }

    /// Masks or unmasks in place.
    static func apply(_ key: UInt32, to bytes: UnsafeMutableRawBufferPointer) {
        self.apply(key, from: UnsafeRawBufferPointer(bytes), to: bytes)
    }
}
