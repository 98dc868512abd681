// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The acks that a socket's client owes, by their ids.
struct PendingAcks {
    /// Called once, without a lock, on any thread.
    typealias Completion = @Sendable (Result<Arguments, AckFailure>) -> Void

    private var completions: [UInt64: Completion] = [:]

    var count: Int { self.completions.count }

    /// - Returns: `false` if there are `limit` of them already.
    mutating func add(_ id: UInt64, limit: Int, _ completion: @escaping Completion) -> Bool {
        guard self.completions.count < limit else { return false }
        self.completions[id] = completion
        return true
    }

    mutating func take(_ id: UInt64) -> Completion? {
        guard let completion = self.completions.removeValue(forKey: id) else { return nil }
        if self.completions.isEmpty { self.completions = [:] }
        return completion
    }

    mutating func takeAll() -> [Completion] {
        defer { self.completions = [:] }
        return Array(self.completions.values)
    }
}
