// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import DequeModule
import Synchronization

/// Pictures that wait for their thumbnails, up to a bound.
final class ThumbnailQueue: Sendable {
    private struct State {
        var waiting: Deque<UploadID> = []
        var workers: [UInt64: CheckedContinuation<UploadID?, Never>] = [:]
        var tickets: UInt64 = 0
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// - Returns: whether there was room.
    func add(_ id: UploadID) -> Bool {
        let (worker, isTaken) = self.state.withLock { state -> (CheckedContinuation<UploadID?, Never>?, Bool) in
            if let ticket = state.workers.keys.first { return (state.workers.removeValue(forKey: ticket), true) }
            guard state.waiting.count < self.limit else { return (nil, false) }
            state.waiting.append(id)
            return (nil, true)
        }
        worker?.resume(returning: id)
        return isTaken
    }

    /// Waits for the next one; `nil` when the task is cancelled.
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
