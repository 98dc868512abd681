// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Room for parts of files in memory, in which whoever came first goes first.
///
/// However many files are completed at once, no more of them is read than there is room for.
actor S3PartRoom {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ parts: Int) {
        self.free = max(1, parts)
    }

    /// Does something with one part, which is gone when that returns.
    ///
    /// A task that is cancelled waits all the same: every part is gone when its request has run out of time.
    nonisolated func with<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        await self.take()
        do {
            try Task.checkCancellation()
            let result = try await body()
            await self.give()
            return result
        } catch {
            await self.give()
            throw error
        }
    }

    private func take() async {
        guard self.free == 0 else {
            self.free -= 1
            return
        }
        await withCheckedContinuation { self.waiting.append($0) }
    }

    /// Whoever waits gets the room at once, so that nobody comes between.
    private func give() {
        guard self.waiting.isEmpty else { return self.waiting.removeFirst().resume() }
        self.free += 1
    }
}
