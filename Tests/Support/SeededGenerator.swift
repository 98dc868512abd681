// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Randomness that is the same in every run: SplitMix64.
public struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    public init(seed: UInt64) {
        self.state = seed
    }

    public mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    public mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in .random(in: .min ... .max, using: &self) }
    }

    /// Text of up to `limit` scalars, most of them from `alphabet`.
    public mutating func text(_ alphabet: String, upTo limit: Int) -> String {
        let scalars = Array(alphabet.unicodeScalars)
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...limit, using: &self) {
            let isStrange = Int.random(in: 0..<32, using: &self) == 0
            let strange = Unicode.Scalar(UInt32.random(in: 0...0xD7FF, using: &self))
            if isStrange, let strange {
                text.append(strange)
            } else if let usual = scalars.randomElement(using: &self) {
                text.append(usual)
            }
        }
        return String(text)
    }
}
