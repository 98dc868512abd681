// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiOT
import HibikiTestSupport
import Testing

/// Ten clients and a server over a network that delays, reorders, loses and repeats, and connections that are cut.
/// `HIBIKI_OT_SESSIONS` sets how many sessions of each kind are played, 12 by default.
@Suite struct ConvergenceTests {
    private static let sessions =
        ProcessInfo.processInfo.environment["HIBIKI_OT_SESSIONS"].flatMap(UInt64.init) ?? 12

    private func converges<Operation: RandomOperation>(_: Operation.Type, seed: UInt64) throws {
        var session = try SimulatedSession<Operation>(seed: seed, clients: 10, edits: 600, weather: .init())
        try session.run(steps: 200_000)
        try #require(session.isQuiet)
        for peer in session.peers {
            #expect(peer.document == session.log.document)
            #expect(Operation.units(of: peer.document) == Operation.units(of: session.log.document))
        }
        // Otherwise the network was too kind for this to show anything.
        let counts = session.counts
        #expect(counts.lost > 0 && counts.repeated > 0 && counts.caughtUp > 0 && counts.rebased > 0)
        #expect(counts.undone > 0 && counts.restarted > 0 && counts.reloaded == 0)
        try self.replays(session.log)
    }

    /// The log alone makes the document, and is the same when it is stored and loaded.
    private func replays<Operation>(_ log: RevisionLog<Operation>) throws {
        let operations = try log.operations(since: log.oldestRevision)
        var ids: Set<String> = []
        for logged in operations { #expect(ids.insert(logged.id.description).inserted) }
        let loaded = try RevisionLog(log.snapshot, operations: operations)
        #expect(loaded.oldestRevision == log.oldestRevision)
        #expect(try loaded.operations(since: log.oldestRevision) == operations)
    }

    @Test(arguments: 0..<sessions) func `text converges`(_ seed: UInt64) throws {
        try self.converges(TextOperation.self, seed: 1000 + seed)
    }

    @Test(arguments: 0..<sessions) func `rich text converges`(_ seed: UInt64) throws {
        try self.converges(Delta.self, seed: 2000 + seed)
    }

    private func reloads<Operation: RandomOperation>(_: Operation.Type, seed: UInt64) throws {
        var limits = RevisionLimits()
        limits.operations = 12
        var session = try SimulatedSession<Operation>(
            seed: seed, clients: 10, edits: 600, limits: limits, weather: .init())
        try session.run(steps: 200_000)
        try #require(session.isQuiet)
        #expect(session.peers.allSatisfy { $0.document == session.log.document })
        #expect(session.counts.reloaded > 0)
    }

    @Test(arguments: 0..<sessions) func `a client that the history no longer reaches loads anew`(_ seed: UInt64) throws
    {
        try self.reloads(TextOperation.self, seed: 3000 + seed)
        try self.reloads(Delta.self, seed: 4000 + seed)
    }
}
