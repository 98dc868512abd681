// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import Synchronization

extension FrontDoor {
    /// Accepts no further connection.
    public func close() async {
        try? await self.state.withLock { $0.listener }?.close().get()
    }

    /// Tells all connections that the server stops, and lets each end in its own way. Returns after the last batch, which has
    /// not ended by then.
    ///
    /// A cancelled task tells all those that are left at once.
    public func drain(_ plan: DrainPlan) async {
        let loops = self.state.withLock { $0.loops }
        let began = NIODeadline.now()
        var drains: [NIOLoopBound<LoopDrain>] = []
        for loop in loops {
            let drain = try? await loop.eventLoop.submit {
                var generator = SystemRandomNumberGenerator()
                let drain = LoopDrain(plan, loop: loop.value, of: loops.count, at: began, using: &generator)
                return NIOLoopBound(drain, eventLoop: loop.eventLoop)
            }.get()
            if let drain { drains.append(drain) }
        }
        let clock = ContinuousClock()
        let start = clock.now
        for batch in 0..<plan.batches {
            try? await Task.sleep(until: start + plan.start(ofBatch: batch), clock: clock)
            for drain in drains {
                try? await drain.eventLoop.submit { drain.value.tell(batch: batch, at: .now()) }.get()
            }
        }
        for (loop, drain) in zip(loops, drains) {
            try? await loop.onLoop { drain.value.tellRest(of: $0, at: .now()) }
        }
    }

    /// Waits until all connections are gone, or the time is over.
    public func waitForConnections(until end: ContinuousClock.Instant) async {
        // A cancelled sleep throws: whoever cancels wants it to end now.
        while self.connectionCount > 0, .now < end {
            do { try await Task.sleep(for: .milliseconds(20)) } catch { break }
        }
    }

    /// Cuts the connections that are left.
    public func cut() async {
        for loop in self.state.withLock({ $0.loops }) {
            try? await loop.onLoop { loop in
                for connection in loop.connections {
                    connection.close()
                }
            }
        }
    }

    /// Whether all event loops do what they are asked: returns when each has had a turn.
    public func answers() async {
        for loop in self.state.withLock({ $0.loops }) {
            try? await loop.onLoop { _ in }
        }
    }

    /// Does all that a stop takes: accepts nothing more, tells everybody, lets them finish, and cuts those who have not left in time.
    ///
    /// - Parameter patience: how long connections may take to end.
    public func shutDown(
        within patience: Duration, reconnectDelay: Duration = .seconds(5), reconnectsPerSecond: Int = 1_000
    ) async {
        let end = ContinuousClock.now + patience
        await self.close()
        await self.drain(
            DrainPlan(
                connections: self.connectionCount, within: patience, reconnectDelay: reconnectDelay,
                reconnectsPerSecond: reconnectsPerSecond))
        await self.waitForConnections(until: end)
        await self.cut()
    }
}

extension NIOLoopBound where Value == TransportLoop {
    func onLoop(_ body: @escaping @Sendable (TransportLoop) -> Void) async throws {
        try await self.eventLoop.submit { body(self.value) }.get()
    }
}
