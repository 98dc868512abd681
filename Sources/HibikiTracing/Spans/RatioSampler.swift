// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Takes a share of all traces by their ids, so that every program with the same share takes the same ones.
struct RatioSampler: Sendable {
    /// Of 2^63.
    private let bound: UInt64

    init(_ ratio: Double) {
        let share = ratio.isNaN ? 0 : min(max(ratio, 0), 1)
        self.bound = UInt64(share * 0x1p63)
    }

    func takes(_ id: TraceContext.TraceID) -> Bool {
        id.low >> 1 < self.bound
    }
}
