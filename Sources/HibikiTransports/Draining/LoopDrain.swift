// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import NIOCore

/// The drain of one event loop: tells its connections batch after batch. Bound to its event loop.
final class LoopDrain {
    private let plan: DrainPlan
    private let loopNumber: Int
    private let loops: Int
    private let connections: [Connection]
    private let began: NIODeadline

    /// The connections of a loop stand together by what they speak, and those of one kind round the times that they are told in
    /// the same way. So they are mixed first.
    init(
        _ plan: DrainPlan, loop: TransportLoop, of loops: Int, at now: NIODeadline,
        using generator: inout some RandomNumberGenerator
    ) {
        self.plan = plan
        self.loopNumber = loop.members.number
        self.loops = loops
        self.connections = loop.connections.shuffled(using: &generator)
        self.began = now
    }

    /// Tells the connections of a batch.
    func tell(batch: Int, at now: NIODeadline) {
        for index in self.plan.part(ofBatch: batch, of: self.connections.count) {
            self.connections[index].shutDown(self.farewell(index, at: now))
        }
    }

    /// Tells those that came while the port was being closed. To be called after the last batch.
    func tellRest(of loop: TransportLoop, at now: NIODeadline) {
        for connection in loop.connections where !connection.isLeaving {
            connection.shutDown(self.farewell(self.connections.count, at: now))
        }
    }

    private func farewell(_ index: Int, at now: NIODeadline) -> Farewell {
        let rank = self.plan.rank(
            of: index, among: self.connections.count, onLoop: self.loopNumber, of: self.loops)
        return self.plan.farewell(ofRank: rank, at: .nanoseconds((now - self.began).nanoseconds))
    }
}

@available(*, unavailable)
extension LoopDrain: Sendable {}
