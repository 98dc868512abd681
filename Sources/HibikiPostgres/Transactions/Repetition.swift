// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import HibikiSQL

/// Decides whether what failed is tried again.
struct Repetition {
    private static let longestPause = 20.0

    private let limit: Int
    private var count = 0
    private var hasLostIdle = false

    init(limit: Int) {
        self.limit = limit
    }

    /// Returns when it is time for the next try; throws what the caller is told where there is none.
    ///
    /// Those who were in each other's way pause for different times, at random. After a lost connection there is no
    /// pause: the pool has one before it opens another.
    ///
    /// - Parameter wasIdle: the connection was idle before. Its loss does not count, once: the pool has no other of its age
    ///   afterwards.
    mutating func pause(after failure: PostgresFailure, wasIdle: Bool) async throws(SQLError) {
        if wasIdle, failure.endsConnection, !self.hasLostIdle {
            self.hasLostIdle = true
            return
        }
        guard failure.isConflict || failure.endsConnection, self.count < self.limit else { throw SQLError(failure) }
        self.count += 1
        guard failure.isConflict else { return }
        let milliseconds = Double.random(in: 1...Self.longestPause) * Double(self.count)
        // A cancelled task goes on at once, to its end.
        try? await Task.sleep(for: .milliseconds(milliseconds))
    }
}
