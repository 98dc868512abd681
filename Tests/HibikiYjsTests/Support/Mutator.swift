// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Breaks bytes in a few places, the same in every run.
struct Mutator {
    var random: Seeded

    init(seed: UInt64) { self.random = Seeded(seed) }

    /// Numbers at the edges of what the wire can say.
    private static let numbers: [[UInt8]] = [
        [0], [1], [0x7f], [0x80, 0x01], [0xff, 0xff, 0x03], [0xff, 0xff, 0xff, 0xff, 0x0f],
        [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x08], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], [0x40], [0xc0, 0x01],
    ]

    /// `other` lends pieces that are right in themselves.
    mutating func broken(_ bytes: [UInt8], with other: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...self.random.below(4) {
            guard !bytes.isEmpty else { return [UInt8(self.random.below(256))] }
            self.breakOnce(&bytes, other)
        }
        return bytes
    }

    private mutating func breakOnce(_ bytes: inout [UInt8], _ other: [UInt8]) {
        let index = self.random.below(bytes.count)
        let number = Self.numbers[self.random.below(Self.numbers.count)]
        switch self.random.below(9) {
        case 0: bytes[index] = UInt8(self.random.below(256))
        case 1: bytes[index] ^= 1 << UInt8(self.random.below(8))
        case 2: bytes[index] = bytes[index] &+ (self.random.below(2) == 0 ? 1 : 255)
        case 3: bytes.removeSubrange(index..<min(bytes.count, index + 1 + self.random.below(4)))
        case 4: bytes.removeSubrange(index...)
        case 5: bytes.insert(contentsOf: number, at: index)
        case 6: bytes.replaceSubrange(index...index, with: number)
        case 7: bytes.insert(contentsOf: bytes[index..<min(bytes.count, index + self.random.below(9))], at: index)
        default:
            guard !other.isEmpty else { return }
            let start = self.random.below(other.count)
            let piece = other[start..<min(other.count, start + 1 + self.random.below(24))]
            bytes.replaceSubrange(index..<min(bytes.count, index + self.random.below(24)), with: piece)
        }
    }
}
