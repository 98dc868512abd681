// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import HibikiSQL
internal import Logging
internal import Synchronization

/// The connections of one database.
final class PostgresPool: Sendable {
    typealias Lease = PoolState<PostgresConnection>.Lease
    private typealias State = PoolState<PostgresConnection>

    /// How long an idle connection may take to answer, which has nothing to think about.
    private static let idleAnswerLimit: Duration = .seconds(2)

    private let configuration: PostgresDatabase.Configuration
    private let connecting: PostgresConnecting
    private let logger: Logger
    private let state: Mutex<State>
    private let ids = Atomic<UInt64>(0)
    private let isKept = Atomic(false)

    init(_ configuration: PostgresDatabase.Configuration, logger: Logger) {
        self.configuration = configuration
        self.connecting = PostgresConnecting(
            connectionString: configuration.connectionString, timeLimit: configuration.connectTimeLimit)
        self.logger = logger
        self.state = Mutex(PoolState(limit: configuration.connections, waitingLimit: configuration.waiting))
    }

    var load: PostgresDatabase.Load {
        self.state.withLock { state in
            PostgresDatabase.Load(
                open: state.idle.count + state.leased, leased: state.leased, waiting: state.waiters.count)
        }
    }

    /// A connection for the caller alone, until it is released. Waits within the limits of the configuration.
    func lease() async throws(SQLError) -> Lease {
        let id = self.ids.add(1, ordering: .relaxed).newValue
        let deadline = ContinuousClock.now + self.configuration.waitLimit
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiter = State.Waiter(id: id, deadline: deadline) { continuation.resume(returning: $0) }
                self.perform(self.state.withLock { $0.ask(waiter) })
                // A cancellation before it waited found nobody.
                if Task.isCancelled { self.cancel(id) }
            }
        } onCancel: {
            self.cancel(id)
        }
        return try answer.get()
    }

    func release(_ connection: PostgresConnection) {
        // One whose transaction could not be ended would let the next call fail.
        let isLost = connection.isLost || connection.isInTransaction
        if isLost { self.logger.warning("A connection to PostgreSQL was lost.") }
        self.perform(self.state.withLock { $0.giveBack(connection, isLost: isLost, at: .now) })
    }

    /// Refuses all who wait, and returns when all connections are given back and closed.
    func close() async {
        await withCheckedContinuation { continuation in
            self.perform(self.state.withLock { $0.close { continuation.resume() } })
        }
    }

    private func cancel(_ id: UInt64) {
        self.perform(self.state.withLock { $0.cancel(id) })
    }

    private func perform(_ actions: State.Actions) {
        for (waiter, answer) in actions.answers { waiter.answer(answer) }
        for _ in 0..<actions.openings { Task { await self.open() } }
        if actions.watch { Task { await self.watch() } }
        for drained in self.state.withLock({ $0.takeDrained() }) { drained() }
    }

    /// Opens one connection, or tries again until it can, or nobody wants it any more.
    private func open() async {
        while true {
            do throws(PostgresFailure) {
                let connection = try await self.connect()
                self.perform(self.state.withLock { $0.opened(connection, at: .now) })
                return self.keep()
            } catch {
                self.logger.warning("PostgreSQL cannot be reached: \(error.message)")
                let (actions, goesOn) = self.state.withLock { state in
                    state.failed(SQLError(error), isPermanent: error.isPermanent)
                }
                self.perform(actions)
                guard goesOn else { return }
                let pause = self.state.withLock(\.pause)
                try? await Task.sleep(for: pause * Double.random(in: 0.5...1))
            }
        }
    }

    private func connect() async throws(PostgresFailure) -> PostgresConnection {
        guard let thread = PollingThread.shared else {
            throw PostgresFailure(.connection, "the system has no thread or descriptor left")
        }
        let handle = try await self.connecting.open()
        let connection = PostgresConnection(handle, on: thread, configuration: self.configuration)
        _ = try await connection.run(SessionSettings.statements(timeLimit: self.configuration.statementTimeLimit))
        return connection
    }

    /// Refuses those who wait for too long, while somebody waits.
    private func watch() async {
        while true {
            let (actions, next) = self.state.withLock { $0.expire(at: .now) }
            self.perform(actions)
            guard let next else { return }
            try? await Task.sleep(until: next, clock: .continuous)
        }
    }

    /// Starts, once, to try the connections that nobody uses: a server or a router that is gone is then noticed before a
    /// call needs the connection.
    private func keep() {
        guard !self.isKept.exchange(true, ordering: .relaxed) else { return }
        Task { [weak self, interval = self.configuration.idleCheckInterval] in
            while let isClosed = self?.state.withLock(\.isClosed), !isClosed {
                await self?.tryIdle(since: .now - interval)
                try? await Task.sleep(for: interval / 2)
            }
        }
    }

    private func tryIdle(since: ContinuousClock.Instant) async {
        await withTaskGroup { group in
            for connection in self.state.withLock({ $0.takeIdle(since: since) }) {
                group.addTask {
                    _ = try? await connection.run([SessionSettings.question], silence: Self.idleAnswerLimit)
                    self.release(connection)
                }
            }
        }
    }
}
