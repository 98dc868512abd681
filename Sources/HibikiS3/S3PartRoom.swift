// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization

/// Room for parts of files in memory, in which whoever came first goes first.
///
/// However many files are completed at once, no more of them is read than there is room for.
final class S3PartRoom: Sendable {
    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(_ parts: Int) {
        self.state = Mutex(State(free: max(1, parts)))
    }

    /// Does something with one part, which is gone when that returns.
    ///
    /// A task that is cancelled waits all the same: every part is gone when its request has run out of time.
    func with<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        await self.take()
        defer { self.give() }
        try Task.checkCancellation()
        return try await body()
    }

    private func take() async {
        await withCheckedContinuation { continuation in
            let isFree = self.state.withLock { state in
                guard state.free == 0 else {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func give() {
        let next = self.state.withLock { state in
            if !state.waiting.isEmpty { return Optional(state.waiting.removeFirst()) }
            state.free += 1
            return nil
        }
        next?.resume()
    }
}
