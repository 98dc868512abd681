// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import DequeModule
import HibikiWire
import Synchronization

/// One writer for many: what is submitted while a commit runs is committed together by the next one.
///
/// A commit to a disk takes about the same time for one command as for a hundred. So nobody waits for a timer: alone, a command is
/// committed at once; under load the batches grow by themselves.
///
/// ```swift
/// let writer = GroupCommit<Command, Outcome> { batch in await store.write(batch) }
/// async let running: Void = writer.run()
/// let outcome = try await writer.submit(command)
/// ```
public final class GroupCommit<Command: Sendable, Outcome: Sendable>: Sendable {
    public struct Configuration: Hashable, Sendable {
        /// Commands that may wait. One more is refused as `overloaded`. Default 10,000.
        public var queue = 10_000
        /// Commands of one commit, at most. Default 1,000.
        public var batch = 1_000

        public init() {}
    }

    /// Commits a batch, and says for each command of it, in their order, what came of it. Durable when it returns.
    public typealias Commit = @Sendable ([Command]) async throws -> [Result<Outcome, any Error>]

    private struct Entry: Sendable {
        let command: Command
        let continuation: CheckedContinuation<Outcome, any Error>
    }

    private struct State {
        var entries: Deque<Entry> = []
        /// The writer, while it has nothing to do.
        var sleeper: CheckedContinuation<Void, Never>?
        var isStopped = false
    }

    private let configuration: Configuration
    private let commit: Commit
    private let state = Mutex(State())

    public init(_ configuration: Configuration = Configuration(), commit: @escaping Commit) {
        self.configuration = configuration
        self.commit = commit
    }

    /// Commands that wait for the next commit.
    public var waiting: Int { self.state.withLock { $0.entries.count } }

    /// Queues a command and waits for its commit. Whoever is cancelled meanwhile waits all the same: the command may be durable
    /// already, and nothing else can say so.
    ///
    /// - Throws: `overloaded` when the queue is full and `shutting_down` after ``stop()``, in both cases without any effect; else
    ///   what the commit says about this command, or why the whole batch could not be committed.
    public func submit(_ command: Command) async throws -> Outcome {
        try await withCheckedThrowingContinuation { continuation in
            let (refusal, sleeper) = self.enqueue(Entry(command: command, continuation: continuation))
            if let refusal { continuation.resume(throwing: refusal) }
            sleeper?.resume()
        }
    }

    private func enqueue(_ entry: Entry) -> (refusal: WireError?, sleeper: CheckedContinuation<Void, Never>?) {
        self.state.withLock { state in
            guard !state.isStopped else {
                return (WireError(.shuttingDown, "the server is about to stop; try again in a moment"), nil)
            }
            guard state.entries.count < self.configuration.queue else {
                return (WireError(.overloaded, "too much waits to be stored; try again in a moment"), nil)
            }
            state.entries.append(entry)
            return (nil, state.sleeper.take())
        }
    }

    /// Commits what is submitted, until ``stop()`` was called and nothing waits any more. To be run once.
    public func run() async {
        while let batch = await self.nextBatch() {
            do {
                let outcomes = try await self.commit(batch.map(\.command))
                Self.complete(batch, outcomes)
            } catch {
                for entry in batch { entry.continuation.resume(throwing: error) }
            }
        }
    }

    /// Takes no more. What waits is still committed.
    public func stop() {
        let sleeper = self.state.withLock { state in
            state.isStopped = true
            return state.sleeper.take()
        }
        sleeper?.resume()
    }

    /// `nil` after the last one.
    private func nextBatch() async -> [Entry]? {
        while true {
            let (batch, isStopped) = self.state.withLock { state in
                let batch = Array(state.entries.prefix(self.configuration.batch))
                state.entries.removeFirst(batch.count)
                return (batch, state.isStopped)
            }
            if !batch.isEmpty { return batch }
            if isStopped { return nil }
            await self.sleep()
        }
    }

    private func sleep() async {
        await withCheckedContinuation { continuation in
            let hasWork = self.state.withLock { state in
                guard state.entries.isEmpty, !state.isStopped else { return true }
                state.sleeper = continuation
                return false
            }
            if hasWork { continuation.resume() }
        }
    }

    private static func complete(_ batch: [Entry], _ outcomes: [Result<Outcome, any Error>]) {
        for (index, entry) in batch.enumerated() {
            guard index < outcomes.count else {
                entry.continuation.resume(throwing: WireError(.internalError, "a command was left without an answer"))
                continue
            }
            entry.continuation.resume(with: outcomes[index])
        }
    }
}
