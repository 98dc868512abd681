// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// SplitMix64: the same seed gives the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        self.state = seed
    }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Text of up to `limit` scalars, most of them from `alphabet`.
    mutating func text(_ alphabet: String, upTo limit: Int) -> String {
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
