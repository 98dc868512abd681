// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
package import HibikiWire
import NIOCore
import Synchronization

/// A page of a list of connections.
package struct ConnectionPage: Sendable {
    /// In the order of their ids.
    package var records: [ConnectionRecord]
    /// Whether others come behind the last of them.
    package var hasMore: Bool
}

/// What is connected, and how to end it. All of it looks at one event loop after the other, and at some of a loop's connections in
/// each of its turns.
extension FrontDoor {
    private var loops: [NIOLoopBound<TransportLoop>] { self.state.withLock { $0.loops } }

    /// Connections, in the order of their ids.
    ///
    /// - Parameter after: where the page before has ended.
    package func connections(
        matching filter: ConnectionFilter, after: ConnectionID? = nil, limit: Int
    ) async -> ConnectionPage {
        var page = ConnectionPage(records: [], hasMore: false)
        for (number, loop) in self.loops.enumerated() where number >= after?.loop ?? 0 {
            let first = after.flatMap { $0.loop == number ? $0.number : nil } ?? 0
            let selection = RecordSelection(filter, after: first, limit: limit - page.records.count)
            await loop.visit {
                selection.record(of: $0, at: .now())
            } take: {
                selection.add($0)
            }
            let found = selection.page()
            page.records += found.records
            guard !found.hasMore else {
                page.hasMore = true
                break
            }
        }
        return page
    }

    /// `nil` for an id that no connection has any more.
    package func connection(_ id: ConnectionID) async -> ConnectionRecord? {
        await self.first(id) { $0.record(at: .now()) }
    }

    /// Ends a connection in the way of its transport.
    ///
    /// - Returns: whether it was there, and did not end already.
    package func dismiss(_ id: ConnectionID, _ dismissal: Dismissal) async -> Bool {
        await self.first(id) { connection in
            guard let record = connection.record(at: .now()), record.transport != .closing else { return false }
            connection.dismiss(dismissal)
            return true
        } ?? false
    }

    /// The same for those that are meant.
    ///
    /// - Returns: how many they were.
    package func dismiss(
        where isMeant: @escaping @Sendable (ConnectionRecord) -> Bool, _ dismissal: Dismissal
    ) async -> Int {
        await self.count { connection in
            guard let record = connection.record(at: .now()), record.transport != .closing, isMeant(record) else {
                return nil
            }
            connection.dismiss(dismissal)
            return true
        }
    }

    /// Takes connections out of a topic, and tells their clients. A poll that waits is answered: the next is a request of its own.
    ///
    /// - Returns: how many followed it.
    package func unsubscribe(
        where isMeant: @escaping @Sendable (ConnectionRecord) -> Bool, from topic: Topic
    ) async -> Int {
        await self.count { connection in
            guard let record = connection.record(at: .now()), isMeant(record), connection.unsubscribe(from: topic)
            else { return nil }
            return true
        }
    }

    /// The connections that are somebody's as long as they last: WebSockets of the native protocol, and event streams.
    package func devices() async -> [ExactString: Set<PresenceDevice>] {
        var found: [ExactString: Set<PresenceDevice>] = [:]
        for loop in self.loops {
            await loop.visit { connection -> (String, PresenceDevice)? in
                guard let record = connection.record(at: .now()), record.sockets.isEmpty,
                    record.transport == .webSocket || record.transport == .eventStream
                else { return nil }
                return record.principal.map { ($0, .connection(record.id.bits)) }
            } take: { answers in
                for (principal, device) in answers { found[ExactString(principal), default: []].insert(device) }
                return true
            }
        }
        return found
    }

    private func count(_ ask: @escaping @Sendable (Connection) -> Bool?) async -> Int {
        var count = 0
        for loop in self.loops {
            await loop.visit(ask) { answers in
                count += answers.count
                return true
            }
        }
        return count
    }

    private func first<Answer: Sendable>(
        _ id: ConnectionID, _ ask: @escaping @Sendable (Connection) -> Answer?
    ) async -> Answer? {
        let loops = self.loops
        guard loops.indices.contains(id.loop) else { return nil }
        var answer: Answer?
        await loops[id.loop].visit {
            $0.id == id ? ask($0) : nil
        } take: { answers in
            answer = answers.first
            return answer == nil
        }
        return answer
    }
}

extension Connection {
    /// Ends in the way of what it speaks.
    fileprivate func dismiss(_ dismissal: Dismissal) {
        self.life.ends(by: .server)
        self.role.dismiss(dismissal, on: self)
        self.flushNow()
    }

    fileprivate func unsubscribe(from topic: Topic) -> Bool {
        defer { self.flushNow() }
        return self.role.unsubscribe(from: topic, on: self)
    }
}

/// The first records of one event loop that are wanted. It keeps a page of them, however many there are: whoever cannot be among
/// them any more is not even described.
private final class RecordSelection: Sendable {
    private struct State {
        var found: [ConnectionRecord] = []
        /// None behind this one is among the first.
        var last: UInt64 = .max
    }

    private let filter: ConnectionFilter
    private let after: UInt64
    private let limit: Int
    private let state = Mutex(State())

    init(_ filter: ConnectionFilter, after: UInt64, limit: Int) {
        self.filter = filter
        self.after = after
        self.limit = max(0, limit)
    }

    func record(of connection: Connection, at now: NIODeadline) -> ConnectionRecord? {
        let number = connection.id.number
        guard number > self.after, number < self.state.withLock({ $0.last }) else { return nil }
        return connection.record(at: now).flatMap { self.filter.matches($0) ? $0 : nil }
    }

    func add(_ records: [ConnectionRecord]) -> Bool {
        self.state.withLock { state in
            state.found += records
            guard state.found.count > self.limit + 1 else { return true }
            state.found.sort { $0.id.number < $1.id.number }
            state.found.removeLast(state.found.count - self.limit - 1)
            state.last = state.found.last?.id.number ?? .max
            return true
        }
    }

    func page() -> ConnectionPage {
        let found = self.state.withLock { $0.found.sorted { $0.id.number < $1.id.number } }
        return ConnectionPage(records: Array(found.prefix(self.limit)), hasMore: found.count > self.limit)
    }
}
