// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import HibikiSQL

/// Who has a connection, who waits for one, and how many are being opened. A value; ``PostgresPool`` does what it says.
struct PoolState<Connection: Sendable> {
    struct Lease {
        let connection: Connection
        /// Nobody had used it for a while, so that it may have been lost without anybody noticing.
        let wasIdle: Bool
    }

    typealias Answer = Result<Lease, SQLError>

    struct Waiter {
        let id: UInt64
        let deadline: ContinuousClock.Instant
        let answer: @Sendable (Answer) -> Void
    }

    /// What to tell whom. Carried out when the lock is released.
    struct Actions {
        var answers: [(waiter: Waiter, answer: Answer)] = []
        /// How many connections to open.
        var openings = 0
        /// Waiters are there, and nobody watches their deadlines yet.
        var watch = false
        /// What is to be closed, outside of the lock.
        var dropped: [Connection] = []
    }

    /// The longest pause between two tries to open a connection.
    private static var longestPause: Duration { .seconds(1) }
    private static var firstPause: Duration { .milliseconds(50) }

    private let limit: Int
    private let waitingLimit: Int
    /// The one that was used last is used next, so that those too many become idle.
    private(set) var idle: [(connection: Connection, since: ContinuousClock.Instant)] = []
    private(set) var leased = 0
    private(set) var opening = 0
    private(set) var waiters: [Waiter] = []
    private(set) var isClosed = false
    private var isWatched = false
    /// Called once all connections are given back, after the end.
    private var drained: [@Sendable () -> Void] = []
    /// Why no connection could be opened, since one could last.
    private(set) var trouble: SQLError?
    private(set) var pause: Duration = .zero

    init(limit: Int, waitingLimit: Int) {
        self.limit = max(1, limit)
        self.waitingLimit = waitingLimit
    }

    static var closed: SQLError { SQLError(.closed, "the database was closed") }

    mutating func ask(_ waiter: Waiter) -> Actions {
        guard !self.isClosed else { return Actions(answers: [(waiter, .failure(Self.closed))]) }
        if let idle = self.idle.popLast() {
            self.leased += 1
            return Actions(answers: [(waiter, .success(Lease(connection: idle.connection, wasIdle: true)))])
        }
        guard self.waiters.count < self.waitingLimit else {
            let words = "\(self.waitingLimit) calls wait for a connection already"
            return Actions(answers: [(waiter, .failure(SQLError(.overloaded, words)))])
        }
        self.waiters.append(waiter)
        defer { self.isWatched = true }
        return Actions(openings: self.open(), watch: !self.isWatched)
    }

    /// A connection is given back. One that was lost makes room for another, and takes the idle ones with it: whatever ended
    /// it, a restart above all, has most likely ended them as well, and the next call would have to find that out.
    mutating func giveBack(_ connection: Connection, isLost: Bool, at now: ContinuousClock.Instant) -> Actions {
        self.leased -= 1
        guard !self.isClosed else { return Actions() }
        guard isLost else { return self.offer(connection, at: now) }
        let dropped = self.idle.map(\.connection)
        self.idle = []
        return Actions(openings: self.open(), dropped: dropped)
    }

    /// A connection was opened.
    mutating func opened(_ connection: Connection, at now: ContinuousClock.Instant) -> Actions {
        self.opening -= 1
        self.trouble = nil
        self.pause = .zero
        return self.isClosed ? Actions() : self.offer(connection, at: now)
    }

    /// A connection could not be opened. Whether the one who tried tries again, after ``pause``: one at a time does, for
    /// as long as somebody waits.
    mutating func failed(_ error: SQLError, isPermanent: Bool) -> (actions: Actions, goesOn: Bool) {
        self.trouble = error
        self.pause = min(Self.longestPause, max(Self.firstPause, self.pause * 2))
        if isPermanent {
            self.opening -= 1
            let refused = self.waiters
            self.waiters = []
            return (Actions(answers: refused.map { ($0, .failure(error)) }), false)
        }
        let goesOn = !self.isClosed && self.opening == 1 && !self.waiters.isEmpty
        if !goesOn { self.opening -= 1 }
        return (Actions(), goesOn)
    }

    /// Refuses those who have waited for too long, and says when to come again; `nil` when nobody waits any more.
    mutating func expire(at now: ContinuousClock.Instant) -> (actions: Actions, next: ContinuousClock.Instant?) {
        let late = self.waiters.prefix { $0.deadline <= now }
        self.waiters.removeFirst(late.count)
        let isDown = self.leased == 0 && self.idle.isEmpty
        let words = "no connection became free in time: all \(self.limit) are in use"
        let error =
            isDown ? self.trouble ?? SQLError(.unavailable, "the server did not answer") : SQLError(.overloaded, words)
        if self.waiters.isEmpty { self.isWatched = false }
        return (Actions(answers: late.map { ($0, .failure(error)) }), self.waiters.first?.deadline)
    }

    mutating func cancel(_ id: UInt64) -> Actions {
        guard let index = self.waiters.firstIndex(where: { $0.id == id }) else { return Actions() }
        let error = SQLError(.busy, "the call was cancelled before it had a connection")
        return Actions(answers: [(self.waiters.remove(at: index), .failure(error))])
    }

    /// Takes the connections that were idle since then, to try them. They count as leased.
    mutating func takeIdle(since: ContinuousClock.Instant) -> [Connection] {
        let stale = self.idle.filter { $0.since <= since }.map(\.connection)
        self.idle.removeAll { $0.since <= since }
        self.leased += stale.count
        return stale
    }

    /// `drained` is called when no connection is in use any more.
    mutating func close(_ drained: @escaping @Sendable () -> Void) -> Actions {
        self.isClosed = true
        self.idle = []
        let refused = self.waiters
        self.waiters = []
        self.drained.append(drained)
        return Actions(answers: refused.map { ($0, .failure(Self.closed)) })
    }

    /// Those who wait for the end, where it has come.
    mutating func takeDrained() -> [@Sendable () -> Void] {
        guard self.isClosed, self.leased == 0 else { return [] }
        defer { self.drained = [] }
        return self.drained
    }

    private mutating func offer(_ connection: Connection, at now: ContinuousClock.Instant) -> Actions {
        guard !self.waiters.isEmpty else {
            self.idle.append((connection, now))
            return Actions()
        }
        self.leased += 1
        let waiter = self.waiters.removeFirst()
        // Others that were to be opened may have failed.
        return Actions(
            answers: [(waiter, .success(Lease(connection: connection, wasIdle: false)))], openings: self.open())
    }

    /// As many as wait, within the limit. While the server cannot be reached one is enough.
    private mutating func open() -> Int {
        let room = self.limit - self.leased - self.idle.count - self.opening
        let wanted = self.waiters.count - self.opening
        let count = max(0, min(room, self.trouble == nil ? wanted : 1 - self.opening))
        self.opening += count
        return count
    }
}
