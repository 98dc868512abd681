// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Makes the ids of sessions and sockets: 20 characters of `A-Z`, `a-z`, `0-9`, `-` and `_`.
///
/// Fifteen bytes are written in base64: twelve at random, which nobody guesses, and the low 24 bits of a counter, which
/// keep two ids apart whatever the generator gives. A cluster knows ids by their length.
public struct EngineIDs: Sendable {
    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    private var counter: UInt32

    /// - Parameter count: how many ids were made before, of which the low 24 bits count.
    public init(after count: UInt32 = 0) {
        self.counter = count & 0xFF_FFFF
    }

    /// - Parameter generator: where the random bytes come from. It must be cryptographically secure, such as
    ///   `SystemRandomNumberGenerator`: a session belongs to whoever knows its id.
    public mutating func next(using generator: inout some RandomNumberGenerator) -> String {
        let count = self.counter
        self.counter = (count + 1) & 0xFF_FFFF
        let words: (UInt64, UInt32) = (generator.next(), generator.next())
        // Five groups of 24 bits make four characters each.
        let groups: [UInt32] = [
            UInt32(truncatingIfNeeded: words.0 >> 40),
            UInt32(truncatingIfNeeded: words.0 >> 16),
            UInt32(truncatingIfNeeded: words.0 << 8) | words.1 >> 24,
            words.1,
            count,
        ]
        return String(unsafeUninitializedCapacity: 20) { text in
            for (index, group) in groups.enumerated() {
                for position in 0..<4 {
                    let digit = Int(group >> UInt32(18 - 6 * position) & 0x3F)
                    text[index * 4 + position] = Self.alphabet.utf8Start[digit]
                }
            }
            return 20
        }
    }
}
