// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// How long to wait before connecting again: twice as long after each failure up to a bound, each time shortened at
/// random by up to half, so that the clients of a server that restarts do not all come back in the same moment.
public struct Reconnection: Sendable {
    /// After the first failure; 500 ms by default.
    public var baseDelay: Duration
    /// 30 s by default.
    public var maximumDelay: Duration
    /// Failures in a row after which the last is thrown; `nil`, the default, for no bound.
    public var maximumTries: Int?
    /// From 0 to 1.
    public var random: @Sendable () -> Double
    public var sleep: @Sendable (Duration) async throws -> Void

    public init(
        baseDelay: Duration = .milliseconds(500), maximumDelay: Duration = .seconds(30), maximumTries: Int? = nil,
        random: @escaping @Sendable () -> Double = { .random(in: 0...1) },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.baseDelay = baseDelay
        self.maximumDelay = maximumDelay
        self.maximumTries = maximumTries
        self.random = random
        self.sleep = sleep
    }
}

/// Counts the failures of one client.
struct Backoff {
    private let policy: Reconnection
    private var failures = 0

    init(_ policy: Reconnection) {
        self.policy = policy
    }

    /// A connection worked.
    mutating func succeeded() {
        self.failures = 0
    }

    /// - Parameter minimum: what the server asked for.
    /// - Returns: how long to wait, or `nil` when it was tried often enough.
    mutating func failed(minimum: Duration = .zero) -> Duration? {
        self.failures += 1
        if let tries = self.policy.maximumTries, self.failures > tries { return nil }
        var delay = max(self.policy.baseDelay, .zero)
        for _ in 1..<self.failures where delay < self.policy.maximumDelay { delay *= 2 }
        delay = min(delay, self.policy.maximumDelay) * (1 - self.policy.random() / 2)
        // What the server asked for is a lower bound, so it is lengthened.
        return max(delay, minimum * (1 + self.policy.random() / 4))
    }
}
