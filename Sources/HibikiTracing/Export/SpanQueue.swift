// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import DequeModule
import Synchronization

/// What became of spans.
public struct SpanCounts: Hashable, Sendable {
    /// Taken by the collector.
    public var delivered = 0
    /// Not recorded, because so many waited already.
    public var dropped = 0
    /// Sent, and not taken.
    public var failed = 0
    /// Those that wait to be sent.
    public var waiting = 0
}

/// Spans that wait to be sent. Never more than a certain number: who has no room is counted and gone.
final class SpanQueue: Sendable {
    private struct State {
        var spans: Deque<SpanRecord> = []
        var counts = SpanCounts()
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) {
        self.limit = max(1, limit)
    }

    var counts: SpanCounts {
        self.state.withLock { state in
            var counts = state.counts
            counts.waiting = state.spans.count
            return counts
        }
    }

    func add(_ span: SpanRecord) {
        self.state.withLock { state in
            guard state.spans.count < self.limit else {
                state.counts.dropped += 1
                return
            }
            state.spans.append(span)
        }
    }

    /// The oldest, at most `count` of them.
    func take(_ count: Int) -> [SpanRecord] {
        self.state.withLock { state in
            let taken = Array(state.spans.prefix(count))
            state.spans.removeFirst(taken.count)
            return taken
        }
    }

    func count(delivered: Int = 0, failed: Int = 0) {
        self.state.withLock { state in
            state.counts.delivered += delivered
            state.counts.failed += failed
        }
    }
}
