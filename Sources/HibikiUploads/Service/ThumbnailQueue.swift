// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import DequeModule
import Synchronization

/// Pictures that wait for their thumbnails, up to a bound.
final class ThumbnailQueue: Sendable {
    private struct State {
        var waiting: Deque<UploadID> = []
        /// Those that wait or are worked on.
        var known: Set<UploadID> = []
        var workers: [UInt64: CheckedContinuation<UploadID?, Never>] = [:]
        var tickets: UInt64 = 0
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Adds one, unless it waits or is worked on already.
    ///
    /// - Returns: `false` if there is no room.
    func add(_ id: UploadID) -> Bool {
        let (worker, isTaken) = self.state.withLock { state -> (CheckedContinuation<UploadID?, Never>?, Bool) in
            guard !state.known.contains(id) else { return (nil, true) }
            if let ticket = state.workers.keys.first {
                state.known.insert(id)
                return (state.workers.removeValue(forKey: ticket), true)
            }
            guard state.waiting.count < self.limit else { return (nil, false) }
            state.known.insert(id)
            state.waiting.append(id)
            return (nil, true)
        }
        worker?.resume(returning: id)
        return isTaken
    }

    /// Ends the work on one, which may be added again.
    func finish(_ id: UploadID) {
        self.state.withLock { _ = $0.known.remove(id) }
    }

    /// Waits for the next one, which is to be finished; `nil` when the task is cancelled.
    func next() async -> UploadID? {
        let ticket = self.state.withLock { state in
            state.tickets &+= 1
            return state.tickets
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (id, isOver) = self.state.withLock { state -> (UploadID?, Bool) in
                    if Task.isCancelled { return (nil, true) }
                    if let id = state.waiting.popFirst() { return (id, true) }
                    state.workers[ticket] = continuation
                    return (nil, false)
                }
                if isOver { continuation.resume(returning: id) }
            }
        } onCancel: {
            let worker = self.state.withLock { $0.workers.removeValue(forKey: ticket) }
            worker?.resume(returning: nil)
        }
    }
}
