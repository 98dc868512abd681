// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import Synchronization

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// One thread that runs the connections' actors and waits for their sockets.
///
/// libpq wants its socket to be watched by its caller, which NIO does only for sockets that it reads itself. So the
/// connections are actors whose executor is this thread: between two jobs it sleeps in `poll`, and an actor that awaits
/// ``wait(for:on:until:)`` goes on when its socket is ready. Neither an event loop nor a thread of the cooperative pool
/// ever waits for a database.
///
/// There is one for the process: it takes far longer to carry out a statement than to read its result.
final class PollingThread: SerialExecutor, Sendable {
    /// What a socket is watched for.
    struct Interest: OptionSet {
        let rawValue: Int16

        static let readable = Interest(rawValue: Int16(POLLIN))
        static let writable = Interest(rawValue: Int16(POLLOUT))
    }

    private struct Wait {
        let descriptor: Int32
        let interest: Interest
        /// `nil` for as long as it takes.
        let deadline: ContinuousClock.Instant?
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var jobs: [UnownedJob] = []
        var waits: [Wait] = []
        /// The thread looks here again before it sleeps, or has been told to.
        var isAwake = true
    }

    private let state = Mutex(State())
    private let pipe: WakePipe

    private static let only: PollingThread? = PollingThread()

    /// `nil` where the process has no descriptor or no thread left for it.
    static var shared: PollingThread? { self.only }

    private init?() {
        guard let pipe = WakePipe() else { return nil }
        self.pipe = pipe
        guard BlockingThread.start({ self.run() }) else { return nil }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.wake { state in state.jobs.append(job) }
    }

    /// Whether the socket became ready (or broke) before the deadline.
    nonisolated(nonsending) func wait(
        for interest: Interest, on descriptor: Int32, until deadline: ContinuousClock.Instant?
    ) async -> Bool {
        await withCheckedContinuation { continuation in
            let wait = Wait(
                descriptor: descriptor, interest: interest, deadline: deadline, continuation: continuation)
            self.wake { state in state.waits.append(wait) }
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let wasAwake = self.state.withLock { state in
            change(&state)
            defer { state.isAwake = true }
            return state.isAwake
        }
        if !wasAwake { self.pipe.wake() }
    }

    private func run() {
        let executor = self.asUnownedSerialExecutor()
        while true {
            let (jobs, waits) = self.state.withLock { state in
                defer { state.jobs.removeAll(keepingCapacity: true) }
                state.isAwake = !state.jobs.isEmpty
                return (state.jobs, state.waits)
            }
            for job in jobs { job.runSynchronously(on: executor) }
            if jobs.isEmpty { self.sleep(waits) }
        }
    }

    /// Sleeps until a socket is ready, a deadline has come, or there is something new to do.
    private func sleep(_ waits: [Wait]) {
        var sockets = [pollfd(fd: self.pipe.reading, events: Int16(POLLIN), revents: 0)]
        sockets += waits.map { pollfd(fd: $0.descriptor, events: $0.interest.rawValue, revents: 0) }
        let ready = poll(&sockets, nfds_t(sockets.count), self.milliseconds(until: waits.compactMap(\.deadline).min()))
        if ready > 0, sockets[0].revents != 0 { self.pipe.drain() }
        let events = ready > 0 ? sockets.dropFirst().map(\.revents) : waits.map { _ in 0 }
        self.finish(waits.count, events, at: .now)
    }

    /// Ends those of the oldest `count` waits that are over. Newer ones came while the thread slept.
    private func finish(_ count: Int, _ events: [Int16], at now: ContinuousClock.Instant) {
        var over: [(Wait, Bool)] = []
        self.state.withLock { state in
            var left: [Wait] = []
            for (wait, event) in zip(state.waits.prefix(count), events) {
                let isLate = wait.deadline.map { $0 <= now } ?? false
                if event != 0 || isLate { over.append((wait, event != 0)) } else { left.append(wait) }
            }
            state.waits.replaceSubrange(..<count, with: left)
        }
        for (wait, isReady) in over { wait.continuation.resume(returning: isReady) }
    }

    /// Rounded up, so that the thread does not wake shortly before the deadline; -1 for no end.
    private func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
        guard let deadline else { return -1 }
        let left = max(Duration.zero, ContinuousClock.now.duration(to: deadline))
        return Int32(clamping: Int64((left / .milliseconds(1)).rounded(.up)))
    }
}
