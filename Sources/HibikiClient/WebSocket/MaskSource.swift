// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Masks, new for each frame and from the system's random numbers (RFC 6455 §5.3): two from each number drawn.
struct MaskSource {
    private var generator = SystemRandomNumberGenerator()
    private var spare: UInt32?

    mutating func next() -> UInt32 {
        if let spare {
            self.spare = nil
            return spare
        }
        let number = self.generator.next()
        self.spare = UInt32(truncatingIfNeeded: number >> 32)
        return UInt32(truncatingIfNeeded: number)
    }
}
