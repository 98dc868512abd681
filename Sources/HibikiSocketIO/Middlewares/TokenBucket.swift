// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// Tokens that come back at a steady rate, up to a number; who wants to do something takes one.
struct TokenBucket {
    private let size: Double
    private let perSecond: Double
    private var tokens: Double
    private var filled: NIODeadline

    init(size: Double, perSecond: Double, at now: NIODeadline) {
        self.size = size
        self.perSecond = perSecond
        self.tokens = size
        self.filled = now
    }

    /// - Returns: `nil` if there was a token, or when there will be one.
    mutating func take(at now: NIODeadline) -> Duration? {
        if now > self.filled {
            let seconds = Double((now - self.filled).nanoseconds) / 1e9
            self.tokens = min(self.size, self.tokens + seconds * self.perSecond)
            self.filled = now
        }
        guard self.tokens < 1 else {
            self.tokens -= 1
            return nil
        }
        return .seconds((1 - self.tokens) / self.perSecond)
    }
}
