// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// When each connection is told that the server stops, and when it is asked to come back.
///
/// Connections have ranks, from 0. They leave in batches over ``spread``, and come back one after the other at the rate that
/// the plan was made for, beginning ``reconnectDelay`` after the last batch: for that long, whoever takes over has time to start.
///
/// ```swift
/// let plan = DrainPlan(connections: 1_800, within: .seconds(30), reconnectDelay: .seconds(5), reconnectsPerSecond: 1_000)
/// plan.spread                                                  // 2 seconds, in 21 batches
/// plan.farewell(ofRank: 0, at: .zero).reconnectDelay           // 7 seconds
/// plan.farewell(ofRank: 1_799, at: plan.spread).reconnectDelay // 6.999 seconds
/// ```
public struct DrainPlan: Hashable, Sendable {
    /// The time from one batch to the next.
    static let interval = Duration.milliseconds(100)

    public let connections: Int
    /// From the first batch to the last: as long as the connections need to come back, but at most half of the drain time,
    /// because those of the last batch have to finish too.
    public let spread: Duration
    public let reconnectDelay: Duration
    /// From one that comes back to the next.
    private let pace: Duration

    /// - Parameters:
    ///   - connections: how many are open.
    ///   - drain: until when all of them have to be gone.
    ///   - reconnectsPerSecond: at least 1. The plan stays a tenth below, because delays are rounded and clocks differ.
    public init(connections: Int, within drain: Duration, reconnectDelay: Duration, reconnectsPerSecond: Int) {
        self.connections = max(1, connections)
        self.reconnectDelay = max(.zero, reconnectDelay)
        self.pace = .milliseconds(1_000) * 10 / 9 / max(1, reconnectsPerSecond)
        self.spread = min(max(.zero, drain) / 2, self.pace * self.connections)
    }

    /// At least one.
    public var batches: Int { 1 + Int(self.spread / Self.interval) }

    /// When a batch is told, from the beginning of the drain.
    func start(ofBatch batch: Int) -> Duration { Self.interval * batch }

    /// The part of `count` connections that a batch tells.
    func part(ofBatch batch: Int, of count: Int) -> Range<Int> {
        let batches = self.batches
        return (count * batch / batches)..<(count * (batch + 1) / batches)
    }

    /// The rank of a connection among all, from its place among those of its event loop.
    func rank(of index: Int, among count: Int, onLoop loop: Int, of loops: Int) -> Int {
        let places = max(1, count * loops)
        return min(self.connections - 1, (index * loops + loop) * self.connections / places)
    }

    /// What a client is told that no batch has told.
    package var lastFarewell: Farewell { self.farewell(ofRank: self.connections, at: self.spread) }

    /// What the connection of a rank is told.
    ///
    /// - Parameter elapsed: since the drain began.
    package func farewell(ofRank rank: Int, at elapsed: Duration) -> Farewell {
        let turn = self.pace * max(0, rank)
        return Farewell(reconnectDelay: max(self.reconnectDelay, self.spread + self.reconnectDelay + turn - elapsed))
    }
}
